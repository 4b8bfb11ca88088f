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

from webapp.contacts.candidates import Candidates, candidates_of, of_change
from webapp.contacts.conditions import CONTACTS, Definitions, conditions, has_state, in_days
from webapp.contacts.filters import Filters
from webapp.contacts.rows import Row, columns, read_rows
from webapp.contacts.rules import Channel, State
from webapp.contacts.stretches import Stretch
from webapp.core.db import db, run
from webapp.core.dialect import is_postgres, kept_apart, read_first
from webapp.core.prepared import Prepared

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


Shape = tuple[Stretch, bool, bool]


@dataclass(frozen=True)
class Part:
    """A part of the list to read: a stretch, one way, from a place on, so many rows."""

    stretch: Stretch
    descending: bool
    continued: bool
    values: Mapping[str, Any]
    need: int

    @property
    def shape(self) -> Shape:
        """What a statement is built by: the stretch, the way, and whether from a place on."""
        return self.stretch, self.descending, self.continued


def find(asked: Asked, part: Part) -> list[Row]:
    """Read the rows of a part of a list."""
    stretch = part.stretch
    if not asked.narrow and (stretch.by_id or asked.filters.state is None):
        return _read_sorted(asked, part)
    found = asked.candidates
    if stretch.by_id and any(each.ordered for each in found):
        return _gather(asked, part, smallest(found))
    rows = _walk(asked, part, GLANCE)
    if len(rows) == part.need:
        return rows
    if stretch.by_change and asked.filters.state:
        found = [of_change(asked.filters, asked.zone), *found]
    if len(rows) < COMMON and (few := _few(found)):
        return _gather(asked, part, few)
    rows = _walk(asked, part, WALK)
    if len(rows) == part.need:
        return rows
    if not found and stretch.by_id:
        return _walk(asked, part, ALL)
    return _gather(asked, part, smallest(found) if found else _all(asked))


def smallest(candidates: Sequence[Candidates]) -> Candidates:
    """Choose the set with the fewest, as far as it matters; of large ones the first."""
    if len(candidates) == 1:
        return candidates[0]
    return min(zip(_sizes(candidates), candidates, strict=True), key=lambda pair: pair[0])[1]


def _few(candidates: Sequence[Candidates]) -> Candidates | None:
    """Give the set with the fewest, if that is a small one; the only one is taken for one."""
    if len(candidates) < 2:
        return next(iter(candidates), None)
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


def _read_sorted(asked: Asked, part: Part) -> list[Row]:
    """Read a part whose rows and order an index has."""
    channel, state = asked.filters.channel, asked.filters.state
    statement = _sorted(channel, part.shape, state, is_postgres(db.session()))
    return read_rows(statement, channel, {**part.values, "need": part.need})


def _walk(asked: Asked, part: Part, window: int) -> list[Row]:
    """Read the list in its order, at most `window` rows, for those who are asked for."""
    channel, postgres = asked.filters.channel, is_postgres(db.session())
    if part.stretch.by_change and asked.filters.days:
        within = tuple(in_days(asked.filters, asked.zone))
        wanted, rows = _walking(channel, part.shape, postgres, within)
    else:
        wanted, rows = _walking_anywhere(channel, part.shape, postgres)
    statement = wanted.where(*asked.holds(rows))
    return read_rows(statement, channel, {**part.values, "need": part.need, "window": window})


def _gather(asked: Asked, part: Part, candidates: Candidates) -> list[Row]:
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


@cache
def _sorted(channel: Channel, shape: Shape, state: State | None, postgres: bool) -> Prepared:
    """Give the statement of `_read_sorted`; built once, which costs more than to run it."""
    stretch, descending, continued = shape
    wanted = columns(channel).where(
        *stretch.bounds(CONTACTS, continued=continued, descending=descending)
    )
    if state:
        wanted = wanted.where(has_state(channel, state))
    order = stretch.order(CONTACTS, descending=descending)
    return Prepared(wanted.order_by(*order).limit(bindparam("need")))


def _walking(
    channel: Channel, shape: Shape, postgres: bool, within: tuple[Any, ...] = ()
) -> tuple[Statement, Subquery]:
    """Give the statement of a walk without its conditions, and the rows that they are asked of.

    The limit inside keeps the walk in the list's order, and what comes of it needs no sorting.
    """
    stretch, descending, continued = shape
    rows = (
        select(CONTACTS)
        .where(*stretch.bounds(CONTACTS, continued=continued, descending=descending), *within)
        .order_by(*stretch.order(CONTACTS, descending=descending))
        .limit(bindparam("window"))
        .subquery("walked")
    )
    return columns(channel, rows).limit(bindparam("need")), rows


_walking_anywhere = cache(_walking)
