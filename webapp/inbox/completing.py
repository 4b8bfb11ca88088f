"""What stands beside the items of a thread: who did what, what waits, what was cancelled."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from webapp.accounts.queries import names_of
from webapp.consent.models import ConsentEvent, ConsentEventDetail, Review
from webapp.conversations.models import Conversation
from webapp.core.db import db
from webapp.inbox.items import Changed, Heard, Item, Said
from webapp.outbox.models import Message
from webapp.outbox.rules import Status


def completed(conversation: Conversation, items: Sequence[Item]) -> list[Item]:
    """Add who did what, what waits for a decision, and what each opt-out cancelled."""
    messages = [item.message for item in items if isinstance(item, Said)]
    events = [item.event for item in items if isinstance(item, Changed)]
    authors = [(one.actor_kind, one.actor_id) for one in messages]
    names = names_of([*authors, *((one.actor_kind, one.actor_id) for one in events)])
    reviews = _reviews(conversation) if any(isinstance(i, Heard) for i in items) else {}
    said, cancelled = _said(events), _cancelled(conversation, events)

    def complete(item: Item) -> Item:
        match item:
            case Heard(inbound=inbound):
                return Heard(inbound, reviews.get(inbound.id))
            case Said(message=message):
                return Said(message, names[message.actor_kind, message.actor_id])
            case Changed(event=event):
                who = names[event.actor_kind, event.actor_id]
                return Changed(event, said.get(event.id, ""), who, cancelled.get(event.id, 0))

    return [complete(item) for item in items]


def _reviews(conversation: Conversation) -> dict[int | None, Review]:
    found = db.session.scalars(
        select(Review).where(
            Review.key == conversation.key,
            Review.channel == conversation.channel,
            Review.decided_at.is_(None),
        )
    )
    return {review.inbound_id: review for review in found}


def _said(events: Sequence[ConsentEvent]) -> dict[int, str]:
    if not events:
        return {}
    columns = (ConsentEventDetail.event_id, ConsentEventDetail.said)
    found = db.session.execute(
        select(*columns).where(ConsentEventDetail.event_id.in_([event.id for event in events]))
    )
    return {row.event_id: row.said for row in found}


def _cancelled(conversation: Conversation, events: Sequence[ConsentEvent]) -> dict[int, int]:
    """Count what each of these events cancelled on the address."""
    if not events:
        return {}
    counted = (
        select(Message.event_id, func.count())
        .where(
            Message.key == conversation.key,
            Message.channel == conversation.channel,
            Message.status == Status.CANCELLED,
            Message.event_id.in_([event.id for event in events]),
        )
        .group_by(Message.event_id)
    )
    return {event_id or 0: count for event_id, count in db.session.execute(counted)}
