"""What both lists of contacts share: the filters around a page of rows, and their addresses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import ClassVar
from urllib.parse import urlencode

from webapp.contacts.active_filters import Active, active_filters
from webapp.contacts.attributes import Definition
from webapp.contacts.filters import Filters, Params, Sort
from webapp.contacts.rows import Row
from webapp.core.paging import Page
from webapp.core.web import address_of
from webapp.pages.contact_links import ContactLinks
from webapp.pages.filter_tags import TagChoices, tag_choices
from webapp.pages.pages_around import PagesAround
from webapp.pages.segments_view import Shown, all_shown, applied, query_of
from webapp.pages.toggle_terms import Terms
from webapp.segments.queries import name_of

SEGMENTS_SHOWN = 50

Definitions = Sequence[Definition]


@dataclass(frozen=True)
class ListView(PagesAround):
    """One page of a list of contacts and what stands around it.

    Each list says what it is called where that is asked (`NAME`); at which endpoints it stands (`LIST`), and its numbers and files are fetched;
    which templates ask for consent in its panel; and whether it is of one channel at a time.
    """

    NAME: ClassVar[str] = ""
    LIST: ClassVar[str]
    COUNTS: ClassVar[str]
    CSV: ClassVar[str]
    EXCEL: ClassVar[str]
    PANEL: ClassVar[tuple[str, ...]]
    ON_ONE_CHANNEL: ClassVar[bool] = False

    filters: Filters
    known: Definitions
    page: Page[Row]
    terms: Terms
    links: ContactLinks

    @classmethod
    def params(cls, filters: Filters) -> Params:
        """Give the parameters of an address that asks for these filters."""
        return filters.params()

    @classmethod
    def address(cls, filters: Filters, cursor: str | None = None) -> str:
        """Give the address of a page with these filters, the first without a cursor."""
        params = [*cls.params(filters), *([("cursor", cursor)] if cursor else [])]
        return address_of(cls.LIST) + query_text(params)

    @property
    def action(self) -> str:
        """The address that the filter panel sends its form to."""
        return address_of(self.LIST)

    @property
    def here(self) -> str:
        """The address of this page."""
        return self.links.back

    @property
    def total_key(self) -> str:
        """What the number of all who match is called, beside which it waits to be filled in."""
        return "all"

    @cached_property
    def chips(self) -> list[Active]:
        """The active filters, each with what remains without it."""
        labels = {definition.name: definition.label for definition in self.known}
        segment, said = name_of(self.filters.segment), not self.ON_ONE_CHANNEL
        return list(active_filters(self.filters, labels, channel_said=said, segment=segment))

    @cached_property
    def tags(self) -> TagChoices:
        """The tags to filter by; those that are asked for are among them."""
        return tag_choices(self.filters.tags)

    @cached_property
    def segments(self) -> list[Shown]:
        """The saved filters, the first of many."""
        return all_shown(self.known, SEGMENTS_SHOWN)

    @cached_property
    def segment(self) -> Shown | None:
        """The segment that the filters began as."""
        return applied(self.filters, self.known)

    @cached_property
    def query(self) -> str:
        """The filters as one text, which a form carries."""
        return query_of(self.filters)

    def page_at(self, cursor: str) -> str:
        """Give the address of another page with these filters."""
        return self.address(self.filters, cursor)

    def url(self, filters: Filters) -> str:
        """Give the address of the first page with other filters."""
        return self.address(filters)

    def cleared(self) -> str:
        """Give the address without any filter."""
        return self.url(Filters(channel=self.filters.channel, sort=self.filters.sort))

    def unsaved(self) -> str:
        """Give the address of the same filters, not counted as the segment's any more."""
        return self.url(replace(self.filters, saved=0))

    def sorted_by(self, column: str) -> str:
        """Give the address sorted by a column: its usual way first, then the other way round."""
        usual = Sort.NAME if column == "name" else Sort(f"-{column}")
        other = Sort(column) if usual.descending else Sort(f"-{column}")
        sort = other if self.filters.sort is usual else usual
        params = self._beside("sort") + ([("sort", sort)] if sort is not Sort.NEWEST else [])
        return address_of(self.LIST) + query_text(params)

    def direction(self, column: str) -> str:
        """Give `aria-sort` of a column."""
        if self.filters.sort.column != column:
            return "none"
        return "descending" if self.filters.sort.descending else "ascending"

    def counts_url(self) -> str:
        """Give the address of the numbers that are fetched after the rows."""
        return address_of(self.COUNTS) + query_text(self.params(self.filters))

    def export_url(self, endpoint: str) -> str:
        """Give the address of a file of exactly what is filtered."""
        return address_of(endpoint) + query_text(self.params(self.filters))

    def _beside(self, name: str) -> Params:
        """Give what an address asks besides one parameter."""
        return [pair for pair in self.params(self.filters) if pair[0] != name]


def query_text(params: Params) -> str:
    """Write parameters as the end of an address; nothing where there are none."""
    return "?" + urlencode(params) if params else ""
