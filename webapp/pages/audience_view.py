"""What the audience's templates show: the list and the addresses around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from urllib.parse import parse_qs, urlencode, urlsplit

from flask import request

from webapp.consent.queries import ask_policy
from webapp.contacts import listing
from webapp.contacts.active_filters import Active, active_filters
from webapp.contacts.asked import Asked
from webapp.contacts.attributes import Definition
from webapp.contacts.counting import Count, count, count_states
from webapp.contacts.definitions import ASK_ALL, definitions
from webapp.contacts.filters import Filters, Params, Sort, parse_filters
from webapp.contacts.rows import Row
from webapp.contacts.rules import Channel, Source
from webapp.core.errors import Invalid
from webapp.core.paging import Page
from webapp.core.prepared import ask_ahead
from webapp.core.web import address_of
from webapp.core.zones import reader_zone
from webapp.events.service import ASK_NUMBER
from webapp.pages.audience_links import RowLinks
from webapp.pages.audience_rows import Line, lines_of
from webapp.pages.filter_tags import TagChoices, ask_choices, tag_choices
from webapp.pages.segments_view import Shown, all_shown, applied, query_of
from webapp.pages.toggle_terms import ToggleTerms, toggle_terms
from webapp.segments.queries import ask_all

CHANNEL = f"<any({', '.join(Channel)}):channel>"
# What can be the source of a state; a correction takes one back and leaves none.
SOURCES = [source for source in Source if source is not Source.CORRECTION]
SORTS = [
    (Sort.NEWEST, "Newest first"),
    (Sort.OLDEST, "Oldest first"),
    (Sort.NAME, "Name, A to Z"),
    (Sort.NAME_BACKWARDS, "Name, Z to A"),
    (Sort.CHANGED, "Last changed first"),
    (Sort.CHANGED_FIRST, "Last changed last"),
]

SEGMENTS_SHOWN = 50

Definitions = Sequence[Definition]


@dataclass(frozen=True)
class View:
    """One page of the list and what stands around it."""

    filters: Filters
    known: Definitions
    page: Page[Row]
    terms: ToggleTerms
    links: RowLinks

    @classmethod
    def of(cls, filters: Filters, known: Definitions, cursor: str | None) -> View:
        """Read the page that starts at `cursor`. Raises Invalid."""
        found = listing.page(filters, cursor, reader_zone(), known)
        params = [*filters.params(), *([("cursor", cursor)] if cursor else [])]
        links = RowLinks.of(filters.channel, address(params))
        return cls(filters, known, found, toggle_terms(filters.channel), links)

    @property
    def here(self) -> str:
        """The address of this page."""
        return self.links.back

    @cached_property
    def chips(self) -> list[Active]:
        """The active filters, each with what remains without it."""
        return list(active_filters(self.filters, {d.name: d.label for d in self.known}))

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

    @cached_property
    def older(self) -> str:
        """The address of the next page, or nothing."""
        return self._at(self.page.next_cursor)

    @cached_property
    def newer(self) -> str:
        """The address of the page before, or nothing."""
        return self._at(self.page.previous_cursor)

    def url(self, filters: Filters) -> str:
        """Give the address of the first page with other filters."""
        return address(filters.params())

    def on_channel(self, channel: Channel) -> str:
        """Give the address of the same filters on another channel."""
        beside = self._beside("channel")
        return f"{address_of('audience.show')}?channel={channel}{'&' if beside else ''}{beside}"

    def cleared(self) -> str:
        """Give the address without any filter."""
        return self.url(Filters(channel=self.filters.channel, sort=self.filters.sort))

    def unsaved(self) -> str:
        """Give the address of the same filters, not counted as the segment's any more."""
        return self.url(replace(self.filters, segment=0))

    def sorted_by(self, column: str) -> str:
        """Give the address sorted by a column: its usual way first, then the other way round."""
        usual = Sort.NAME if column == "name" else Sort(f"-{column}")
        other = Sort(column) if usual.descending else Sort(f"-{column}")
        sort = other if self.filters.sort is usual else usual
        query = self._beside("sort") + (f"&sort={sort}" if sort is not Sort.NEWEST else "")
        return f"{address_of('audience.show')}?{query}"

    def direction(self, column: str) -> str:
        """Give `aria-sort` of a column."""
        if self.filters.sort.column != column:
            return "none"
        return "descending" if self.filters.sort.descending else "ascending"

    def counts_url(self) -> str:
        """Give the address of the numbers that are fetched after the rows."""
        return address_of("audience.counts") + _query(self.filters.params())

    def export_url(self, endpoint: str) -> str:
        """Give the address of a file of exactly what is filtered."""
        return address_of(endpoint) + _query(self.filters.params())

    def lines(self) -> list[Line]:
        """Give what each row of the page shows."""
        return lines_of(self.page.items, self.known, self.terms)

    def _beside(self, name: str) -> str:
        """Give what an address asks besides one parameter."""
        return urlencode([pair for pair in self.filters.params() if pair[0] != name])

    def _at(self, cursor: str | None) -> str:
        return address([*self.filters.params(), ("cursor", cursor)]) if cursor else ""


def ask_around(filters: Filters, *, panel: bool) -> None:
    """Ask ahead for what stands around the rows, and in the `panel` of filters beside them."""
    asks = [ASK_NUMBER, ASK_ALL, ask_policy(filters.channel)]
    if panel:
        asks += [ask_all(SEGMENTS_SHOWN), ask_choices(filters.tags)]
    ask_ahead(asks)


def asked_for() -> tuple[Filters, Definitions]:
    """Read the request's filters and the attributes that they may name. Raises Invalid."""
    return parse_filters(request.args.to_dict(flat=False)), definitions()


def typing_on(filters: Filters) -> bool:
    """Tell whether nothing but the searched text differs from what the browser shows."""
    shown_at = urlsplit(request.headers.get("HX-Current-URL", "")).query
    try:
        shown = parse_filters(parse_qs(shown_at))
    except Invalid:
        return False
    same = replace(shown, search="") == replace(filters, search="")
    return same and bool(shown.search and filters.search)


def address(params: Params) -> str:
    """Give the address of the list with these parameters."""
    return address_of("audience.show") + _query(params)


def counts_of(filters: Filters, known: Definitions) -> dict[str, Count]:
    """Count the list on each channel, and by each state on this one, by `channel` and `state-…`."""
    asked = Asked(filters, reader_zone(), known)
    if filters.state:
        here, states = count(asked), count_states(replace(asked, filters=filters.without_state))[1]
        states[filters.state] = here  # of one state alone more can be counted
    else:
        here, states = count_states(asked)
    found = {channel.value: here for channel in Channel}
    if filters.by_channel:
        for channel in set(Channel) - {filters.channel}:
            found[channel] = count(replace(asked, filters=replace(filters, channel=channel)))
    return found | {f"state-{state}": number for state, number in states.items()}


def _query(params: Params) -> str:
    return "?" + urlencode(params) if params else ""
