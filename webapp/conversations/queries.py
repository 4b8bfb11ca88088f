"""Reading conversations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select

from webapp.contacts.addresses import KEY_COLUMNS
from webapp.contacts.models import Contact
from webapp.contacts.rules import Channel
from webapp.conversations.models import Conversation, InboundMessage
from webapp.core import clock
from webapp.core.db import db

# WhatsApp's customer service window: free text goes only this long after the customer's last
# message (Meta, "Customer service windows"); templates go at any time.
WINDOW = timedelta(hours=24)


def window_closes_at(channel: Channel, keys: list[bytes]) -> datetime | None:
    """Give until when free text may go to these keys, or None where the window is closed."""
    newest = db.session.scalar(
        select(Conversation.last_inbound_at)
        .where(
            Conversation.channel == channel,
            Conversation.key.in_(keys),
            Conversation.last_inbound_at.is_not(None),
        )
        .order_by(Conversation.last_inbound_at.desc())
        .limit(1)
    )
    closes = newest + WINDOW if newest else None
    return closes if closes and closes > clock.now() else None


@dataclass(frozen=True)
class Written:
    """What a customer wrote: where and when it came in, its kind, and its text."""

    channel: Channel
    at: datetime
    kind: str
    text: str


def written_by(contact_id: int, limit: int) -> list[Written]:
    """Give what a contact wrote last, on all channels, newest first, from the addresses they have.

    What was written at one that they have left may be another's, and nothing tells from when on.

    Each of their few conversations is asked by itself, so that its index gives its end alone.
    """
    theirs = or_(*(column == Conversation.key for column in KEY_COLUMNS.values()))
    talks = (
        select(Conversation.id, Conversation.channel)
        .join(Contact, Contact.id == Conversation.contact_id)
        .where(Contact.id == contact_id, theirs)
    )
    found: list[tuple[int, Written]] = []
    for talk_id, channel in db.session.execute(talks).all():
        last = (
            select(
                InboundMessage.id,
                InboundMessage.received_at,
                InboundMessage.kind,
                InboundMessage.text,
            )
            .where(InboundMessage.conversation_id == talk_id)
            .order_by(InboundMessage.id.desc())
            .limit(limit)
        )
        found += [(row.id, Written(channel, *row[1:])) for row in db.session.execute(last)]
    return [written for _, written in sorted(found, key=lambda one: one[0], reverse=True)[:limit]]
