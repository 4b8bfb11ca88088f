"""/messages: sending one, and what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from apiflask import APIBlueprint
from flask import Response
from pydantic import Field, StringConstraints

from webapp.accounts.access import actor, allowed, requires
from webapp.accounts.rules import Right
from webapp.api.addresses import address_on, any_address
from webapp.api.consents import Line
from webapp.api.idempotency import answer_once
from webapp.api.moments import Moment
from webapp.api.schemas import Answer, Body, Id, Items, Paged
from webapp.contacts.addresses import key_of
from webapp.contacts.models import Contact
from webapp.contacts.rules import Channel
from webapp.core.db import db
from webapp.core.errors import Conflict, Invalid, NotFound
from webapp.delivery.channels import LONGEST
from webapp.delivery.sentences import explain
from webapp.delivery.service import cancel_message, compose
from webapp.message_templates.models import Template
from webapp.message_templates.queries import templates_for
from webapp.outbox.message_list import MessageFilter, message_page
from webapp.outbox.models import Message
from webapp.outbox.rules import Category, Origin, Reason, Status
from webapp.receipts.links import without_tokens

blueprint = APIBlueprint("messages", __name__, tag="Messages")

Name = Annotated[str, StringConstraints(min_length=1, max_length=512)]
Variable = Annotated[str, StringConstraints(max_length=1024)]


class MessageIn(Body):
    """A message to send: `to` an address or to a `contact_id`; a `text`, or a `template`.

    `template` is a name, with its `language` where it has several; `variables` are its values by
    number. `category` may only make it stricter. Without `send_at` it leaves now.
    """

    channel: Channel
    to: Line | None = None
    contact_id: Id | None = None
    text: Annotated[str, StringConstraints(max_length=max(LONGEST.values()))] | None = None
    template: Name | None = None
    language: Annotated[str, StringConstraints(min_length=1, max_length=15)] | None = None
    variables: dict[Annotated[str, StringConstraints(max_length=2)], Variable] | None = None
    category: Category | None = None
    send_at: Moment | None = None


class MessageOut(Answer):
    """A message and what became of it; `explanation` says it in a sentence.

    Where consent decided, `rule` is the line of the table and `event_id` the consent event.
    """

    id: int
    status: Status
    reason: Reason | None
    explanation: str
    rule: str | None
    event_id: int | None
    channel: Channel
    to: str
    contact_id: int | None
    origin: Origin
    category: Category
    text: str
    template: str | None
    send_at: datetime
    not_before: datetime
    created_at: datetime
    sent_at: datetime | None
    delivered_at: datetime | None
    read_at: datetime | None
    ended_at: datetime | None


class MessageQuery(Paged):
    """Which messages; `to` is an address."""

    channel: Channel | None = None
    status: Status | None = None
    origin: Origin | None = None
    reason: Reason | None = None
    contact_id: Annotated[int, Field(ge=1, le=2**63 - 1)] | None = None
    to: Line | None = None


class MessageList(Items):
    """A page of messages, newest first."""

    items: list[MessageOut]


@blueprint.post("/messages")
@requires(Right.WORK)
@blueprint.input(MessageIn, arg_name="said")
@blueprint.output(MessageOut, 202)
def send(said: MessageIn) -> Response:
    """Send a message now or later

    A message that consent forbids is accepted as `skipped`, with its reason.
    """
    return answer_once(lambda: (message_out(_composed(said)), 202))


@blueprint.get("/messages")
@requires(Right.SEE)
@blueprint.input(MessageQuery, location="query", arg_name="asked")
@blueprint.output(MessageList)
def index(asked: MessageQuery) -> dict[str, Any]:
    """The messages and what became of them"""
    page = message_page(
        MessageFilter(
            asked.channel,
            asked.status,
            asked.origin,
            asked.reason,
            asked.contact_id,
            key_of(any_address(asked.to)) if asked.to else None,
        ),
        asked.cursor,
        asked.limit,
    )
    return {"items": [message_out(m) for m in page.items], "next_cursor": page.next_cursor}


@blueprint.get("/messages/<id:message_id>")
@requires(Right.SEE)
@blueprint.output(MessageOut)
def show(message_id: int) -> MessageOut:
    """What became of a message"""
    return message_out(_message(message_id))


@blueprint.post("/messages/<id:message_id>/cancel")
@requires(Right.WORK)
@blueprint.output(MessageOut)
def cancel(message_id: int) -> Response:
    """Cancel a message that waits

    One that is cancelled already stays so; one that left, or ended otherwise, is a conflict.
    """
    return answer_once(lambda: (message_out(_cancelled(message_id)), 200))


def message_out(message: Message) -> MessageOut:
    """Give a message as calls are answered."""
    template = db.session.get(Template, message.template_id) if message.template_id else None
    return MessageOut(
        id=message.id,
        status=message.status,
        reason=message.reason,
        explanation=explain(message),
        rule=message.rule,
        event_id=message.event_id,
        channel=message.channel,
        to=message.address,
        contact_id=message.contact_id,
        origin=message.origin,
        category=message.category,
        text=message.body if allowed(Right.OPT_IN) else without_tokens(message.body),
        template=template.name if template else None,
        send_at=message.send_at,
        not_before=message.not_before,
        created_at=message.created_at,
        sent_at=message.sent_at,
        delivered_at=message.delivered_at,
        read_at=message.read_at,
        ended_at=message.ended_at,
    )


def _composed(said: MessageIn) -> Message:
    if (said.to is None) == (said.contact_id is None):
        raise Invalid("A message goes to an address or to a contact, one of them.", field="to")
    contact = db.session.get(Contact, said.contact_id) if said.contact_id else None
    if said.contact_id and contact is None:
        raise Invalid("There is no contact with this id.", field="contact_id")
    return compose(
        contact,
        said.channel,
        text=said.text,
        template=_template(said),
        variables=said.variables,
        category=said.category,
        origin=Origin.API,
        actor=actor(),
        send_at=said.send_at,
        address=address_on(said.channel, said.to, "to") if said.to is not None else None,
    )


def _template(said: MessageIn) -> Template | None:
    """Give the template that was named. Raises Invalid where there is none, or several."""
    if said.template is None:
        return None
    named = [t for t in templates_for(said.channel) if t.name == said.template]
    found = [t for t in named if said.language in (None, t.language)]
    if len(found) > 1:
        spoken = ", ".join(t.language for t in found)
        raise Invalid(f"This template has several languages: {spoken}.", field="language")
    if not found:
        raise Invalid(f"{said.channel.label} has no such approved template.", field="template")
    return found[0]


def _message(message_id: int) -> Message:
    message = db.session.get(Message, message_id, populate_existing=True)
    if message is None:
        raise NotFound("There is no message with this id.")
    return message


def _cancelled(message_id: int) -> Message:
    cancelled = cancel_message(message_id, actor())
    message = _message(message_id)
    if not cancelled and message.status is not Status.CANCELLED:
        raise Conflict(f"This message no longer waits: it is {message.status}.")
    return message
