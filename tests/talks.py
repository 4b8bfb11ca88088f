"""Conversations for tests: customers who write, with or without being contacts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from tests.people import NUMBER, add_contact, phone
from webapp.accounts.rules import SYSTEM
from webapp.consent.saving import update_contact
from webapp.contacts.addresses import key_of
from webapp.contacts.queries import contact_of
from webapp.contacts.rules import Channel
from webapp.contacts.service import Draft
from webapp.conversations.models import Conversation
from webapp.conversations.service import Arrival, receive
from webapp.core import clock
from webapp.core.db import db, transaction

MINUTES = timedelta(minutes=5)


def wrote(
    text: str = "Is it in stock?",
    *,
    number: str = NUMBER,
    ago: timedelta = MINUTES,
    kind: str = "text",
    channel: Channel = Channel.WHATSAPP,
    contact_id: int | None = None,
    profile_name: str = "",
) -> int:
    """Let a customer have written so long ago; gives the conversation's id."""
    to, at = phone(number), clock.now() - ago
    wamid = f"wamid.{text[:40]}.{at}"
    arrival = Arrival(
        channel, key_of(to), to.value, contact_id, wamid, kind, text, "", at, profile_name
    )
    transaction(lambda: receive(arrival))
    found = db.session.scalars(
        select(Conversation.id).where(
            Conversation.key == key_of(to), Conversation.channel == channel
        )
    ).one()
    db.session.rollback()
    return found


def person(name: str = "Ann Lee", number: str = NUMBER, **values: Any) -> int:
    """Add a contact who has written; gives the conversation's id."""
    return wrote(number=number, contact_id=add_contact(number, name).id, **values)


def conversation(conversation_id: int) -> Conversation:
    """Read a conversation afresh."""
    found = db.session.get_one(Conversation, conversation_id, populate_existing=True)
    db.session.expunge(found)
    db.session.rollback()
    return found


def left_by(conversation_id: int, number: str) -> int:
    """Let the contact of a conversation have another number, empty for none; gives the contact's id."""
    contact = contact_of(conversation(conversation_id).contact_id or 0)
    draft = Draft(contact.name, number, contact.email)
    return transaction(lambda: update_contact(contact.id, draft, SYSTEM).contact.id)
