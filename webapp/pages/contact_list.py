"""Contacts: the list of everybody with their consent on all channels, its filters and files."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from webapp.accounts.access import requires
from webapp.accounts.rules import Right
from webapp.contacts.asked import Asked
from webapp.contacts.counting import count
from webapp.contacts.definitions import ASK_ALL
from webapp.contacts.leading import led_by_a_state
from webapp.core.prepared import ask_ahead
from webapp.core.web import page_or_fragment, wants_fragment
from webapp.core.zones import reader_zone
from webapp.events.service import ASK_NUMBER, change_number
from webapp.exports.asked import Asked as AskedFile
from webapp.exports.asked import What
from webapp.pages.bulk_forms import read_chosen
from webapp.pages.contact_list_view import SORTS, View, readable
from webapp.pages.export_files import send_csv, send_workbook
from webapp.pages.filter_tags import ask_choices
from webapp.pages.list_requests import asked_for, with_address
from webapp.pages.list_view import SEGMENTS_SHOWN
from webapp.segments.queries import ask_all

blueprint = Blueprint("contact_list", __name__)


@blueprint.get("/contacts")
@requires(Right.SEE, reads=True)
def show() -> ResponseReturnValue:
    """Show a page of the list as the address asks for it."""
    asks = [ASK_NUMBER, ASK_ALL]
    if not wants_fragment():
        asks += [ask_all(SEGMENTS_SHOWN), ask_choices(request.args.getlist("tag"))]
    ask_ahead(asks)
    number = change_number()  # before the rows: what is later will be noticed
    filters, known = asked_for()
    view = View.of(readable(filters), known, request.args.get("cursor"))
    response = page_or_fragment(
        "contact_list/page.html",
        "contact_list/results.html",
        view=view,
        sorts=SORTS,
        change_number=number,
    )
    return with_address(response, view)


@blueprint.get("/contacts/counts")
@requires(Right.SEE, reads=True)
def counts() -> ResponseReturnValue:
    """Give how many match; fetched after the rows, which never wait for it."""
    filters, known = asked_for()
    found = count(Asked(led_by_a_state(filters), reader_zone(), known))
    return render_template("audience/counts.html", counts={"all": found})


@blueprint.get("/contacts/export.csv")
@requires(Right.WORK)
def export() -> ResponseReturnValue:
    """Send the contacts that the address asks for, on all channels, as a CSV file."""
    return send_csv(_exported())


@blueprint.get("/contacts/export.xlsx")
@requires(Right.WORK)
def export_xlsx() -> ResponseReturnValue:
    """Send them as an Excel file, or begin to make it."""
    return send_workbook(_exported())


def _exported() -> AskedFile:
    """Read what the address asks for; the bar under the list sends all that match as a bulk form.

    Raises Invalid.
    """
    everything = bool(request.args.get("all"))
    filters = read_chosen(request.args).selection.filters if everything else asked_for()[0]
    return AskedFile(What.EVERYBODY, readable(filters), reader_zone())
