"""The list of contacts: pages by key, counts, and all of it in a stream."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, func, select

from webapp.contacts.conditions import conditions
from webapp.contacts.filters import Filters, Sort
from webapp.contacts.models import AttributeDefinition, Contact
from webapp.contacts.rows import Row, as_row, columns, read_rows
from webapp.core.db import db
from webapp.core.paging import PAGE_SIZE, Cursor, Page, Value, beyond, cut, decode
from webapp.core.streams import stream

COUNT_AT_MOST = 10_000
KINDS = {"created": (datetime, int), "name": (str, int), "changed": (datetime, int)}
Definitions = Sequence[AttributeDefinition]


@dataclass(frozen=True)
class _Stretch:
    """A part of a sorted list of which an index gives the order: no NULL, or nothing but NULL."""

    columns: tuple[SQLColumnExpression[Any], ...]
    where: tuple[ColumnElement[bool], ...] = ()


def page(
    filters: Filters,
    cursor: str | None,
    zone: ZoneInfo,
    known: Definitions,
    limit: int = PAGE_SIZE,
) -> Page[Row]:
    """Give a page of the contacts that fulfil `filters`, in one or two queries.

    `known` are the attribute definitions, `zone` the reader's. Raises Invalid for a cursor or a
    filter that cannot be read.
    """
    sort = filters.sort
    place = decode(cursor, sort, KINDS[sort.column])
    found = cut(_read(filters, place, zone, known, limit + 1), sort, place, _place(sort), limit)
    if place is not None and place.backwards and found.previous_cursor is None:
        return page(filters, None, zone, known, limit)  # the first page, and a full one
    return found


def count(
    filters: Filters, zone: ZoneInfo, known: Definitions, at_most: int = COUNT_AT_MOST
) -> int:
    """Count the contacts that fulfil `filters`; `at_most + 1` stands for more than that."""
    matching = select(Contact.id).where(*conditions(filters, zone, known)).limit(at_most + 1)
    return db.session.scalars(select(func.count()).select_from(matching.subquery())).one()


def all_rows(filters: Filters, zone: ZoneInfo, known: Definitions) -> Iterator[Row]:
    """Give every contact that fulfils `filters`, by id, while the database still reads.

    Raises Invalid at once, before the first row is asked for.
    """
    wanted = columns(filters.channel).where(*conditions(filters, zone, known))
    return (as_row(found, filters.channel) for found in stream(wanted.order_by(Contact.id)))


def _stretches(filters: Filters) -> list[_Stretch]:
    if filters.sort.column == "created":
        return [_Stretch((Contact.created_at, Contact.id))]
    if filters.sort.column == "name":
        return [_Stretch((Contact.name_folded, Contact.id))]
    changed: ColumnElement[Any] = getattr(Contact, f"{filters.channel}_changed_at")
    return [
        _Stretch((changed, Contact.id), (changed.is_not(None),)),
        # Whose consent never changed comes last in either direction.
        _Stretch((Contact.id,), (changed.is_(None),)),
    ]


def _read(
    filters: Filters, place: Cursor | None, zone: ZoneInfo, known: Definitions, need: int
) -> list[Row]:
    """Read up to `need` rows from `place` on, stretch after stretch."""
    backwards = place is not None and place.backwards
    descending = filters.sort.descending is not backwards
    todo = _stretches(filters)
    start = len(todo) - 1 if place is not None and place.values[0] is None else 0
    todo = todo[start::-1] if backwards else todo[start:]
    wanted = columns(filters.channel).where(*conditions(filters, zone, known))
    rows: list[Row] = []
    for stretch in todo:
        query = _sorted(wanted, stretch, place if stretch is todo[0] else None, descending)
        rows += read_rows(query.limit(need - len(rows)), filters.channel)
        if len(rows) >= need:
            break
    return rows


def _sorted(
    wanted: Select[*tuple[Any, ...]], stretch: _Stretch, place: Cursor | None, descending: bool
) -> Select[*tuple[Any, ...]]:
    query = wanted.where(*stretch.where)
    if place is not None:
        values = place.values[-len(stretch.columns) :]
        query = query.where(beyond(stretch.columns, values, descending=descending))
    return query.order_by(*(c.desc() if descending else c.asc() for c in stretch.columns))


def _place(sort: Sort) -> Callable[[Row], tuple[Value, ...]]:
    def of(row: Row) -> tuple[Value, ...]:
        values: dict[str, Value] = {
            "created": row.created_at,
            "name": row.name_folded,
            "changed": row.changed_at,
        }
        return values[sort.column], row.id

    return of
