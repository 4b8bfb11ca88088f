"""Members of JSON columns, and texts as each database spells them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Text, case, func, literal_column, select, type_coerce
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from webapp.core.dialect.kinds import is_postgres


def json_text(column: Any, name: str) -> ColumnElement[str]:
    """Give the text of one member of a JSON object column."""
    return column[name].as_string()  # type: ignore[no-any-return]


def json_holds(
    session: Session, column: Any, name: str, value: str | float | bool
) -> ColumnElement[bool]:
    """Give the condition "this member of a JSON object column is exactly `value`".

    Containment on PostgreSQL, which a GIN index serves.
    """
    if is_postgres(session):
        return type_coerce(column, JSONB).contains({name: value})
    return _extracted(column, name) == value


def json_list_has(session: Session, column: Any, name: str, value: int) -> ColumnElement[bool]:
    """Give the condition "this member of a JSON object column is a list with `value` in it"."""
    if is_postgres(session):
        return type_coerce(column, JSONB).contains({name: [value]})
    items = func.json_each(column, _path(name)).table_valued("value", name="items")
    return select(literal_column("1")).select_from(items).where(items.c.value == value).exists()


def json_number(session: Session, column: Any, name: str) -> ColumnElement[float]:
    """Give one member of a JSON object column as a number, NULL where it is none.

    Its type is asked first, so that a text that happens to stand there is never cast.
    """
    if is_postgres(session):
        member = type_coerce(column, JSONB)[name]
        return case((func.jsonb_typeof(member) == "number", member.as_float()), else_=None)
    kind = func.json_type(column, _path(name))
    return case((kind.in_(("integer", "real")), _extracted(column, name)), else_=None)


def json_shown(
    session: Session, column: Any, name: str, *, yes: str, no: str
) -> ColumnElement[str | None]:
    """Give one member of a JSON object column as a text to read; NULL where there is none.

    A number is written as it is kept, true and false are `yes` and `no`.
    """
    if is_postgres(session):
        member = type_coerce(column, JSONB)[name]
        truth = case((member.as_string() == "true", yes), else_=no)
        return case((func.jsonb_typeof(member) == "boolean", truth), else_=member.as_string())
    kind = func.json_type(column, _path(name))
    # As JSON: as SQLite's own real it would lose digits.
    number = type_coerce(column, Text).op("->")(_path(name))
    return case(
        (kind == "true", yes),
        (kind == "false", no),
        (kind.in_(("integer", "real")), number),
        else_=_extracted(column, name),
    )


def _extracted(column: Any, name: str) -> ColumnElement[Any]:
    return func.json_extract(column, _path(name))


def _path(name: str) -> str:
    """Give SQLite's path of a member; a quote would end it early, and no such member exists."""
    return '$."{}"'.format(name.replace('"', ""))


def hex_of(session: Session, column: ColumnElement[bytes]) -> ColumnElement[str]:
    """Give bytes as text, two digits a byte, a to f small."""
    if is_postgres(session):
        return func.encode(column, "hex")
    return func.lower(func.hex(column))


def ascii_lower(session: Session, text: ColumnElement[str]) -> ColumnElement[str]:
    """Give a text with A to Z in lower case, and all else as it is, whatever the locale."""
    return func.lower(text.collate("C")) if is_postgres(session) else func.lower(text)
