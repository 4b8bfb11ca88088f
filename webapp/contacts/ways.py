"""The ways to read a part of a list: as an index has it, by a walk along it, from candidates."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Select, Subquery, bindparam, func, select

from webapp.contacts.asked import Asked, Part, Shape
from webapp.contacts.candidates import Candidates
from webapp.contacts.conditions import CONTACTS, has_state, in_days
from webapp.contacts.rows import Row, columns, read_rows
from webapp.contacts.rules import Channel, State
from webapp.core.db import db, run
from webapp.core.dialect import is_postgres, kept_apart, read_first
from webapp.core.prepared import Prepared

ALL = 2**62  # rows: no limit, where one keeps the planner from another way

Statement = Select[*tuple[Any, ...]]


def read_sorted(asked: Asked, part: Part) -> list[Row]:
    """Read a part whose rows and order an index has."""
    channel, state = asked.filters.channel, asked.filters.state
    statement = _sorted(channel, part.shape, state, is_postgres(db.session()))
    return read_rows(statement, channel, {**part.values, "need": part.need})


def walk(asked: Asked, part: Part, window: int) -> list[Row]:
    """Read the list in its order, at most `window` rows, for those who are asked for."""
    wanted, rows = _walked(asked, part)
    statement = wanted.where(*asked.holds(rows))
    values = {**part.values, "need": part.need, "window": window}
    return read_rows(statement, asked.filters.channel, values)


def ends_within(asked: Asked, part: Part, window: int) -> bool:
    """Tell whether such a walk comes to the end of the list."""
    _, rows = _walked(asked, part)
    passed = select(func.count()).select_from(rows)
    return bool(run(passed, {**part.values, "window": window}).scalar_one() < window)


def gather(asked: Asked, part: Part, candidates: Candidates) -> list[Row]:
    """Look at every candidate, and sort those who are asked for."""
    channel, stretch, descending = asked.filters.channel, part.stretch, part.descending
    # A limit keeps SQLite from joining it with the rest, and then reading that first.
    ids = candidates.ids if candidates.ordered else candidates.ids.limit(ALL)
    hits = kept_apart(db.session(), ids, "hits")
    by = hits if stretch.by_id else CONTACTS
    bounds = stretch.bounds(by, continued=part.continued, descending=descending)
    picked = (
        select(CONTACTS.c.id)
        .select_from(read_first(hits, CONTACTS, CONTACTS.c.id == hits.c.id))
        .where(*asked.holds(ids=hits), *bounds)
        .order_by(*stretch.order(by, descending=descending))
        .limit(bindparam("need"))
        .subquery("picked")
    )
    statement = (
        columns(channel)
        .select_from(read_first(picked, CONTACTS, CONTACTS.c.id == picked.c.id))
        .order_by(*stretch.order(CONTACTS, descending=descending))
    )
    return read_rows(statement, channel, {**part.values, "need": part.need})


def all_of(asked: Asked) -> Candidates:
    """Give all who are asked for, read in the order in which they lie."""
    return Candidates(select(CONTACTS.c.id.label("id")).where(*asked.holds()).limit(ALL))


@cache
def _sorted(channel: Channel, shape: Shape, state: State | None, postgres: bool) -> Prepared:
    """Give the statement of `read_sorted`; built once, which costs more than to run it."""
    stretch, descending, continued = shape
    wanted = columns(channel).where(
        *stretch.bounds(CONTACTS, continued=continued, descending=descending)
    )
    if state:
        wanted = wanted.where(has_state(channel, state))
    order = stretch.order(CONTACTS, descending=descending)
    return Prepared(wanted.order_by(*order).limit(bindparam("need")))


def _walked(asked: Asked, part: Part) -> tuple[Statement, Subquery]:
    """Give the statement of a walk without its conditions, and the rows that they are asked of."""
    channel, postgres = asked.filters.channel, is_postgres(db.session())
    if part.stretch.by_change and asked.filters.days:
        within = tuple(in_days(asked.filters, asked.zone))
        return _walking(channel, part.shape, postgres, within)
    return _walking_anywhere(channel, part.shape, postgres)


def _walking(
    channel: Channel, shape: Shape, postgres: bool, within: tuple[Any, ...] = ()
) -> tuple[Statement, Subquery]:
    """Build what `_walked` gives.

    The limit inside keeps the walk in the list's order. PostgreSQL may look tags up in another,
    and is told to keep it; SQLite goes along with the walk, and would sort all of it again.
    """
    stretch, descending, continued = shape
    rows = (
        select(CONTACTS)
        .where(*stretch.bounds(CONTACTS, continued=continued, descending=descending), *within)
        .order_by(*stretch.order(CONTACTS, descending=descending))
        .limit(bindparam("window"))
        .subquery("walked")
    )
    wanted = columns(channel, rows).limit(bindparam("need"))
    if postgres:
        wanted = wanted.order_by(*stretch.order(rows, descending=descending))
    return wanted, rows


_walking_anywhere = cache(_walking)
