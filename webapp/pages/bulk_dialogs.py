"""The dialogs of the bulk actions: whom each is for, and what it will do."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from webapp.bulk.asked import Deed
from webapp.bulk.sizes import Size, size_of
from webapp.consent.foreseen import stops_all
from webapp.consent.forms import HOW
from webapp.contacts.active_filters import Active, active_filters
from webapp.contacts.definitions import definitions
from webapp.contacts.rules import Channel
from webapp.contacts.tags import tag_names
from webapp.core.db import db
from webapp.core.web import page_or_fragment, wants_fragment
from webapp.core.words import counted
from webapp.core.zones import reader_zone
from webapp.pages.bulk_forms import Chosen, Errors, read_chosen
from webapp.pages.channel_choices import read_channels
from webapp.segments.queries import name_of

# From how many on whoever opts out or in has to write the number down.
TYPED_ABOVE = 1000
GROWN = 1.01  # a number that was read may be this much too low, since the list lives
CONSENT = (Deed.OPT_OUT, Deed.OPT_IN)
TITLES = {
    Deed.OPT_OUT: "Opt out",
    Deed.OPT_IN: "Opt in",
    Deed.TAG: "Add a tag",
    Deed.UNTAG: "Remove a tag",
}


def dialog(deed: Deed, errors: Errors | None = None) -> ResponseReturnValue:
    """Answer with a deed's dialog; with what is wrong, and 422, where something is.

    The numbers of all that match come after the dialog where a script can fetch them.
    """
    db.session.rollback()
    chosen = read_chosen(request.values)
    late = chosen.everything and wants_fragment() and not errors
    part = f"bulk/{deed.name.lower()}.html"
    answer = page_or_fragment(
        "components/dialog_page.html",
        part,
        part=part,
        title=TITLES[deed],
        in_dialog=wants_fragment(),
        ways=[(how, how) for how in HOW],
        zone=reader_zone().key,
        tags=tag_names() if deed not in CONSENT else [],
        **_sized(deed, chosen, None if late else _size(deed, chosen), errors or {}),
    )
    return answer, 422 if errors else 200


def sized(deed: Deed) -> str:
    """Give the part of a deed's dialog that has the numbers, with them."""
    chosen = read_chosen(request.args)
    return render_template("bulk/sized.html", **_sized(deed, chosen, _size(deed, chosen), {}))


def unconfirmed(deed: Deed, people: int) -> str:
    """Say what is missing from a confirmation of very many; empty where nothing is."""
    if people <= TYPED_ABOVE or deed not in CONSENT:
        return ""
    typed = "".join(filter(str.isdecimal, request.form.get("confirm", "")))[:18]
    if not typed or typed != request.form.get("shown"):
        return f"Type {people:,} to confirm."
    if people > int(typed) * GROWN:
        return f"They are {people:,} by now. Type that to confirm."
    return ""


def _size(deed: Deed, chosen: Chosen) -> Size:
    return size_of(chosen.selection, foreseeing=deed is Deed.OPT_OUT)


def _sized(deed: Deed, chosen: Chosen, known: Size | None, errors: Errors) -> dict[str, Any]:
    """Give what the part of a dialog needs that has the numbers."""
    ticked = read_channels(request.values.getlist("on"))
    return {
        "deed": deed,
        "chosen": chosen,
        "size": known,
        "errors": errors,
        "on": ticked or ([chosen.channel] if chosen.channel and request.method == "GET" else []),
        "channels": list(Channel),
        "all_stop": deed is Deed.OPT_OUT and stops_all(),
        "consent_deeds": CONSENT,
        "asked": _in_words(chosen) if chosen.everything else [],
        "who": counted(known.people, "contact") if known else "all contacts that match",
        "typed": bool(known and known.people > TYPED_ABOVE and deed in CONSENT),
    }


def _in_words(chosen: Chosen) -> list[Active]:
    """Give the filters that all of them match, in words."""
    labels = {definition.name: definition.label for definition in definitions()}
    filters = chosen.selection.filters
    return list(active_filters(filters, labels, segment=name_of(filters.segment)))
