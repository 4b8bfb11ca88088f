"""The way to a page of a list: which index is read, so that no filter makes a page wait.

Both planners go by guesses here: how many contacts hold a text, carry a tag and are opted out at
once. A wrong guess reads a million rows for fifty. So the way is chosen by looking, and the
statements leave no other: a glance at the first rows of the list often shows the page. Else a small
set of candidates that an index knows is gathered and sorted; where all sets are large, the list is
walked on for a while before that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import FromClause, Select, Subquery, bindparam, func, select

from webapp.contacts.candidates import Candidates, candidates_of
from webapp.contacts.conditions import CONTACTS, Definitions, conditions, has_state
from webapp.contacts.filters import Filters
from webapp.contacts.rows import Row, columns, read_rows
from webapp.contacts.rules import Channel, State
from webapp.contacts.stretches import Stretch
from webapp.core.db import db, run
from webapp.core.dialect import is_postgres, kept_apart, read_first

GLANCE = 500  # rows, read in a millisecond
COMMON = 5  # in a glance; then a walk meets fifty sooner
WALK = 20_000  # rows
FEW = 25_000  # candidates, looked at and sorted as fast
ALL = 2**62

Statement = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class Asked:
    """What a list is asked for: filters, their dates read in `zone`, attributes by `known`."""

    filters: Filters
    zone: ZoneInfo
    known: Definitions

    def holds(self, of: FromClause = CONTACTS, ids: FromClause | None = None) -> list[Any]:
        """Give the conditions on a row of `of`; `ids` has its id already."""
        return conditions(self.filters, self.zone, self.known, of, ids)

    @cached_property
    def candidates(self) -> list[Candidates]:
        """The sets that an index knows, among each of which are all who are asked for."""
        return candidates_of(self.filters, self.zone, self.known)

    def in_state(self, state: State) -> Asked:
        """Give the same of one state."""
        return Asked(replace(self.filters, state=state), self.zone, self.known)

    @property
    def narrow(self) -> bool:
        """True where anything but the state is asked for."""
        return self.filters.narrowed_beyond_state


@dataclass(frozen=True)
class Part:
    """A part of the list to read: a stretch, one way, from a place on, so many rows."""

    stretch: Stretch
    descending: bool
    continued: bool
    values: Mapping[str, Any]
    need: int


def find(asked: Asked, part: Part) -> list[Row]:
    """Read the rows of a part of a list."""
    channel = asked.filters.channel
    state_sorted = asked.filters.state is None or part.stretch.by_id
    if not asked.narrow and state_sorted:
        statement = _sorted(
            channel, part.stretch, part.descending, part.continued, asked.filters.state
        )
        return read_rows(statement, channel, {**part.values, "need": part.need})
    if part.stretch.by_id and any(found.ordered for found in asked.candidates):
        return _gather(asked, part, smallest(asked.candidates))
    rows = _walk(asked, part, GLANCE)
    if len(rows) == part.need:
        return rows
    candidates = None if len(rows) >= COMMON else _few(asked.candidates)
    if candidates is None:
        rows = _walk(asked, part, WALK)
        if len(rows) == part.need:
            return rows
        if not asked.candidates and part.stretch.by_id:
            return _walk(asked, part, ALL)
        candidates = smallest(asked.candidates) if asked.candidates else _all(asked)
    return _gather(asked, part, candidates)


def smallest(candidates: Sequence[Candidates]) -> Candidates:
    """Choose the set with the fewest, as far as it matters; of large ones the first."""
    if len(candidates) == 1:
        return candidates[0]
    return min(zip(_sizes(candidates), candidates, strict=True), key=lambda pair: pair[0])[1]


def _few(candidates: Sequence[Candidates]) -> Candidates | None:
    """Give the set with the fewest, if that is a small one."""
    if not candidates:
        return None
    size, found = min(zip(_sizes(candidates), candidates, strict=True), key=lambda pair: pair[0])
    return found if size < FEW else None


def _sizes(candidates: Sequence[Candidates]) -> Sequence[int]:
    """Count each set, as far as it matters."""
    counts = (
        select(func.count()).select_from(each.ids.limit(FEW).subquery()).scalar_subquery()
        for each in candidates
    )
    return run(select(*counts)).one()


def _all(asked: Asked) -> Candidates:
    """Give all who are asked for, read in the order in which they lie."""
    return Candidates(select(CONTACTS.c.id.label("id")).where(*asked.holds()).limit(ALL))


def _walk(asked: Asked, part: Part, window: int) -> list[Row]:
    """Read the list in its order, at most `window` rows, for those who are asked for."""
    channel = asked.filters.channel
    wanted, rows = _walking(channel, part.stretch, part.descending, part.continued)
    statement = wanted.where(*asked.holds(rows))
    values = {**part.values, "need": part.need, "window": window}
    return read_rows(statement, channel, values)


def _gather(asked: Asked, part: Part, candidates: Candidates) -> list[Row]:
    """Look at every candidate, and sort those who are asked for."""
    channel, stretch, descending = asked.filters.channel, part.stretch, part.descending
    hits = kept_apart(db.session(), candidates.ids, "hits")
    here = read_first(hits, CONTACTS, CONTACTS.c.id == hits.c.id)
    by = hits if stretch.by_id else CONTACTS
    picked = (
        select(CONTACTS.c.id)
        .select_from(here)
        .where(
            *asked.holds(ids=hits),
            *stretch.bounds(by, continued=part.continued, descending=descending),
        )
        .order_by(*stretch.order(by, descending=descending))
        .limit(bindparam("need"))
        .subquery("picked")
    )
    wanted = columns(channel).select_from(
        read_first(picked, CONTACTS, CONTACTS.c.id == picked.c.id)
    )
    statement = wanted.order_by(*stretch.order(CONTACTS, descending=descending))
    return read_rows(statement, channel, {**part.values, "need": part.need})


@cache
def _sorted_for(
    channel: Channel,
    stretch: Stretch,
    descending: bool,
    continued: bool,
    state: State | None,
    postgres: bool,
) -> Statement:
    bounds = stretch.bounds(CONTACTS, continued=continued, descending=descending)
    wanted = (
        columns(channel).where(*bounds).order_by(*stretch.order(CONTACTS, descending=descending))
    )
    if state:
        wanted = wanted.where(has_state(channel, state))
    return wanted.limit(bindparam("need"))


def _sorted(
    channel: Channel, stretch: Stretch, descending: bool, continued: bool, state: State | None
) -> Statement:
    """Give the statement that reads a part whose order an index has; built once."""
    postgres = is_postgres(db.session())
    return _sorted_for(channel, stretch, descending, continued, state, postgres)


@cache
def _walking_for(
    channel: Channel, stretch: Stretch, descending: bool, continued: bool, postgres: bool
) -> tuple[Statement, Subquery]:
    rows = (
        select(CONTACTS)
        .where(*stretch.bounds(CONTACTS, continued=continued, descending=descending))
        .order_by(*stretch.order(CONTACTS, descending=descending))
        .limit(bindparam("window"))
        .subquery("walked")
    )
    return columns(channel, rows).limit(bindparam("need")), rows


def _walking(
    channel: Channel, stretch: Stretch, descending: bool, continued: bool
) -> tuple[Statement, Subquery]:
    """Give the statement of a walk without its conditions, and the rows that they are asked of.

    The limit inside keeps the walk in the list's order, and what comes of it needs no sorting.
    """
    return _walking_for(channel, stretch, descending, continued, is_postgres(db.session()))
