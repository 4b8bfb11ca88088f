"""What is asked of an attribute: as a condition of a contact's row, and as facts of the index."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import ColumnElement, FromClause, or_
from sqlalchemy.orm import Session

from webapp.contacts.attributes import Definition, Kind, Value, kind_of, read_value
from webapp.contacts.filters import ATTRIBUTE, AttributeFilter
from webapp.core.dialect import ascii_lower, json_holds, json_number, json_text
from webapp.core.errors import Invalid

Condition = ColumnElement[bool]

_LOWER = {capital: capital + 32 for capital in range(ord("A"), ord("Z") + 1)}
MOST_DIGITS = 15  # of a fraction that both databases write as Python does
MOST_DAYS = 62  # of a range of dates that is looked up day by day


def attribute_conditions(
    session: Session, asked: AttributeFilter, definition: Definition, of: FromClause
) -> Iterator[Condition]:
    """Give what must hold of a row of `of`.

    Raises Invalid for a value of another kind, and for a range of what has none.

    A text is compared without the case of A to Z, and as it may have been written with capitals.
    """
    kind = kind_of(definition.kind)
    if asked.values:
        yield or_(*(_equals(session, definition, kind, text, of) for text in asked.values))
    for text, least in ((asked.least, True), (asked.most, False)):
        if text and not kind.ranged:
            name = f"{ATTRIBUTE}{definition.name}"
            raise Invalid(f"“{definition.label}” has no range to ask for.", field=name)
        if text:
            yield _bound(session, definition, kind, text, of, least=least)


def attribute_is_set(definition: Definition, of: FromClause) -> Condition:
    """Give the condition that a row of `of` has a value of this attribute; it is never NULL."""
    return json_text(of.c.attributes, definition.name).is_not(None)


def attribute_contains(
    session: Session, definition: Definition, text: str, of: FromClause, *, begins: bool
) -> Condition:
    """Give the condition that a text attribute holds a text, or `begins` with it.

    Compared without the case of A to Z; `%` and `_` stand for themselves.
    """
    value, wanted = ascii_lower(session, json_text(of.c.attributes, definition.name)), _lower(text)
    if begins:
        return value.startswith(wanted, autoescape=True)
    return value.contains(wanted, autoescape=True)


def attribute_facts(asked: AttributeFilter, definition: Definition) -> list[list[str]] | None:
    """Give the facts of which one of each group holds; None where the index knows none of it."""
    kind = kind_of(definition.kind)
    found: list[list[str]] = []
    if asked.values:
        said = [_said(definition, kind, text) for text in asked.values]
        if None in said:
            return None
        found.append([fact for facts in said if facts for fact in facts])
    elif kind is Kind.DATE and asked.least and asked.most:
        days = _days(definition, asked)
        if len(days) > MOST_DAYS:
            return None
        # A range that ends before it begins holds no day: nobody says what is asked for then.
        found.append(
            [_fact(definition.name, day.isoformat()) for day in days]
            or [_fact(definition.name, "")]
        )
    return found or None


def _equals(
    session: Session, definition: Definition, kind: Kind, text: str, of: FromClause
) -> Condition:
    if kind is Kind.CHOICE:
        return json_text(of.c.attributes, definition.name) == text
    if kind is Kind.TEXT:
        return ascii_lower(session, json_text(of.c.attributes, definition.name)).in_(_cases(text))
    value = _read(definition, kind, text)
    return json_holds(session, of.c.attributes, definition.name, value)


def _bound(
    session: Session,
    definition: Definition,
    kind: Kind,
    text: str,
    of: FromClause,
    *,
    least: bool,
) -> Condition:
    value = _read(definition, kind, text)
    if kind is Kind.NUMBER:
        number = json_number(session, of.c.attributes, definition.name)
        return number >= value if least else number <= value
    day = json_text(of.c.attributes, definition.name)
    return day >= value if least else day <= value


def _said(definition: Definition, kind: Kind, text: str) -> list[str] | None:
    """Give the facts that say a value; None where the index may write it otherwise."""
    if kind is Kind.TEXT:
        return [_fact(definition.name, written) for written in _cases(text)]
    value = text if kind is Kind.CHOICE else _read(definition, kind, text)
    said = str(value).lower() if isinstance(value, bool) else str(value)
    if isinstance(value, float) and ("e" in said or len(said) > MOST_DIGITS):
        return None
    return [_fact(definition.name, said)]


def _days(definition: Definition, asked: AttributeFilter) -> list[date]:
    first, last = (
        date.fromisoformat(str(_read(definition, Kind.DATE, text)))
        for text in (asked.least, asked.most)
    )
    return [first + timedelta(days=n) for n in range(min((last - first).days, MOST_DAYS) + 1)]


def _cases(text: str) -> list[str]:
    """Give how a text may be written, A to Z in lower case; the databases agree on no more."""
    written = (text, text.lower(), text.upper(), text.capitalize(), text.title())
    return list(dict.fromkeys(map(_lower, written)))


def _lower(text: str) -> str:
    """Give a text with A to Z in lower case."""
    return text.translate(_LOWER)


def _fact(name: str, value: str) -> str:
    return _lower(f"{name}={value}")


def _read(definition: Definition, kind: Kind, text: str) -> str | float | bool:
    try:
        value: Value = read_value(kind, text, label=definition.label)
    except Invalid as error:
        raise Invalid(error.message, field=f"{ATTRIBUTE}{definition.name}") from None
    assert value is not None, "an empty value is no filter"
    return value
