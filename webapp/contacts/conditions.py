"""The audience's filters as conditions of a query over contacts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, or_, select

from webapp.contacts.attributes import Kind, kind_of, read_value
from webapp.contacts.filters import ATTRIBUTE, AttributeFilter, Filters
from webapp.contacts.folding import fold_name
from webapp.contacts.models import AttributeDefinition, Contact, ContactTag, Tag
from webapp.contacts.rules import WHATSAPP_ID
from webapp.contacts.tags import fold_tag
from webapp.core.db import db
from webapp.core.dialect import json_holds, json_number, json_text
from webapp.core.errors import Invalid

Condition = ColumnElement[bool]

# Digits as people write a number; nothing else may stand in a search for one.
NUMBER = re.compile(r"[\d\s()+./-]*\d[\d\s()+./-]*")
MIN_DIGITS = 3
MAX_WORDS = 6


def conditions(
    filters: Filters, zone: ZoneInfo, known: Sequence[AttributeDefinition]
) -> list[Condition]:
    """Give what must hold of a contact, dates read in `zone`, attributes by their definitions.

    Raises Invalid (field `attr.NAME`) for an attribute that is not defined or a value that is
    none of its kind.
    """
    channel = filters.channel
    found: list[Condition] = []
    if filters.state:
        found.append(getattr(Contact, f"{channel}_state") == filters.state)
    if filters.source:
        found.append(getattr(Contact, f"{channel}_source") == filters.source)
    since, until = filters.days.moments(zone)
    changed_at = getattr(Contact, f"{channel}_changed_at")
    if since:
        found.append(changed_at >= since)
    if until:
        found.append(changed_at < until)
    if filters.ids:
        found.append(Contact.id.in_(filters.ids))
    found += [_tagged(tag) for tag in filters.tags]
    found += _search(filters.search)
    by_name = {definition.name: definition for definition in known}
    for asked in filters.attributes:
        if asked.name not in by_name:
            raise Invalid(
                f"There is no attribute called “{asked.name[:64]}”.",
                field=f"{ATTRIBUTE}{asked.name}",
            )
        found += _attribute(asked, by_name[asked.name])
    return found


def _tagged(name: str) -> Condition:
    tag = select(Tag.id).where(Tag.folded == fold_tag(name)).scalar_subquery()
    return Contact.id.in_(select(ContactTag.contact_id).where(ContactTag.tag_id == tag))


def _search(text: str) -> Iterator[Condition]:
    """Match a number by its digits wherever they stand; else every word in name, email or number.

    The zeros before a national number are not part of its international form.
    """
    if NUMBER.fullmatch(text):
        digits = re.sub(r"\D", "", text)
        if len(digits) >= MIN_DIGITS:
            yield Contact.phone.contains(digits.lstrip("0") or digits, autoescape=True)
            return
    if WHATSAPP_ID.fullmatch(text):
        yield Contact.whatsapp_id == text
        return
    for word in text.split()[:MAX_WORDS]:
        places: list[Condition] = [
            Contact.name_folded.contains(fold_name(word), autoescape=True),
            Contact.email.contains(word.casefold(), autoescape=True),
        ]
        digits = word.lstrip("+0")
        if digits.isdecimal() and len(digits) >= MIN_DIGITS:
            places.append(Contact.phone.contains(digits, autoescape=True))
        yield or_(*places)


def _attribute(asked: AttributeFilter, definition: AttributeDefinition) -> Iterator[Condition]:
    kind = kind_of(definition.kind)
    if asked.values:
        yield or_(*(_equals(definition, kind, text) for text in asked.values))
    for text, least in ((asked.least, True), (asked.most, False)):
        if text and kind.ranged:
            yield _bound(definition, kind, text, least=least)


def _equals(definition: AttributeDefinition, kind: Kind, text: str) -> Condition:
    if kind in (Kind.TEXT, Kind.CHOICE):
        column = json_text(Contact.attributes, definition.name)
        return func.lower(column) == text.lower() if kind is Kind.TEXT else column == text
    value = _read(definition, kind, text)
    return json_holds(db.session(), Contact.attributes, definition.name, value)


def _bound(definition: AttributeDefinition, kind: Kind, text: str, *, least: bool) -> Condition:
    value = _read(definition, kind, text)
    if kind is Kind.NUMBER:
        number = json_number(db.session(), Contact.attributes, definition.name)
        return number >= value if least else number <= value
    day = json_text(Contact.attributes, definition.name)
    return day >= value if least else day <= value


def _read(definition: AttributeDefinition, kind: Kind, text: str) -> str | float | bool:
    try:
        value = read_value(kind, text, label=definition.label)
    except Invalid as error:
        raise Invalid(error.message, field=f"{ATTRIBUTE}{definition.name}") from None
    assert value is not None, "an empty value is no filter"
    return value
