"""A small ledger with a bit of everything, and what verifying it says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from flask import current_app
from sqlalchemy import select

from tests.people import EVIDENCE, add_contact, add_user, phone, record
from webapp.accounts.rules import CUSTOMER, PROVIDER, Actor, ActorKind
from webapp.consent.models import ConsentEvent
from webapp.consent.service import undo
from webapp.contacts.addresses import key_of
from webapp.contacts.rules import Address, AddressKind, Channel, Source, State
from webapp.core import clock
from webapp.core.db import db, transaction
from webapp.ledger.exported import Exported
from webapp.ledger.verifying import verify

ANN, BOB, CAT = "+16505550001", "+16505550002", "+16505550003"
MAIL = Address(AddressKind.EMAIL, "ann@shop.example")


def write_a_ledger() -> None:
    """Write events of several people, channels and sources, in and out, late and undone."""
    user = add_user()
    me = Actor(ActorKind.USER, user.id)
    add_contact(ANN, "Ann", email=MAIL.value, email_key=key_of(MAIL))
    add_contact(BOB, "Bob", whatsapp_id="US.123", whatsapp_id_key=key_of(business_id()))
    ago = clock.now() - timedelta(days=3)
    record(State.OPTED_IN, address=phone(ANN), at=ago)
    record(address=phone(ANN), source=Source.KEYWORD, actor=CUSTOMER, said="Stöp “it”\n")
    record(address=phone(ANN), at=ago - timedelta(days=1), source=Source.IMPORT)
    record(State.OPTED_IN, address=phone(ANN), source=Source.BUTTON, actor=CUSTOMER, evidence={})
    record(address=MAIL, channel=Channel.EMAIL, source=Source.LINK, actor=CUSTOMER)
    record(address=phone(BOB), source=Source.PROVIDER, actor=PROVIDER, at=ago)
    record(State.OPTED_IN, address=phone(BOB), evidence={**EVIDENCE, "fields": {"b": 1, "a": 2}})
    made = record(address=phone(CAT), channel=Channel.SMS, source=Source.MANUAL, actor=me)
    transaction(lambda: undo(made.event_id, me))
    record(address=phone(CAT), channel=Channel.SMS, reason="They asked for it")


def business_id() -> Address:
    return Address(AddressKind.WHATSAPP_ID, "US.123")


def events_of(address: Address, channel: Channel = Channel.WHATSAPP) -> list[ConsentEvent]:
    """Give the events of a chain in its order."""
    where = (ConsentEvent.key == key_of(address), ConsentEvent.channel == channel)
    found = list(db.session.scalars(select(ConsentEvent).where(*where).order_by(ConsentEvent.seq)))
    db.session.rollback()
    for event in found:
        db.session.refresh(event)
        db.session.expunge(event)
    db.session.rollback()
    return found


def findings(exported: Sequence[Exported] = (), processes: int = 1) -> list[str]:
    """Give what verifying the test's database says is wrong."""
    db.session.rollback()
    url = current_app.extensions["heed"].database_url
    return verify(url, exported, processes=processes).findings.told
