"""One contact: who they are, their Communication Preferences, messages to them, their timeline."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.accounts.access import requires
from webapp.accounts.rules import Right
from webapp.consent.card import card_of
from webapp.contacts.attributes import kind_of, show_value
from webapp.contacts.definitions import definitions
from webapp.contacts.models import Contact
from webapp.contacts.queries import contact_of
from webapp.core.errors import NotFound
from webapp.core.web import see_other, wants_fragment
from webapp.delivery.forms import MessageForm, channel_for, message_form
from webapp.events.service import change_number
from webapp.opportunities.queries import of_contact
from webapp.outbox.dispatch import messages_to
from webapp.pages.channel_choices import nothing_to_opt_in_to, nothing_to_opt_out_of
from webapp.pages.decisions import decisions_of
from webapp.pages.may_send import may_send_of
from webapp.pages.presentation import toast
from webapp.pages.timeline import read_many, timeline_of
from webapp.pages.way_back import way_back
from webapp.privacy.merged_into import merged_into

blueprint = Blueprint("contacts", __name__)


@blueprint.get("/contacts/<id:contact_id>")
@requires(Right.SEE)
def show(contact_id: int) -> ResponseReturnValue:
    """Show a contact; one that was merged into another leads there."""
    number = change_number()
    try:
        contact = contact_of(contact_id)
    except NotFound:
        kept = merged_into(contact_id)
        if kept is None:
            raise
        toast(f"Contact {contact_id} was merged into {kept.name or 'this contact'}.")
        asked = request.args.get("next")
        return see_other(url_for("contacts.show", contact_id=kept.id, next=asked))
    form = message_form(contact, channel_for(contact, request.args), request.args)
    return render_template(
        "contacts/show.html",
        change_number=number,
        form=form,
        way_back=way_back(),
        **_live(contact, form),
    )


@blueprint.get("/contacts/<id:contact_id>/live")
@requires(Right.SEE)
def live(contact_id: int) -> ResponseReturnValue:
    """Give the parts of the page that change by themselves, each for its place."""
    contact = contact_of(contact_id)
    channel = channel_for(contact, request.args)
    form = message_form(contact, channel, request.args)
    return render_template("contacts/live.html", **_live(contact, form))


@blueprint.get("/contacts/<id:contact_id>/timeline")
@requires(Right.SEE)
def timeline(contact_id: int) -> ResponseReturnValue:
    """Give so many lines of the timeline."""
    if not wants_fragment():
        many = read_many(request.args)
        return see_other(url_for("contacts.show", contact_id=contact_id, moments=many))
    shown = timeline_of(contact_id, read_many(request.args))
    contact = contact_of(contact_id)
    return render_template("contacts/timeline.html", contact=contact, timeline=shown)


def _live(contact: Contact, form: MessageForm) -> dict[str, Any]:
    waiting, ended = messages_to(contact.id)
    card, may_send = card_of(contact), may_send_of(contact)
    return {
        "contact": contact,
        "attributes": _attributes(contact),
        "card": card,
        "no_unsubscribe": nothing_to_opt_out_of(card),
        "no_resubscribe": nothing_to_opt_in_to(card),
        "waiting": waiting,
        "ended": ended,
        "decisions": decisions_of([*waiting, *ended]),
        "may_send": may_send,
        "by_hand": may_send.by_hand(form.channel, form.category),
        "opportunities": of_contact(contact.id),
        "timeline": timeline_of(contact.id, read_many(request.args)),
    }


def _attributes(contact: Contact) -> list[tuple[str, str]]:
    """Give the attributes that a contact has, with their labels, in the account's order."""
    return [
        (
            definition.label,
            show_value(contact.attributes[definition.name], kind_of(definition.kind)),
        )
        for definition in definitions()
        if contact.attributes.get(definition.name) not in (None, "")
    ]
