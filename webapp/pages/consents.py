"""What a person does with a contact's consent: the toggle, the record of consent, undo."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.accounts.access import actor, allowed, requires
from webapp.accounts.rules import Right
from webapp.consent import toggles, undoing
from webapp.consent.card import card_of
from webapp.consent.forms import HOW, read_record
from webapp.consent.service import settle
from webapp.consent.toggles import Toggled
from webapp.contacts.models import Contact
from webapp.contacts.queries import contact_of
from webapp.contacts.rules import Channel, State
from webapp.core.db import transaction
from webapp.core.errors import Invalid, NotFound
from webapp.core.web import local_path, page_or_fragment, see_other, wants_fragment
from webapp.core.zones import exact, reader_zone
from webapp.pages import reports
from webapp.pages.presentation import dialog_done, toast

blueprint = Blueprint("consents", __name__)


@blueprint.post("/contacts/<id:contact_id>/consents/<channel>/opt-out")
@requires(Right.OPT_OUT)
def opt_out(contact_id: int, channel: str) -> ResponseReturnValue:
    """Opt a contact out of a channel, and answer when nothing more can leave."""
    if request.form.get("state") != State.OPTED_OUT:
        raise Invalid("Send state=opted_out.", field="state")
    done = transaction(lambda: toggles.opt_out(contact_id, _channel(channel), actor()))
    settle(done.changes, also=done.places)
    toast(say(done), undo=done.event_id if allowed(Right.OPT_IN) else None)
    return _card(contact_id)


@blueprint.get("/contacts/<id:contact_id>/consents/<channel>/opt-in")
@requires(Right.OPT_IN)
def record(contact_id: int, channel: str) -> ResponseReturnValue:
    """Show the form for the record of consent."""
    return _form(contact_of(contact_id), _channel(channel), {})


@blueprint.post("/contacts/<id:contact_id>/consents/<channel>/opt-in")
@requires(Right.OPT_IN)
def opt_in(contact_id: int, channel: str) -> ResponseReturnValue:
    """Opt a contact in with the record of consent; 422 with the form where it is not whole."""
    wanted = _channel(channel)
    found, errors = read_record(request.form, reader_zone())
    if found is None:
        return _form(contact_of(contact_id), wanted, errors), 422
    try:
        done = transaction(lambda: toggles.opt_in(contact_id, wanted, found, actor()))
    except Invalid as error:
        return _form(contact_of(contact_id), wanted, {"": error.message}), 422
    if done.against:
        return _form(contact_of(contact_id), wanted, {"": say(done)}), 409
    toast(say(done), undo=done.event_id)
    return dialog_done(_back(contact_id))


@blueprint.get("/contacts/<id:contact_id>/consents/<channel>/report")
@requires(Right.REPORT_OPT_OUT)
def ask_report(contact_id: int, channel: str) -> ResponseReturnValue:
    """Ask what the person said, before an opt-out is reported."""
    return reports.ask_report(*_reported(contact_id, _channel(channel)))


@blueprint.post("/contacts/<id:contact_id>/consents/<channel>/report")
@requires(Right.REPORT_OPT_OUT)
def report(contact_id: int, channel: str) -> ResponseReturnValue:
    """Hold the contact's marketing until an admin decides; `said` is what the person said."""
    on, who = _channel(channel), actor()
    return reports.report(
        *_reported(contact_id, on),
        lambda said: toggles.report_opt_out(contact_id, on, who, said),
    )


@blueprint.post("/consent-events/<id:event_id>/undo")
@requires(Right.OPT_IN)
def undo(event_id: int) -> ResponseReturnValue:
    """Take back one's own change of the last minute."""
    done = transaction(lambda: undoing.take_back(event_id, actor()))
    settle(done.changes, also=done.places)
    toast(f"Undone: {done.channel.label} is {done.state.label} again.")
    fallback = url_for("contacts.show", contact_id=done.contact.id) if done.contact else "/"
    return dialog_done(local_path(request.form.get("next"), fallback))


def say(done: Toggled) -> str:
    """Say in a sentence or two what a toggle came to."""
    name, channel = done.contact.display_name if done.contact else "", done.channel.label
    if done.against:
        stands = f"{name} opted out of {channel} on {exact(done.against.since, reader_zone())}"
        if done.against.contested_until:
            return f"{stands}, less than a minute before. Record it again in a minute."
        return f"{stands}, after this consent was given, so the opt-out stands."
    said = f"{name} is {done.state.label} of {channel}."
    if done.state is State.OPTED_IN:
        said = f"{name} is {done.state.label} to {channel}."
    if done.cancelled:
        one = done.cancelled == 1
        said += f" {done.cancelled} waiting message{' was' if one else 's were'} cancelled."
    return said


def _channel(word: str) -> Channel:
    try:
        return Channel(word)
    except ValueError:
        raise NotFound("There is no such channel.") from None


def _back(contact_id: int) -> str:
    fallback = url_for("contacts.show", contact_id=contact_id)
    return local_path(request.values.get("next"), fallback)


def _card(contact_id: int) -> ResponseReturnValue:
    """Answer with the card anew, or go back to where the toggle stood."""
    if not wants_fragment():
        return see_other(_back(contact_id))
    contact = contact_of(contact_id)
    answer = make_response(
        render_template("contacts/preferences_changed.html", contact=contact, card=card_of(contact))
    )
    answer.headers["HX-Trigger"] = "heed:change"
    return answer


def _form(contact: Contact, channel: Channel, errors: dict[str, str]) -> Response:
    return page_or_fragment(
        "contacts/opt_in_page.html",
        "contacts/opt_in.html",
        contact=contact,
        channel=channel,
        errors=errors,
        choices=[(how, how) for how in HOW],
        back=_back(contact.id),
        in_dialog=wants_fragment(),
        zone=reader_zone().key,
    )


def _reported(contact_id: int, channel: Channel) -> tuple[str, Channel, str, str]:
    """Give what the dialog of a report needs: the name, the channel, its form's address, the way back."""
    name = contact_of(contact_id).display_name
    here = url_for("consents.report", contact_id=contact_id, channel=channel)
    return name, channel, here, _back(contact_id)
