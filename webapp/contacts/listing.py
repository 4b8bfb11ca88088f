"""The list of contacts: pages by key, and all of it in a stream."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from webapp.contacts.asked import Asked, Part
from webapp.contacts.conditions import CONTACTS, Definitions
from webapp.contacts.filters import Filters, Sort
from webapp.contacts.finding import find
from webapp.contacts.narrowing import conditions
from webapp.contacts.rows import Row, as_row, columns
from webapp.contacts.stretches import stretches_of
from webapp.core.paging import PAGE_SIZE, Cursor, Page, Value, cut, decode
from webapp.core.streams import stream

KINDS = {"created": (int,), "name": (str, int), "changed": (datetime, int)}


def page(
    filters: Filters,
    cursor: str | None,
    zone: ZoneInfo,
    known: Definitions,
    limit: int = PAGE_SIZE,
) -> Page[Row]:
    """Give a page of the contacts that fulfil `filters`.

    `known` are the attribute definitions, `zone` the reader's. Raises Invalid for a cursor or a
    filter that cannot be read.
    """
    sort = filters.sort
    place = decode(cursor, sort, KINDS[sort.column])
    rows = _read(Asked(filters, zone, known), place, limit + 1)
    found = cut(rows, sort, place, _place(sort), limit)
    if place is not None and place.backwards and found.previous_cursor is None:
        return page(filters, None, zone, known, limit)  # the first page, and a full one
    return found


def first_rows(asked: Asked, limit: int) -> list[Row]:
    """Give the first contacts of a list, for a look at who is on it. Raises Invalid."""
    return _read(asked, None, limit)


def all_rows(filters: Filters, zone: ZoneInfo, known: Definitions) -> Iterator[Row]:
    """Give every contact that fulfils `filters`, by id, while the database still reads.

    Raises Invalid at once, before the first row is asked for.
    """
    wanted = columns(filters.channel).where(*conditions(filters, zone, known))
    return (as_row(row, filters.channel) for row in stream(wanted.order_by(CONTACTS.c.id)))


def _read(asked: Asked, place: Cursor | None, need: int) -> list[Row]:
    """Read up to `need` rows from `place` on, stretch after stretch."""
    backwards = place is not None and place.backwards
    todo = stretches_of(asked.filters)
    start = len(todo) - 1 if place is not None and place.values[0] is None else 0
    todo = todo[start::-1] if backwards else todo[start:]
    rows: list[Row] = []
    for stretch in todo:
        continued = place is not None and stretch is todo[0]
        part = Part(
            stretch,
            descending=asked.filters.sort.descending is not backwards,
            continued=continued,
            values=stretch.place_values(place.values) if place and continued else {},
            need=need - len(rows),
        )
        rows += find(asked, part)
        if len(rows) >= need:
            break
    return rows


def _place(sort: Sort) -> Callable[[Row], tuple[Value, ...]]:
    def of(row: Row) -> tuple[Value, ...]:
        if sort.column == "created":
            return (row.id,)
        return (row.name_folded if sort.column == "name" else row.changed_at), row.id

    return of
