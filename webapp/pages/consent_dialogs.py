"""A contact's menu, and its dialogs over several channels: Unsubscribe and Resubscribe."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.accounts.access import actor, allowed, requires
from webapp.accounts.rules import Right
from webapp.consent import several
from webapp.consent.card import card_of
from webapp.consent.forms import LONGEST, read_record
from webapp.consent.outcomes import Acts, Outcome
from webapp.consent.service import settle
from webapp.consent.takebacks import take_back_all
from webapp.contacts.queries import contact_of
from webapp.core.db import transaction
from webapp.core.errors import Conflict, Invalid, NotFound
from webapp.core.web import local_path
from webapp.core.zones import reader_zone
from webapp.pages.channel_choices import (
    nothing_to_opt_in_to,
    nothing_to_opt_out_of,
    read_channels,
)
from webapp.pages.consent_forms import Errors, asked_channels, back_of, opt_in_form, opt_out_form
from webapp.pages.consent_words import say_opted_in, say_opted_out, say_stands, say_taken_back
from webapp.pages.presentation import dialog_done, toast, undo_of

blueprint = Blueprint("consent_dialogs", __name__)

CHOOSE = "Choose at least one channel."
TOO_LONG = f"Write {LONGEST} characters at most."
MOST_UNDONE = 500


@blueprint.get("/contacts/<id:contact_id>/actions")
@requires(Right.SEE)
def actions(contact_id: int) -> ResponseReturnValue:
    """Show what can be done with a contact: the row's menu as a page."""
    contact = contact_of(contact_id)
    card = card_of(contact)
    return render_template(
        "consents/actions.html",
        contact=contact,
        card=card,
        no_unsubscribe=nothing_to_opt_out_of(card),
        no_resubscribe=nothing_to_opt_in_to(card),
        channels=asked_channels(),
        back=back_of(contact_id),
    )


@blueprint.get("/contacts/<id:contact_id>/unsubscribe")
@requires(Right.OPT_OUT)
def unsubscribe(contact_id: int) -> ResponseReturnValue:
    """Show the channels to opt out of, with what each would cancel."""
    return opt_out_form(contact_id, asked_channels())


@blueprint.post("/contacts/<id:contact_id>/unsubscribe")
@requires(Right.OPT_OUT)
def mark_unsubscribed(contact_id: int) -> ResponseReturnValue:
    """Opt a contact out of the chosen channels, and answer when nothing more can leave."""
    chosen, reason = read_channels(request.form.getlist("on")), request.form.get("reason", "")
    errors: Errors = {} if chosen else {"on": CHOOSE}
    if len(reason) > LONGEST:
        errors["reason"] = TOO_LONG
    if errors:
        return opt_out_form(contact_id, chosen, errors), 422
    who = actor()
    done = _of_one(lambda: several.opt_out([contact_id], chosen, who, reason.strip()))
    settle(done.changes, also=done.places)
    undo = undo_of(done.event_ids) if allowed(Right.OPT_IN) else None
    toast(say_opted_out(done, contact_of(contact_id).display_name), undo=undo)
    return dialog_done(back_of(contact_id))


@blueprint.get("/contacts/<id:contact_id>/resubscribe")
@requires(Right.OPT_IN)
def resubscribe(contact_id: int) -> ResponseReturnValue:
    """Show the channels to opt in to, with who opted out, and the record of consent to fill in."""
    return opt_in_form(contact_id, asked_channels(), {})


@blueprint.post("/contacts/<id:contact_id>/resubscribe")
@requires(Right.OPT_IN)
def mark_resubscribed(contact_id: int) -> ResponseReturnValue:
    """Opt a contact in to the chosen channels with one record; 409 where an opt-out stands."""
    chosen = read_channels(request.form.getlist("on"))
    record, errors = read_record(request.form, reader_zone())
    if not chosen:
        errors["on"] = CHOOSE
    if record is None or errors:
        return opt_in_form(contact_id, chosen, errors), 422
    given, who = record, actor()
    try:
        done = _of_one(lambda: several.opt_in([contact_id], chosen, given, who))
    except Invalid as error:
        return opt_in_form(contact_id, chosen, {"when": error.message}), 422
    if said := say_opted_in(done, contact_of(contact_id).display_name):
        toast(said, undo=undo_of(done.event_ids))
    if stands := say_stands(done, given):
        still = [channel for channel, _ in stands]
        return opt_in_form(contact_id, still, {}, [why for _, why in stands]), 409
    return dialog_done(back_of(contact_id))


@blueprint.post("/consents/undo")
@requires(Right.OPT_IN)
def undo() -> ResponseReturnValue:
    """Take back several of one's own changes of the last minute, as far as each can be."""
    asked = [text for text in request.form.getlist("event") if text.isdecimal() and len(text) < 19]
    done = transaction(lambda: take_back_all(map(int, asked[:MOST_UNDONE]), actor()))
    if not done.done and not done.kept:
        raise NotFound("Those changes are not there.")
    settle(done.changes, also=done.places)
    said = say_taken_back(done)
    if not done.done:
        raise Conflict(said)
    toast(said)
    return dialog_done(local_path(request.form.get("next"), url_for("audience.show")))


def _of_one(work: Callable[[], Acts]) -> Acts:
    """Change one contact's channels in a transaction. Raises NotFound."""
    done = transaction(work)
    if done.with_outcome(Outcome.GONE):
        raise NotFound("That contact is not there any more.")
    return done
