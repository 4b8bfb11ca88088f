"""What the templates of Contacts show: the rows with their marks, and what stands around them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

from markupsafe import Markup

from webapp.contacts import listing
from webapp.contacts.consent_filters import Standing
from webapp.contacts.filters import Filters, Params, Sort
from webapp.contacts.leading import led_by_a_state
from webapp.contacts.rows import Row
from webapp.contacts.standings import Stands, stands_of
from webapp.core.zones import reader_zone
from webapp.pages.audience_rows import FACTS, TAGS
from webapp.pages.consent_marks import marks_of
from webapp.pages.contact_links import ContactLinks
from webapp.pages.facts import Fact, Facts, in_words
from webapp.pages.list_view import Definitions, ListView
from webapp.pages.times import Times
from webapp.pages.toggle_terms import terms

SORTS = [
    (Sort.NEWEST, "Newest first"),
    (Sort.OLDEST, "Oldest first"),
    (Sort.NAME, "Name, A to Z"),
    (Sort.NAME_BACKWARDS, "Name, Z to A"),
]


class Line(NamedTuple):
    """What one row shows. `states` tells a script's menu what it may offer; `more_…` is hidden."""

    id: int
    name: str
    phone: str
    email: str
    marks: Markup
    words: str
    states: str
    facts: list[Fact]
    more_facts: str
    more_facts_count: int
    tags: list[str]
    more_tags: str
    more_tags_count: int
    created: Markup


@dataclass(frozen=True)
class View(ListView):
    """One page of all contacts and what stands around it."""

    NAME = "contacts"
    LIST = "contact_list.show"
    COUNTS = "contact_list.counts"
    CSV = "contact_list.export"
    EXCEL = "contact_list.export_xlsx"
    PANEL = ("contact_list/filter_consents.html",)
    STANDINGS = tuple(Standing)

    stands: dict[int, Stands]

    @classmethod
    def params(cls, filters: Filters) -> Params:
        """Give the parameters of an address; the channel only where something is asked of it."""
        found = filters.params()
        return found if filters.by_channel else [pair for pair in found if pair[0] != "channel"]

    @classmethod
    def of(cls, filters: Filters, known: Definitions, cursor: str | None) -> View:
        """Read the page that starts at `cursor`. Raises Invalid."""
        found = listing.page(led_by_a_state(filters), cursor, reader_zone(), known)
        here = cls.address(filters, cursor)
        links = ContactLinks(here, *ContactLinks.ends(here))
        stands = stands_of([row.id for row in found.items])
        return cls(filters, known, found, terms(), links, stands)

    def lines(self) -> list[Line]:
        """Give what each row of the page shows."""
        facts, times = Facts(self.known), Times.of_reader()
        return [_line(row, self.stands.get(row.id, {}), facts, times) for row in self.page.items]


def readable(filters: Filters) -> Filters:
    """Give filters as this list has them: it is sorted by name or by when somebody was added."""
    return filters if filters.sort.column != "changed" else replace(filters, sort=Sort.NEWEST)


def _line(row: Row, stands: Stands, facts: Facts, times: Times) -> Line:
    said, tags = facts.of(row.attributes), row.tags
    return Line(
        row.id,
        row.display_name,
        row.phone or row.whatsapp_id or "",
        row.email or "",
        *marks_of(stands, row.phone, row.email, row.whatsapp_id),
        said[:FACTS],
        in_words(said[FACTS:]) if len(said) > FACTS else "",
        len(said) - FACTS,
        tags[:TAGS],
        ", ".join(tags[TAGS:]) if len(tags) > TAGS else "",
        len(tags) - TAGS,
        times.day(row.created_at),
    )
