"""The cast of the tests: contacts, users, tokens, and short words for what they do."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from webapp.accounts import service as accounts
from webapp.accounts.models import User
from webapp.accounts.rules import SYSTEM, Actor, Role
from webapp.consent.models import ConsentEvent, ConsentState
from webapp.consent.queries import entries, standing_of, state_row
from webapp.consent.rules import Standing, fold
from webapp.consent.service import change
from webapp.consent.wishes import Change, Wish
from webapp.contacts.addresses import key_of
from webapp.contacts.models import Contact
from webapp.contacts.rules import Address, AddressKind, Channel, Source, State
from webapp.core import clock
from webapp.core.db import db, transaction
from webapp.outbox.models import Message
from webapp.outbox.rules import ENDS, Category, Origin, Status

PASSWORD = "correct horse battery"
NUMBER = "+16505551234"
EVIDENCE = {"how": "form", "when": "2026-01-02", "where": "shop", "wording": "Yes, message me."}


def phone(value: str = NUMBER) -> Address:
    return Address(AddressKind.PHONE, value)


def add_contact(number: str | None = NUMBER, name: str = "Ann Lee", **values: Any) -> Contact:
    """Add and commit a contact with this number."""
    contact = Contact(
        name=name, phone=number, phone_key=key_of(phone(number)) if number else None, **values
    )
    db.session.add(contact)
    db.session.commit()
    return contact


def add_user(role: Role = Role.MARKETER, email: str | None = None) -> User:
    """Add and commit somebody who signs in with PASSWORD."""
    address = email or f"{role}@heed.example"
    return transaction(lambda: accounts.add_user(address, role.title(), role, PASSWORD))


def record(
    asked: State = State.OPTED_OUT,
    *,
    source: Source = Source.API,
    actor: Actor = SYSTEM,
    address: Address | None = None,
    channel: Channel = Channel.WHATSAPP,
    at: datetime | None = None,
    **values: Any,
) -> Change:
    """Change consent in a transaction of its own, with evidence where it needs some."""
    values.setdefault("evidence", EVIDENCE if asked is State.OPTED_IN else {})
    wish = Wish(channel, address or phone(), asked, source, actor, at, **values)
    return transaction(lambda: change(wish))


def new_message(
    *,
    address: Address | None = None,
    channel: Channel = Channel.WHATSAPP,
    origin: Origin = Origin.SCHEDULED,
    category: Category = Category.MARKETING,
    epoch: int = 0,
    send_at: datetime | None = None,
    **values: Any,
) -> Message:
    """Give a message row that waits, not yet added to the session."""
    to = address or phone()
    moment = send_at or clock.now()
    if values.get("status") in ENDS:
        values.setdefault("ended_at", clock.now())
    return Message(
        channel=channel,
        key=key_of(to),
        address=to.value,
        origin=origin,
        category=category,
        body="Ten percent off until Friday",
        epoch=epoch,
        send_at=moment,
        not_before=moment,
        actor_kind=SYSTEM.kind,
        **values,
    )


def add_message(**values: Any) -> Message:
    """Add and commit a message that waits."""
    message = new_message(**values)
    db.session.add(message)
    db.session.commit()
    return message


def status_of(message_id: int) -> Status:
    """Read a message's status afresh."""
    found = db.session.scalar(select(Message.status).where(Message.id == message_id))
    db.session.rollback()
    assert found is not None
    return found


def state_of(address: Address | None = None, channel: Channel = Channel.WHATSAPP) -> State:
    """Read the stored state afresh."""
    row = state_row(channel, key_of(address or phone()))
    state = row.state if row else State.UNKNOWN
    db.session.rollback()
    return state


def stored_and_folded(channel: Channel, key: bytes) -> tuple[Standing, Standing]:
    """Give the stored state and the fold of its ledger, which must be equal."""
    stored = standing_of(state_row(channel, key))
    return stored, fold(entries(channel, key))


def all_states() -> list[ConsentState]:
    """Give every state row."""
    return list(db.session.scalars(select(ConsentState)))


def all_events() -> list[ConsentEvent]:
    """Give the whole ledger in the order of recording."""
    return list(db.session.scalars(select(ConsentEvent).order_by(ConsentEvent.id)))
