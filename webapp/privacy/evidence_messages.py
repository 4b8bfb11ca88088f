"""The messages of an address as evidence: what stood when each left, and what an event stopped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from webapp.contacts.rules import Channel, State
from webapp.core.db import db
from webapp.message_templates.models import Template
from webapp.outbox.models import Message
from webapp.outbox.rules import Status
from webapp.privacy.evidence_chain import Course

MOST_MESSAGES = 200
# However many messages an address has, what was cancelled is looked for among its newest.
MOST_LOOKED_AT = 20_000
# A claim that was given back left nothing, whatever moment it bears.
NEVER_LEFT = (Status.SCHEDULED, Status.CANCELLED, Status.SKIPPED)


@dataclass(frozen=True)
class Sent:
    """A message, with the name of its template where it has one."""

    message: Message
    template: str | None


@dataclass(frozen=True)
class Left:
    """A message and the state that stood when it was taken for sending; None if it never was."""

    message: Message
    template: str | None
    stood: State | None


@dataclass(frozen=True)
class Cancelled:
    """What an event cancelled: how many, and the newest of them."""

    count: int = 0
    newest: list[Sent] = field(default_factory=list)


NONE = Cancelled()


def left_for(channel: Channel, key: bytes, course: Course) -> tuple[list[Left], bool]:
    """Give the newest messages to a channel and key, and whether there are more."""
    newest = (
        select(Message, Template.name)
        .outerjoin(Template, Template.id == Message.template_id)
        .where(Message.key == key, Message.channel == channel)
        .order_by(Message.id.desc())
        .limit(MOST_MESSAGES + 1)
    )
    found = [Left(m, name, _stood(m, course)) for m, name in db.session.execute(newest)]
    return found[:MOST_MESSAGES], len(found) > MOST_MESSAGES


def _stood(message: Message, course: Course) -> State | None:
    left = message.claimed_at is not None and message.status not in NEVER_LEFT
    return course.at(message.claimed_at) if left and message.claimed_at else None


def cancelled_by(channel: Channel, key: bytes) -> dict[int, Cancelled]:
    """Give what consent events cancelled of what waited for a channel and key, by event."""
    recent = (
        select(Message.id, Message.status, Message.event_id)
        .where(Message.key == key, Message.channel == channel)
        .order_by(Message.id.desc())
        .limit(MOST_LOOKED_AT)
        .subquery()
    )
    stopped = (recent.c.status == Status.CANCELLED) & recent.c.event_id.is_not(None)
    counting = select(recent.c.event_id, func.count()).where(stopped)
    found = db.session.execute(counting.group_by(recent.c.event_id))
    counts: dict[int, int] = {row[0]: row[1] for row in found}
    chosen = select(recent.c.id).where(stopped).order_by(recent.c.id.desc()).limit(MOST_MESSAGES)
    newest: dict[int, list[Sent]] = {}
    if counts:
        for sent in _read(chosen):
            newest.setdefault(sent.message.event_id or 0, []).append(sent)
    return {event: Cancelled(count, newest.get(event, [])) for event, count in counts.items()}


def confirmations_of(event_ids: Sequence[int]) -> dict[int, Sent]:
    """Give the confirmation of each event that has one."""
    message = aliased(Message)
    ids = select(message.id).where(message.confirms_event_id.in_(event_ids))
    return {sent.message.confirms_event_id or 0: sent for sent in _read(ids)}


def _read(ids: Select[int]) -> list[Sent]:
    query = (
        select(Message, Template.name)
        .outerjoin(Template, Template.id == Message.template_id)
        .where(Message.id.in_(ids))
        .order_by(Message.id.desc())
    )
    return [Sent(message, name) for message, name in db.session.execute(query)]
