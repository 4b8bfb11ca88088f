"""Answering in a conversation."""

from __future__ import annotations

from collections.abc import Mapping

from webapp.accounts.rules import Actor
from webapp.core.errors import Conflict
from webapp.delivery import service as delivery
from webapp.delivery.forms import MessageForm, message_form, refuse_closed
from webapp.inbox.stance import stance_of
from webapp.inbox.talks import Talk, talk_of
from webapp.outbox.models import Message
from webapp.outbox.rules import Origin


def answer_form(
    talk: Talk, values: Mapping[str, str], errors: dict[str, str] | None = None
) -> MessageForm:
    """Give the form of an answer as `values` have it so far."""
    return message_form(talk.person, talk.channel, values, errors)


def answer(
    conversation_id: int, values: Mapping[str, str], actor: Actor, override: int | None = None
) -> Message:
    """Send what a form says in a conversation, by hand and now, in the open transaction.

    `override` is the opt-out that somebody saw and replies past, while the customer's own last
    message is fresh; a newer one still stops it. Raises NotFound, Invalid, Conflict, and
    WarningNeeded as `delivery.compose` does.
    """
    talk = talk_of(conversation_id)
    form = answer_form(talk, values)
    refuse_closed(form)
    if override is not None and (why_not := stance_of(talk).no_reply):
        raise Conflict(why_not)
    return delivery.compose(
        talk.contact,
        talk.channel,
        text=None if form.template else form.text,
        template=form.template,
        variables=form.said,
        origin=Origin.MANUAL,
        actor=actor,
        override=override,
        address=talk.address,
    )
