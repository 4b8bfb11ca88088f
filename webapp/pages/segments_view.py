"""Segments as pages show them: in words, with their addresses, and beside the filters in use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from urllib.parse import parse_qs, urlencode

from flask import url_for

from webapp.contacts.attributes import Definition
from webapp.contacts.filters import Filters
from webapp.contacts.kept_params import Kept, Meaning, filters_of, meaning_of
from webapp.contacts.segment_models import Segment
from webapp.contacts.tree import Group
from webapp.contacts.tree_check import problems
from webapp.contacts.tree_words import tree_in_words
from webapp.contacts.whole import gone_in, uses
from webapp.core.errors import Invalid, NotFound
from webapp.core.words import listed
from webapp.segments import queries, rules

Definitions = Sequence[Definition]
# The lists that can be asked for by a segment, besides the audience.
LISTS = {"contacts": "contact_list.show"}
BROKEN = "This segment cannot be read any more. Delete it, and save its filters anew."


@dataclass(frozen=True)
class Shown:
    """A segment, of which is worked out what a page asks for; a link to its people needs little.

    `kept` is what it keeps of its filters or tree, `all_names` those of all segments by id as text
    where they are at hand.
    """

    id: int
    name: str
    made_by: str
    updated_at: datetime
    kept: Kept
    known: Definitions
    all_names: Mapping[str, str] | None = None

    @cached_property
    def meaning(self) -> Meaning | None:
        """What it stands for; None where that cannot be read any more."""
        try:
            return meaning_of(self.kept)
        except Invalid:
            return None

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The names of the segments that may stand in it, by id as text."""
        if self.all_names is not None:
            return self.all_names
        return queries.names() if self.meaning is not None and uses(self.meaning) else {}

    @property
    def built(self) -> bool:
        """True where it is a tree, which no list has filters for."""
        return isinstance(self.meaning, Group)

    @property
    def words(self) -> list[str]:
        """What it stands for, in words."""
        labels = {definition.name: definition.label for definition in self.known}
        if isinstance(self.meaning, Group):
            wrong = problems(self.meaning, {d.name: d for d in self.known})
            return [] if wrong else tree_in_words(self.meaning, labels, self.names)
        return rules.words_of(self.meaning, labels) if self.meaning else []

    @property
    def url(self) -> str:
        """The address of its people on Opt-In/Opt-Out."""
        return address(self.use)

    @property
    def contacts_url(self) -> str:
        """The address of its people on Contacts."""
        return address(self.use, "contacts")

    @property
    def use(self) -> Filters:
        """What a list is asked for: the segment itself, or the filters that it was saved with.

        Without those that ask for an attribute that is gone.
        """
        if not isinstance(self.kept, Mapping) and isinstance(self.meaning, Filters):
            return replace(rules.without(self.meaning, self._gone), saved=self.id)
        return Filters(segment=self.id)

    @cached_property
    def problem(self) -> str:
        """Why it cannot be used, as a sentence; empty where it can."""
        if self.meaning is None:
            return BROKEN
        gone = gone_in(self.meaning, self.known)
        gone += ["a segment" for each in uses(self.meaning) if str(each) not in self.names][:1]
        if gone:
            return f"It asks for {listed(gone)}, which {'are' if len(gone) > 1 else 'is'} gone."
        if isinstance(self.meaning, Group):
            wrong = problems(self.meaning, {d.name: d for d in self.known})
            return f"It cannot be used as it is. {next(iter(wrong.values()))}" if wrong else ""
        return ""

    def is_same(self, filters: Filters) -> bool:
        """Tell whether these filters are still the segment's."""
        return isinstance(self.meaning, Filters) and rules.same(self.meaning, filters)

    @property
    def _gone(self) -> list[str]:
        names = {definition.name for definition in self.known}
        return rules.missing(self.meaning, names) if isinstance(self.meaning, Filters) else []


def shown(segment: Segment, known: Definitions, names: Mapping[str, str] | None = None) -> Shown:
    """Give a segment as pages show it; `known` are the attribute definitions."""
    return Shown(
        segment.id, segment.name, segment.made_by, segment.updated_at, segment.params, known, names
    )


def all_shown(known: Definitions, limit: int = queries.MOST) -> list[Shown]:
    """Give the segments by alphabet; `known` are the attribute definitions."""
    found = queries.segments(limit)
    whole = len(found) < limit or limit >= queries.MOST
    names = {str(each.id): each.name for each in found} if whole else None
    return [shown(segment, known, names) for segment in found]


def applied(filters: Filters, known: Definitions) -> Shown | None:
    """Give the segment that the filters in use began as, unless it has been deleted."""
    if not filters.saved:
        return None
    try:
        return shown(queries.segment_of(filters.saved), known)
    except NotFound:
        return None


def query_of(filters: Filters) -> str:
    """Write filters as one text, which a form carries."""
    return urlencode(filters.params())


def read_query(text: str) -> Filters:
    """Read what `query_of` wrote. Raises Invalid."""
    return filters_of((name, value) for name, values in parse_qs(text).items() for value in values)


def address(filters: Filters, on: str = "") -> str:
    """Give the address of a list with these filters: the audience, or the one called `on`."""
    return f"{url_for(LISTS.get(on, 'audience.show'))}?{urlencode(filters.params())}"
