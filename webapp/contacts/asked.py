"""What a list is asked for, and which part of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import FromClause

from webapp.contacts.candidates import Candidates, candidates_of
from webapp.contacts.conditions import CONTACTS, Definitions, conditions
from webapp.contacts.filters import Filters
from webapp.contacts.rules import State
from webapp.contacts.stretches import Stretch


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
