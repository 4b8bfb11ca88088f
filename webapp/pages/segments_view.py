"""Segments as pages show them: in words, with their addresses, and beside the filters in use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from urllib.parse import parse_qs, urlencode

from flask import url_for

from webapp.contacts.attributes import Definition
from webapp.contacts.filters import Filters
from webapp.contacts.tags import unknown_tags
from webapp.core.errors import Invalid, NotFound
from webapp.core.words import listed
from webapp.segments import queries, rules
from webapp.segments.models import Segment

Definitions = Sequence[Definition]
BROKEN = "This segment cannot be read any more. Delete it, and save its filters anew."


@dataclass(frozen=True)
class Shown:
    """A segment, with its filters; None where they cannot be read any more."""

    id: int
    name: str
    made_by: str
    updated_at: datetime
    filters: Filters | None
    known: Definitions

    @property
    def words(self) -> list[str]:
        """Its filters in words."""
        labels = {definition.name: definition.label for definition in self.known}
        return rules.words_of(self.filters, labels) if self.filters else []

    @property
    def url(self) -> str:
        """The address of its people; without what asks for an attribute that is gone."""
        filters = rules.without(self.filters or Filters(), self._gone)
        return address(replace(filters, segment=self.id))

    @cached_property
    def problem(self) -> str:
        """What it names that is gone, as a sentence; empty where all is there."""
        if self.filters is None:
            return BROKEN
        gone = [f"the attribute “{name}”" for name in self._gone]
        gone += [f"the tag “{name}”" for name in unknown_tags(self.filters.tags)]
        if not gone:
            return ""
        return f"It asks for {listed(gone)}, which {'are' if len(gone) > 1 else 'is'} gone."

    def is_same(self, filters: Filters) -> bool:
        """Tell whether these filters are still the segment's."""
        return self.filters is not None and rules.same(self.filters, filters)

    @property
    def _gone(self) -> list[str]:
        names = {definition.name for definition in self.known}
        return rules.missing(self.filters, names) if self.filters else []


def shown(segment: Segment, known: Definitions) -> Shown:
    """Give a segment as pages show it; `known` are the attribute definitions."""
    filters: Filters | None
    try:
        filters = rules.filters_of(segment.params)
    except Invalid:
        filters = None
    return Shown(segment.id, segment.name, segment.made_by, segment.updated_at, filters, known)


def all_shown(known: Definitions, limit: int = queries.MOST) -> list[Shown]:
    """Give the segments by alphabet; `known` are the attribute definitions."""
    return [shown(segment, known) for segment in queries.segments(limit)]


def applied(filters: Filters, known: Definitions) -> Shown | None:
    """Give the segment that the filters in use began as, unless it has been deleted."""
    if not filters.segment:
        return None
    try:
        return shown(queries.segment_of(filters.segment), known)
    except NotFound:
        return None


def query_of(filters: Filters) -> str:
    """Write filters as one text, which a form carries."""
    return urlencode(filters.params())


def read_query(text: str) -> Filters:
    """Read what `query_of` wrote. Raises Invalid."""
    return rules.filters_of(
        (name, value) for name, values in parse_qs(text).items() for value in values
    )


def address(filters: Filters) -> str:
    """Give the address of the list with these filters."""
    return f"{url_for('audience.show')}?{urlencode(filters.params())}"
