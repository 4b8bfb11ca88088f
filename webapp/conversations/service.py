"""Keeping what customers wrote, and the webhooks that brought it."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from flask import current_app
from sqlalchemy import bindparam, case, func, insert, or_, select, update

from webapp.contacts.rules import Channel
from webapp.conversations.models import (
    Conversation,
    HandledItem,
    InboundMessage,
    StoredWebhook,
)
from webapp.core import clock
from webapp.core.config import Config
from webapp.core.db import db, table_of
from webapp.core.dialect import Insert, own_insert
from webapp.core.prepared import Prepared
from webapp.events.service import publish

MOST_TRIES = 20
LONGEST_TEXT = 65_536


@dataclass(frozen=True)
class Arrival:
    """One message from a customer, as a webhook door read it.

    `verdict` and `matched` are what the keywords made of it, and why.
    """

    channel: Channel
    key: bytes
    address: str
    contact_id: int | None
    provider_message_id: str
    kind: str
    text: str
    payload: str
    occurred_at: datetime | None
    profile_name: str = ""
    verdict: str = "nothing"
    matched: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Stored:
    """A webhook's row, and whether it was worked through before."""

    id: int
    processed: bool = False


_WEBHOOKS = table_of(StoredWebhook)
_KEPT = Prepared(
    select(_WEBHOOKS.c.id, _WEBHOOKS.c.processed_at.is_not(None)).where(
        _WEBHOOKS.c.digest == bindparam("of_digest")
    )
)
_WORKED = Prepared(
    update(_WEBHOOKS)
    .where(_WEBHOOKS.c.id == bindparam("webhook_id"))
    .values(tries=_WEBHOOKS.c.tries + 1)
)


def store_webhook(provider: str, body: bytes) -> Stored:
    """Keep a webhook's body in the open transaction; the same body again gives the first row."""
    digest = digest_of(provider, body)
    row = {
        "provider": provider,
        "digest": digest,
        "body": body,
        "received_at": clock.now(),
        "tries": 0,
        "error": "",
    }
    new: int | None = _keeping(own_insert(db.session())).scalar(row)
    return Stored(new) if new is not None else Stored(*_KEPT.all({"of_digest": digest})[0])


def digest_of(provider: str, body: bytes) -> bytes:
    """Give the 32 bytes by which a webhook is known again."""
    return hashlib.sha256(provider.encode() + b"\0" + body).digest()


@cache
def _keeping(insert: Callable[[Any], Insert]) -> Prepared:
    return Prepared(insert(_WEBHOOKS).on_conflict_do_nothing().returning(_WEBHOOKS.c.id))


def note_processed(webhook_id: int, error: str = "") -> None:
    """Note in the open transaction that a webhook was worked through, or why it was not."""
    done = clock.now() if not error else None
    _WORKED.run({"webhook_id": webhook_id, "processed_at": done, "error": error[:2000]})


def forget_body(webhook_id: int) -> None:
    """Empty the body of a webhook that was worked through; its digest still knows a repeat."""
    db.session.execute(
        update(StoredWebhook)
        .where(StoredWebhook.id == webhook_id, StoredWebhook.processed_at.is_not(None))
        .values(body=b"", error="")
    )


