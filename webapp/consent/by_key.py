"""Changing the consent of an address of which perhaps only the key is left: after an erasure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select

from webapp.consent.models import ConsentEvent, ConsentEventDetail
from webapp.consent.reach import reach
from webapp.consent.service import change_many, check, record_all
from webapp.consent.wishes import Change, Wish
from webapp.contacts.owners import owner_of_key
from webapp.contacts.rules import Address, AddressKind, provider_address
from webapp.conversations.models import Conversation
from webapp.core.db import db, run
from webapp.outbox.models import Message


def nameless(kind: AddressKind) -> Address:
    """Give the address of a wish that is about a key; `change_by_key` puts the known one in."""
    return Address(kind, "")


def change_by_key(wishes: Sequence[Wish], kind: AddressKind, key: bytes) -> list[Change]:
    """Record wishes about one address key, each on its channel, in the open transaction, in order.

    Where a contact has the address it is `change_many` for it, and reaches their other addresses
    as that does. Otherwise the events are for the key alone; their details name the address as
    long as the ledger still knows it. Raises Invalid as `change_many` does.
    """
    owner = owner_of_key(key)
    if owner is not None:
        own = provider_address(owner.address_of(key))
        return change_many(
            [replace(wish, address=own) for wish in wishes], met=[owner] * len(wishes)
        )
    for wish in wishes:
        check(wish)
    db.session.flush()  # what follows goes past the ORM
    known = address_by_key(key)
    own = provider_address(known) if known else nameless(kind)
    wishes = [replace(wish, address=own) for wish in wishes]
    return record_all(reach(wishes, [None] * len(wishes), [key] * len(wishes)))


def address_by_key(key: bytes) -> str:
    """Give the address behind a key as ledger, messages or conversations name it; else nothing."""
    detail = ConsentEventDetail
    in_ledger = (
        select(detail.address)
        .join(ConsentEvent, ConsentEvent.id == detail.event_id)
        .where(ConsentEvent.key == key, detail.address != "")
        .order_by(ConsentEvent.id.desc())
    )
    elsewhere = (
        select(model.address).where(model.key == key, model.address != "")
        for model in (Message, Conversation)
    )
    named = (run(query.limit(1)).scalar() for query in (in_ledger, *elsewhere))
    return next((str(address) for address in named if address), "")
