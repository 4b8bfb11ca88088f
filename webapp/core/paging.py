"""Keyset pages: an opaque cursor for a place in a sorted list, and the rows beyond it.

A page costs the same wherever it lies, since it starts from the last row's values, not from a
count of rows to skip. A cursor is not signed: its values only ever become bound parameters, and
whoever may read the list may read it from any place.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, SQLColumnExpression, literal, tuple_

from webapp.core.errors import Invalid

Value = str | int | bytes | datetime | None
Row = TypeVar("Row")

PAGE_SIZE = 50
MAX_LENGTH = 2000


@dataclass(frozen=True)
class Cursor:
    """A place in a list: the sort it belongs to, the sort values of a row there, and a direction.

    `backwards` asks for the rows before the place.
    """

    sort: str
    values: tuple[Value, ...]
    backwards: bool = False

    def encode(self) -> str:
        """Give the text that stands in an address."""
        content = [self.sort, int(self.backwards), *map(_plain, self.values)]
        packed = json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()
        return base64.urlsafe_b64encode(packed).decode().rstrip("=")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows of a list in its order, and the cursors of the pages around them."""

    items: list[Row]
    next_cursor: str | None = None
    previous_cursor: str | None = None


def decode(text: str | None, sort: str, kinds: Sequence[type]) -> Cursor | None:
    """Read a cursor of `sort`, whose values are of `kinds` (or None); None for an empty text.

    Raises Invalid for anything that `Cursor.encode` did not write for this sort.
    """
    if not text:
        return None
    try:
        if len(text) > MAX_LENGTH:
            raise ValueError
        packed = base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
        found, backwards, *values = json.loads(packed)
        cursor = Cursor(found, tuple(map(_rich, values)), bool(backwards))
        _check(cursor, sort, kinds)
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        raise Invalid(
            "That place in the list is not known. Start from its first page.", field="cursor"
        ) from None
    return cursor


def beyond(
    columns: Sequence[SQLColumnExpression[Any]], values: Sequence[Value], *, descending: bool
) -> ColumnElement[bool]:
    """Give the condition "comes after these values", compared as one row so that an index serves.

    None of `columns` may be NULL in the rows that it is asked of.
    """
    here: Any = tuple_(*columns)
    pairs: Any = zip(columns, values, strict=True)
    there = tuple_(*(literal(value, column.type) for column, value in pairs))
    condition: ColumnElement[bool] = here < there if descending else here > there
    return condition


def cut(
    rows: Sequence[Row],
    sort: str,
    cursor: Cursor | None,
    place: Callable[[Row], tuple[Value, ...]],
    limit: int = PAGE_SIZE,
) -> Page[Row]:
    """Make a page of at most `limit` rows out of up to one more, read from `cursor` on.

    `rows` come in the order of reading: reversed where the cursor goes backwards.
    """
    more, items = len(rows) > limit, list(rows[:limit])
    backwards = cursor is not None and cursor.backwards
    if backwards:
        items.reverse()
    if not items:
        return Page([])
    ahead, behind = (True, more) if backwards else (more, cursor is not None)
    return Page(
        items,
        Cursor(sort, place(items[-1])).encode() if ahead else None,
        Cursor(sort, place(items[0]), backwards=True).encode() if behind else None,
    )


def _plain(value: Value) -> Any:
    if isinstance(value, datetime):
        return {"t": value.astimezone(UTC).isoformat()}
    return {"b": value.hex()} if isinstance(value, bytes) else value


def _rich(value: Any) -> Value:
    if isinstance(value, dict):
        if "t" in value:
            return _moment(datetime.fromisoformat(value["t"]))
        return bytes.fromhex(value["b"])
    if value is None or isinstance(value, str | int):
        return value
    raise ValueError("not a sort value")


def _moment(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("a time without a zone")
    return value.astimezone(UTC)


def _check(cursor: Cursor, sort: str, kinds: Sequence[type]) -> None:
    if cursor.sort != sort or len(cursor.values) != len(kinds):
        raise ValueError("a cursor of another list")
    for value, kind in zip(cursor.values, kinds, strict=True):
        if value is not None and type(value) is not kind:
            raise ValueError("a sort value of another kind")
        if kind is int and isinstance(value, int) and abs(value) >= 2**63:
            raise ValueError("a number beyond the database's")
        if isinstance(value, str) and b"\x00" in value.encode():
            raise ValueError("a text that the database refuses")
