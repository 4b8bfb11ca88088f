"""The Unsubscribe and Resubscribe dialogs as forms: what they show, and where they lead back."""

from __future__ import annotations

from collections.abc import Collection

from flask import Response, request, url_for

from webapp.consent.foreseen import stops_all
from webapp.consent.forms import HOW
from webapp.contacts.models import Contact
from webapp.contacts.queries import contact_of
from webapp.contacts.rules import Channel
from webapp.core.db import db
from webapp.core.web import local_path, page_or_fragment, wants_fragment
from webapp.core.zones import reader_zone
from webapp.pages.channel_choices import Choice, to_opt_in_to, to_opt_out_of

Errors = dict[str, str]


def asked_channels() -> list[Channel]:
    """Give the channels that the address asks to be ticked; a word that is none is left out."""
    words = request.args.getlist("channel")
    return [channel for channel in Channel if channel in words]


def back_of(contact_id: int) -> str:
    """Give where a dialog of a contact leads back to."""
    fallback = url_for("contacts.show", contact_id=contact_id)
    return local_path(request.values.get("next"), fallback)


def opt_out_form(
    contact_id: int, chosen: Collection[Channel], errors: Errors | None = None
) -> Response:
    """Answer with the channels to opt out of, each with what it would cancel. Raises NotFound."""
    contact = contact_of(contact_id)
    return _dialog(
        "consents/unsubscribe.html",
        contact,
        to_opt_out_of(contact, chosen),
        errors or {},
        stops_all=stops_all(),
    )


def opt_in_form(
    contact_id: int, chosen: Collection[Channel], errors: Errors, stands: Collection[str] = ()
) -> Response:
    """Answer with the channels to opt in to, and the record. Raises NotFound.

    `stands` are sentences about opt-outs that a record did not lift. Asked for the first time,
    the only channel that is possible is chosen; what was sent is shown as it was.
    """
    db.session.rollback()  # what was read before a change is not what stands now
    contact = contact_of(contact_id)
    return _dialog(
        "consents/resubscribe.html",
        contact,
        to_opt_in_to(contact, chosen, only=request.method == "GET"),
        errors,
        stands=stands,
        how=[(how, how) for how in HOW],
        zone=reader_zone().key,
    )


def _dialog(
    part: str, contact: Contact, choices: list[Choice], errors: Errors, **more: object
) -> Response:
    return page_or_fragment(
        "components/dialog_page.html",
        part,
        part=part,
        contact=contact,
        choices=choices,
        errors=errors,
        back=back_of(contact.id),
        in_dialog=wants_fragment(),
        **more,
    )
