"""Opt-In/Opt-Out: the list of contacts with a toggle on one channel, its filters and exports."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.accounts.access import actor, allowed, requires
from webapp.accounts.rules import Right
from webapp.consent import toggles
from webapp.consent.service import settle
from webapp.contacts.definitions import definitions
from webapp.contacts.filters import parse_filters
from webapp.contacts.rows import row_of
from webapp.contacts.rules import Channel
from webapp.core.db import transaction
from webapp.core.reading import only_reads
from webapp.core.web import local_path, page_or_fragment, see_other, wants_fragment
from webapp.core.zones import reader_zone
from webapp.events.service import change_number
from webapp.exports.asked import Asked, What
from webapp.pages.audience_links import RowLinks
from webapp.pages.audience_rows import lines_of
from webapp.pages.audience_view import (
    CHANNEL,
    SORTS,
    SOURCES,
    View,
    ask_around,
    counts_of,
)
from webapp.pages.bulk_forms import read_chosen
from webapp.pages.consents import say
from webapp.pages.export_files import send_csv, send_workbook
from webapp.pages.list_requests import asked_for, with_address
from webapp.pages.presentation import toast
from webapp.pages.toggle_terms import toggle_terms

blueprint = Blueprint("audience", __name__)


@blueprint.get("/audience")
@requires(Right.SEE, reads=True)
def show() -> ResponseReturnValue:
    """Show a page of the list as the address asks for it."""
    filters = parse_filters(request.args.to_dict(flat=False))
    ask_around(filters, panel=not wants_fragment())
    number = change_number()  # before the rows: what is later will be noticed
    view = View.of(filters, definitions(), cursor=request.args.get("cursor"))
    response = page_or_fragment(
        "audience/page.html",
        "audience/results.html",
        view=view,
        sources=SOURCES,
        sorts=SORTS,
        change_number=number,
    )
    return with_address(response, view)


@blueprint.get("/audience/counts")
@requires(Right.SEE, reads=True)
def counts() -> ResponseReturnValue:
    """Give the numbers beside tabs and states; fetched after the rows, which never wait for it."""
    filters, known = asked_for()
    return render_template(
        "audience/counts.html",
        filters=filters,
        counts=counts_of(filters, known),
    )


@blueprint.post(f"/audience/{CHANNEL}/<id:contact_id>/opt-out")
@requires(Right.OPT_OUT)
def opt_out(channel: str, contact_id: int) -> ResponseReturnValue:
    """Opt a contact out, and answer with the row when nothing more can leave."""
    who = actor()
    done = transaction(lambda: toggles.opt_out(contact_id, Channel(channel), who))
    settle(done.changes, also=done.places)
    toast(say(done), undo=done.event_id if allowed(Right.OPT_IN) else None)
    back = local_path(request.form.get("next"), url_for("audience.show", channel=channel))
    if not wants_fragment():
        return see_other(back)
    only_reads()
    row, terms = row_of(contact_id, Channel(channel)), toggle_terms(Channel(channel))
    return render_template(
        "audience/row_changed.html",
        lines=lines_of([row], definitions(), terms),
        terms=terms,
        links=RowLinks.of(row.channel, back),
        channel=row.channel,
    )


@blueprint.get("/audience/export.csv")
@requires(Right.WORK)
def export() -> ResponseReturnValue:
    """Send the contacts that the address asks for as a CSV file."""
    return send_csv(_exported())


@blueprint.get("/audience/export.xlsx")
@requires(Right.WORK)
def export_xlsx() -> ResponseReturnValue:
    """Send them as an Excel file, or begin to make it."""
    return send_workbook(_exported())


def _exported() -> Asked:
    """Read what the address asks for; the bar under the list sends all that match as a bulk form.

    Raises Invalid.
    """
    everything = bool(request.args.get("all"))
    filters = read_chosen(request.args).selection.filters if everything else asked_for()[0]
    return Asked(What.CONTACTS, filters, reader_zone())
