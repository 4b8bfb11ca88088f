"""What a list is asked for, and which part of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import FromClause

from webapp.contacts.candidates import Candidates, candidates_of
from webapp.contacts.conditions import CONTACTS, Definitions
from webapp.contacts.filters import Filters
from webapp.contacts.narrowing import asked_segment, conditions
from webapp.contacts.rules import State
from webapp.contacts.stretches import Stretch
from webapp.contacts.tree_candidates import sets_of
from webapp.contacts.whole import Whole


@dataclass(frozen=True)
class Asked:
    """What a list is asked for: filters, their dates read in `zone`, attributes by `known`.

    `within` is a segment that is not saved yet, in place of the one that the filters name.
    """

    filters: Filters
    zone: ZoneInfo
    known: Definitions
    within: Whole | None = None

    @cached_property
    def segment(self) -> Whole | None:
        """The segment that it is restricted to, with all it names. Raises Invalid."""
        return self.within or asked_segment(self.filters, self.known)

    def holds(self, of: FromClause = CONTACTS, ids: FromClause | None = None) -> list[Any]:
        """Give the conditions on a row of `of`; `ids` has its id already."""
        return conditions(self.filters, self.zone, self.known, of, ids, self.segment)

    @cached_property
    def candidates(self) -> list[Candidates]:
        """The sets that an index knows, among each of which are all who are asked for."""
        found = candidates_of(self.filters, self.zone, self.known)
        return [*found, *(sets_of(self.segment, self.zone, self.known) if self.segment else ())]

    def in_state(self, state: State) -> Asked:
        """Give the same of one state."""
        return replace(self, filters=replace(self.filters, state=state))

    @property
    def narrow(self) -> bool:
        """True where anything but the state is asked for."""
        return self.within is not None or self.filters.narrowed_beyond_state


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