def forget_item(provider: str, item: str) -> None:
    """Keep the mark of an item under a word that says nothing of whom it was about."""
    db.session.execute(
        update(HandledItem)
        .where(HandledItem.provider == provider, HandledItem.item == item)
        .values(item=forgotten_item(item))
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
    row = {
        "provider": provider,
        "item": item,
        "at": clock.now(),
        "forgotten": forgotten_item(item),
    }
    return bool(_marking(own_insert(db.session())).all(row))


def forgotten_item(item: str) -> str:
    """Give what stands for an item's mark once its person was erased: the mark may hold a number.

    Under the oldest account key, which every keyring keeps.
    """
    config: Config = current_app.extensions["heed"]
    return "erased:" + hmac.digest(config.address_keys[-1].encode(), item.encode(), "sha256").hex()


@cache
def _marking(insert: Callable[[Any], Insert]) -> Prepared:
    """Build the statement that marks an item, unless it is marked in either way."""
    table = table_of(HandledItem)
    own = table.alias()
    before = select(own.c.item).where(
        own.c.provider == bindparam("provider"), own.c.item == bindparam("forgotten")
    )
    names = ("provider", "item", "at")
    row = select(*(bindparam(name, type_=table.c[name].type) for name in names))
    marking = insert(table).from_select(names, row.where(~before.exists()))
    return Prepared(marking.on_conflict_do_nothing().returning(table.c.item))


def receive(arrival: Arrival) -> int:
    """Keep one inbound message in its conversation, in the open transaction; gives its id."""
    now = clock.now()
    occurred_at = min(arrival.occurred_at or now, now)
    conversation_id = _conversation(arrival, now, occurred_at)
    inbound_id: int = _RECEIVE.scalar(
        {
            "conversation_id": conversation_id,
            "provider_message_id": arrival.provider_message_id[:255],
            "kind": arrival.kind[:40],
            "text": arrival.text[:LONGEST_TEXT],
            "payload": arrival.payload[:LONGEST_TEXT],
            "occurred_at": occurred_at,
            "received_at": now,
            "verdict": arrival.verdict,
            "matched": arrival.matched,
        }
    )
    publish("message.received", conversation_id=conversation_id)
    return inbound_id


def opened(channel: Channel, key: bytes, address: str, contact_id: int | None) -> int:
    """Open the conversation with an address, or bring it to the top, since somebody writes there.

    In the open transaction; gives its id. `address` is as it is sent to, `key` its own.
    """
    now = clock.now()
    found: int = _opening(own_insert(db.session())).scalar(
        {
            "channel": channel,
            "key": key,
            "address": address,
            "contact_id": contact_id,
            "profile_name": "",
            "last_at": now,
            "unread": 0,
        }
    )
    publish("conversation.opened", conversation_id=found)
    return found


def adopt(contact_id: int, keys: Iterable[bytes]) -> None:
    """Say of the conversations with these keys which are nobody's whose they are now.

    In the open transaction.
    """
    if not (theirs := list(keys)):
        return
    db.session.execute(
        update(Conversation)
        .where(Conversation.key.in_(theirs), Conversation.contact_id.is_(None))
        .values(contact_id=contact_id)
        .execution_options(synchronize_session="fetch")
    )


_RECEIVE = Prepared(insert(table_of(InboundMessage)).returning(table_of(InboundMessage).c.id))


def _conversation(arrival: Arrival, now: datetime, occurred_at: datetime) -> int:
    """Open the conversation or bring it up to date; gives its id.

    It is locked from here on, so that two arrivals count as two.
    """
    found: int = _arriving(own_insert(db.session())).scalar(
        {
            "channel": arrival.channel,
            "key": arrival.key,
            "address": arrival.address,
            "contact_id": arrival.contact_id,
            "profile_name": arrival.profile_name[:200],
            "last_inbound_at": occurred_at,
            "last_at": now,
            "unread": 1,
        }
    )
    return found


@cache
def _arriving(insert: Callable[[Any], Insert]) -> Prepared:
    """Build the one statement that opens a conversation or adds an arrival to it."""
    table = table_of(Conversation)
    statement = insert(table)
    old, new = table.c, statement.excluded
    first_or_later = or_(old.last_inbound_at.is_(None), old.last_inbound_at < new.last_inbound_at)
    return Prepared(
        statement.on_conflict_do_update(
            index_elements=[table.c.key, table.c.channel],
            set_={
                "last_inbound_at": case(
                    (first_or_later, new.last_inbound_at), else_=old.last_inbound_at
                ),
                "last_at": new.last_at,
                "unread": old.unread + 1,
                "profile_name": func.coalesce(func.nullif(new.profile_name, ""), old.profile_name),
                "contact_id": func.coalesce(new.contact_id, old.contact_id),
            },
        ).returning(table.c.id)
    )


@cache
def _opening(insert: Callable[[Any], Insert]) -> Prepared:
    """Build the one statement that opens a conversation or moves it to the top."""
    table = table_of(Conversation)
    statement = insert(table)
    new = statement.excluded
    return Prepared(
        statement.on_conflict_do_update(
            index_elements=[table.c.key, table.c.channel],
            set_={
                "last_at": new.last_at,
                "contact_id": func.coalesce(new.contact_id, table.c.contact_id),
            },
        ).returning(table.c.id)
    )
