"""The exclusion list: everybody opted out of a channel, contact or not, and its file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.accounts.access import requires
from webapp.accounts.rules import Right
from webapp.consent import exclusions
from webapp.consent.exclusion_pairs import Entry, entries_of
from webapp.consent.exclusions import Exclusion
from webapp.consent.origins import Origin, origins_of
from webapp.consent.rows import Place
from webapp.contacts.active_filters import Active, active_filters
from webapp.contacts.counting import capped
from webapp.contacts.filters import Filters, parse_filters
from webapp.contacts.rules import Channel, Source
from webapp.core.paging import Page
from webapp.core.web import page_or_fragment, wants_fragment
from webapp.core.zones import reader_zone
from webapp.events.service import change_number
from webapp.exports.asked import Asked, What
from webapp.pages.audience_view import SOURCES
from webapp.pages.export_files import send_csv, send_workbook
from webapp.pages.pages_around import PagesAround

blueprint = Blueprint("exclusions", __name__)


@dataclass(frozen=True)
class View(PagesAround):
    """One page of the exclusion list and the addresses around it."""

    filters: Filters
    page: Page[Exclusion]
    cursor: str | None
    origins: Mapping[Place, Origin]
    entries: list[Entry]

    @classmethod
    def of(cls, filters: Filters, cursor: str | None) -> View:
        """Read the page that starts at `cursor`. Raises Invalid."""
        page = exclusions.exclusion_page(exclusions.narrowed(filters, reader_zone()), cursor)
        origins = origins_of((row.channel, row.key) for row in page.items)
        return cls(filters, page, cursor, origins, entries_of(page.items))

    @property
    def chips(self) -> list[Active]:
        """The active filters, each with what remains without it."""
        return list(active_filters(self.filters, {}, changed="Opted out"))

    @property
    def here(self) -> str:
        """The address of this page."""
        return self.at(self.filters, self.cursor)

    def page_at(self, cursor: str) -> str:
        """Give the address of another page of it."""
        return self.at(self.filters, cursor)

    def by_source(self, source: str | None) -> str:
        """Give the address of the same filters with another source, or with all of them."""
        return self.at(replace(self.filters, source=Source(source) if source else None))

    def add(self, row: Exclusion) -> str:
        """Give the form that adds an address as a contact, filled in."""
        field = "email" if row.channel is Channel.EMAIL else "phone"
        filled = {field: row.address, "next": self.here}
        return f"{url_for('contact_forms.new')}?{urlencode(filled)}"

    def on_channel(self, channel: Channel) -> str:
        """Give the address of the same filters on another channel."""
        return self.at(replace(self.filters, channel=channel))

    def cleared(self) -> str:
        """Give the address without any filter."""
        return self.at(Filters(channel=self.filters.channel))

    def other(self, endpoint: str) -> str:
        """Give the address of the file or the count of exactly this."""
        return f"{url_for(endpoint)}?{urlencode(self.filters.params())}"

    def at(self, filters: Filters, cursor: str | None = None) -> str:
        """Give the address of a page with these filters."""
        params = [*filters.params(), *([("cursor", cursor)] if cursor else [])]
        return f"{url_for('exclusions.show')}?{urlencode(params)}"


@blueprint.get("/audience/exclusions")
@requires(Right.SEE)
def show() -> ResponseReturnValue:
    """Show a page of the exclusion list as the address asks for it."""
    number = change_number()
    view = View.of(_asked_for(), request.args.get("cursor"))
    response = page_or_fragment(
        "audience/exclusions.html",
        "audience/exclusion_results.html",
        view=view,
        sources=SOURCES,
        change_number=number,
    )
    if wants_fragment() and request.headers.get("HX-Source") != "section#results":
        response.headers["HX-Push-Url"] = view.here
    return response


@blueprint.get("/audience/exclusions/counts")
@requires(Right.SEE)
def counts() -> ResponseReturnValue:
    """Give the numbers beside the tabs; fetched after the rows."""
    filters, zone = _asked_for(), reader_zone()
    each = {channel: replace(filters, channel=channel) for channel in Channel}
    found = {
        channel: capped(exclusions.count_exclusions(exclusions.narrowed(asked, zone)))
        for channel, asked in each.items()
    }
    return render_template("audience/counts.html", filters=filters, counts=found)


@blueprint.get("/audience/exclusions.csv")
@requires(Right.WORK)
def export() -> ResponseReturnValue:
    """Send exactly what is filtered as a CSV file."""
    return send_csv(Asked(What.OPT_OUTS, _asked_for(), reader_zone()))


@blueprint.get("/audience/exclusions.xlsx")
@requires(Right.WORK)
def export_xlsx() -> ResponseReturnValue:
    """Send it as an Excel file, or begin to make it."""
    return send_workbook(Asked(What.OPT_OUTS, _asked_for(), reader_zone()))


def _asked_for() -> Filters:
    """Read `channel`, `source`, `from`, `to`, `last` and `q`; the list has no other filters."""
    asked = parse_filters(request.args.to_dict(flat=False))
    return Filters(channel=asked.channel, source=asked.source, days=asked.days, search=asked.search)
