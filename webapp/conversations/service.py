"""Keeping what customers wrote, and the webhooks that brought it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from webapp.contacts.models import Contact
from webapp.contacts.rules import Channel
from webapp.conversations.models import (
    Conversation,
    HandledItem,
    InboundMessage,
    StoredWebhook,
)
from webapp.core import clock
from webapp.core.db import db
from webapp.core.dialect import insert_or_ignore
from webapp.events.service import publish

MOST_TRIES = 20
LONGEST_TEXT = 65_536


@dataclass(frozen=True)
class Arrival:
    """One message from a customer, as a webhook door read it."""

    channel: Channel
    key: bytes
    address: str
    contact: Contact | None
    provider_message_id: str
    kind: str
    text: str
    payload: str
    occurred_at: datetime | None
    profile_name: str = ""


def store_webhook(provider: str, body: bytes) -> StoredWebhook:
    """Keep a webhook's body in the open transaction; the same body again gives the first row."""
    digest = hashlib.sha256(provider.encode() + b"\0" + body).digest()
    insert_or_ignore(
        db.session(),
        StoredWebhook,
        [
            {
                "provider": provider,
                "digest": digest,
                "body": body,
                "received_at": clock.now(),
                "tries": 0,
                "error": "",
            }
        ],
    )
    return db.session.scalars(
        select(StoredWebhook)
        .where(StoredWebhook.digest == digest)
        .execution_options(populate_existing=True)
    ).one()


def note_processed(webhook_id: int, error: str = "") -> None:
    """Note in the open transaction that a webhook was worked through, or why it was not."""
    done = clock.now() if not error else None
    db.session.execute(
        update(StoredWebhook)
        .where(StoredWebhook.id == webhook_id)
        .values(processed_at=done, error=error[:2000], tries=StoredWebhook.tries + 1)
    )


def unprocessed_webhooks(older_than: timedelta, limit: int = 100) -> list[StoredWebhook]:
    """Give the webhooks whose processing was cut short, oldest first."""
    found = db.session.scalars(
        select(StoredWebhook)
        .where(
            StoredWebhook.processed_at.is_(None),
            StoredWebhook.received_at < clock.now() - older_than,
            StoredWebhook.tries < MOST_TRIES,
        )
        .order_by(StoredWebhook.id)
        .limit(limit)
    )
    return list(found)


def first_time(provider: str, item: str) -> bool:
    """Mark an item of a webhook as handled; gives False where it was before.

    The mark commits with the item's effect, so a crash between loses neither.
    """
    row = {"provider": provider, "item": item, "at": clock.now()}
    return insert_or_ignore(db.session(), HandledItem, [row]) == 1


def receive(arrival: Arrival) -> InboundMessage:
    """Keep one inbound message in its conversation, in the open transaction."""
    now = clock.now()
    occurred_at = min(arrival.occurred_at or now, now)
    conversation = _conversation(arrival, now)
    opened = conversation.last_inbound_at
    conversation.last_inbound_at = max(opened, occurred_at) if opened else occurred_at
    conversation.last_at = now
    conversation.unread += 1
    conversation.profile_name = arrival.profile_name[:200] or conversation.profile_name
    if arrival.contact is not None:
        conversation.contact_id = arrival.contact.id
    message = InboundMessage(
        conversation_id=conversation.id,
        provider_message_id=arrival.provider_message_id[:255],
        kind=arrival.kind[:40],
        text=arrival.text[:LONGEST_TEXT],
        payload=arrival.payload[:LONGEST_TEXT],
        occurred_at=occurred_at,
    )
    db.session.add(message)
    db.session.flush()
    publish("message.received", conversation_id=conversation.id)
    return message


def _conversation(arrival: Arrival, now: datetime) -> Conversation:
    """Find or open the conversation, locked, so that two arrivals count as two."""
    insert_or_ignore(
        db.session(),
        Conversation,
        [
            {
                "channel": arrival.channel,
                "key": arrival.key,
                "address": arrival.address,
                "profile_name": "",
                "last_at": now,
                "unread": 0,
            }
        ],
    )
    return db.session.scalars(
        select(Conversation)
        .where(Conversation.key == arrival.key, Conversation.channel == arrival.channel)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
