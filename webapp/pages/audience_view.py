"""What the audience's templates show: the list and the addresses around it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from webapp.consent.queries import ask_policy
from webapp.contacts import listing
from webapp.contacts.asked import Asked
from webapp.contacts.counting import Count, count, count_states
from webapp.contacts.definitions import ASK_ALL
from webapp.contacts.filters import Filters, Sort
from webapp.contacts.rules import Channel, Source
from webapp.core.prepared import ask_ahead
from webapp.core.web import address_of
from webapp.core.zones import reader_zone
from webapp.events.service import ASK_NUMBER
from webapp.pages.audience_links import RowLinks
from webapp.pages.audience_rows import Line, lines_of
from webapp.pages.filter_tags import ask_choices
from webapp.pages.list_view import SEGMENTS_SHOWN, Definitions, ListView, query_text
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


@dataclass(frozen=True)
class View(ListView):
    """One page of the list on a channel and what stands around it."""

    LIST = "audience.show"
    COUNTS = "audience.counts"
    CSV = "audience.export"
    EXCEL = "audience.export_xlsx"
    PANEL = (
        "audience/filter_state.html",
        "audience/filter_change.html",
        "audience/filter_kept.html",
    )
    ON_ONE_CHANNEL = True

    terms: ToggleTerms
    links: RowLinks

    @classmethod
    def of(cls, filters: Filters, known: Definitions, cursor: str | None) -> View:
        """Read the page that starts at `cursor`. Raises Invalid."""
        found = listing.page(filters, cursor, reader_zone(), known)
        links = RowLinks.of(filters.channel, cls.address(filters, cursor))
        return cls(filters, known, found, toggle_terms(filters.channel), links)

    @property
    def total_key(self) -> str:
        """All who match are told beside the tab of the channel."""
        return str(self.filters.channel)

    def on_channel(self, channel: Channel) -> str:
        """Give the address of the same filters on another channel."""
        return address_of(self.LIST) + query_text([("channel", channel), *self._beside("channel")])

    def lines(self) -> list[Line]:
        """Give what each row of the page shows."""
        return lines_of(self.page.items, self.known, self.terms)


def ask_around(filters: Filters, *, panel: bool) -> None:
    """Ask ahead for what stands around the rows, and in the `panel` of filters beside them."""
    asks = [ASK_NUMBER, ASK_ALL, ask_policy(filters.channel)]
    if panel:
        asks += [ask_all(SEGMENTS_SHOWN), ask_choices(filters.tags)]
    ask_ahead(asks)


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
