"""Writing a message to a contact, and cancelling one that waits."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.accounts.access import actor, requires
from webapp.accounts.rules import Right
from webapp.contacts.models import Contact
from webapp.contacts.queries import contact_of
from webapp.contacts.rules import Channel
from webapp.core import clock
from webapp.core.db import transaction
from webapp.core.errors import Conflict, Invalid
from webapp.core.web import local_path, page_or_fragment, see_other, wants_fragment
from webapp.core.zones import reader_zone, spoken
from webapp.delivery import service
from webapp.delivery.forms import (
    MessageForm,
    channel_for,
    message_form,
    read_override,
    read_send_at,
    refuse_closed,
)
from webapp.delivery.sentences import explain
from webapp.delivery.service import WarningNeeded
from webapp.outbox.models import Message
from webapp.outbox.rules import SENTENCES, Origin, Status
from webapp.pages.may_send import ByHand, may_send_of
from webapp.pages.presentation import dialog_done, toast

blueprint = Blueprint("messages", __name__)

ABOUT_A_FIELD = ("text", "send_at", "subject")


@blueprint.get("/contacts/<id:contact_id>/messages/new")
@requires(Right.WORK)
def write(contact_id: int) -> ResponseReturnValue:
    """Give the form anew for the channel or template chosen; without htmx on the contact's page."""
    if not wants_fragment():
        channel, template = request.args.get("channel"), request.args.get("template")
        chosen = url_for("contacts.show", contact_id=contact_id, channel=channel, template=template)
        return see_other(chosen)
    return _form(contact_id, {})


@blueprint.post("/contacts/<id:contact_id>/messages")
@requires(Right.WORK)
def send(contact_id: int) -> ResponseReturnValue:
    """Send now, or schedule; somebody opted out is sent to by hand only after a warning."""
    try:
        message = transaction(lambda: _compose(contact_id))
    except WarningNeeded as warning:
        return _warn(contact_id, warning)
    except (Invalid, Conflict) as error:
        field = error.field or ""
        known = field in ABOUT_A_FIELD or field.startswith("variable_")
        return _form(contact_id, {field if known else "": error.message}), error.status
    toast(_said(message))
    return _sent(contact_id, message.channel)


@blueprint.post("/messages/<id:message_id>/cancel")
@requires(Right.WORK)
def cancel(message_id: int) -> ResponseReturnValue:
    """Cancel a message that waits."""
    cancelled = transaction(lambda: service.cancel_message(message_id, actor()))
    toast("Message cancelled." if cancelled else "Too late: this message no longer waits.")
    return dialog_done(local_path(request.form.get("next"), url_for("dispatcher.show")))


def _compose(contact_id: int) -> Message:
    """Admit what the form says, in the open transaction."""
    values, contact = request.form, contact_of(contact_id)
    form = message_form(contact, channel_for(contact, values), values)
    send_at = read_send_at(values, reader_zone())
    if send_at is None:
        refuse_closed(form)
    return service.compose(
        contact,
        form.channel,
        text=None if form.template else form.text,
        template=form.template,
        variables=form.said,
        origin=Origin.SCHEDULED if send_at else Origin.MANUAL,
        actor=actor(),
        send_at=send_at,
        override=read_override(values),
    )


def _said(message: Message) -> str:
    """Say what became of a message that was just written."""
    if message.status is not Status.SCHEDULED:
        return explain(message)
    if message.origin is Origin.SCHEDULED:
        return f"Scheduled: {spoken(message.send_at, clock.now(), reader_zone())}."
    if message.reason is not None:
        return f"It waits. {SENTENCES[message.reason]}"
    return "On its way."


def _form(contact_id: int, errors: dict[str, str]) -> Response:
    contact = contact_of(contact_id)
    form = message_form(contact, channel_for(contact, request.values), request.values, errors)
    return page_or_fragment(
        "contacts/messaging_page.html",
        "contacts/messaging.html",
        contact=contact,
        form=form,
        by_hand=_by_hand(contact, form),
    )


def _by_hand(contact: Contact, form: MessageForm) -> ByHand:
    return may_send_of(contact).by_hand(form.channel, form.category)


def _warn(contact_id: int, warning: WarningNeeded) -> ResponseReturnValue:
    """Ask before a message leaves for somebody opted out, and carry what was written along."""
    contact = contact_of(contact_id)
    form = message_form(contact, channel_for(contact, request.form), request.form)
    kept = [(n, v) for n, v in request.form.items() if n not in ("csrf_token", "override")]
    answer = page_or_fragment(
        "contacts/warning_page.html",
        "contacts/warning.html",
        contact=contact,
        channel=form.channel,
        warning=warning,
        kept=kept,
        form=form,
        by_hand=_by_hand(contact, form),
    )
    answer.headers["HX-Retarget"] = "#dialog"
    answer.headers["HX-Reswap"] = "innerHTML"
    return answer, 409


def _sent(contact_id: int, channel: Channel) -> ResponseReturnValue:
    if not wants_fragment():
        return see_other(url_for("contacts.show", contact_id=contact_id, channel=channel))
    contact = contact_of(contact_id)
    form = message_form(contact, channel, {})
    answer = make_response(
        render_template(
            "contacts/messaging_sent.html",
            contact=contact,
            form=form,
            by_hand=_by_hand(contact, form),
        )
    )
    answer.headers["HX-Trigger"] = "dialog:close, heed:change"
    return answer
