"""Adding and editing contacts, with what that means for their consent."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from webapp.accounts.rules import Actor
from webapp.consent.copies import refresh_copy
from webapp.consent.locks import lock_keys
from webapp.consent.moves import address_changed, address_replaced, cancel_left
from webapp.consent.strangers import take_in
from webapp.consent.wishes import Change
from webapp.contacts import service as contacts
from webapp.contacts.addresses import key_of
from webapp.contacts.former import forget, former_addresses, remember
from webapp.contacts.models import Contact
from webapp.contacts.rules import AddressKind, Channel, provider_address
from webapp.contacts.service import Draft
from webapp.core.db import db
from webapp.core.dialect import database_now
from webapp.core.errors import Conflict, NotFound

STALE = "Somebody else changed this contact meanwhile. Look at what stands now, then save again."


@dataclass(frozen=True)
class Saved:
    """A contact as saved. `carried` are the opt-outs that went along: `settle` them.

    `cancelled` are messages that waited for an address which is not theirs any more.
    """

    contact: Contact
    created: bool
    carried: list[Change] = field(default_factory=list)
    cancelled: list[int] = field(default_factory=list)


def save_contact(draft: Draft, actor: Actor) -> Saved:
    """Add a contact, or update the one with this phone or email, in the open transaction.

    Raises Invalid, or Conflict where phone and email belong to two contacts.
    """
    owner = contacts.owner_of(draft.addresses())
    return update_contact(owner.id, draft, actor) if owner else create_contact(draft, actor)


def create_contact(draft: Draft, actor: Actor) -> Saved:
    """Add a contact in the open transaction; what is on record for their addresses shows at once.

    Raises Invalid, or Conflict where another contact has the phone or email.
    """
    keys = [key_of(address) for address in draft.addresses().values() if address]
    lock_keys(keys)
    contact = contacts.add(draft, actor)
    take_in(contact.id, keys)
    _refresh(contact)
    return Saved(contact, created=True)


def update_contact(
    contact_id: int, draft: Draft, actor: Actor, *, seen: datetime | None = None
) -> Saved:
    """Edit a contact in the open transaction; an opt-out goes along to a new phone or email.

    `seen` is the `updated_at` of what the editor looked at. Raises NotFound, Invalid, or Conflict
    where somebody else saved since, or another contact has the phone or email.
    """
    contact = db.session.get(Contact, contact_id)
    if contact is None:
        raise NotFound("That contact is not there.")
    before = _keys(contact)
    moves = {
        kind: address
        for kind, address in draft.addresses().items()
        if (key_of(address) if address else None) != before[kind]
    }
    _lock(contact_id, before, moves)
    contact = db.session.scalars(
        select(Contact)
        .where(Contact.id == contact_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if _keys(contact) != before or (seen is not None and contact.updated_at != seen):
        raise Conflict(STALE)
    contacts.edit(contact, draft, actor)
    take_in(contact_id, [key_of(address) for address in moves.values() if address])
    carried = _carry(contact_id, before, moves, actor)
    left = [key for kind in moves if (key := before[kind])]
    cancelled = [message for key in left for message in cancel_left(contact_id, key)]
    if moves:
        _refresh(contact)
    return Saved(contact, created=False, carried=carried, cancelled=cancelled)


Keys = dict[AddressKind, bytes | None]


def _keys(contact: Contact) -> Keys:
    return {
        AddressKind.PHONE: contact.phone_key,
        AddressKind.EMAIL: contact.email_key,
        AddressKind.WHATSAPP_ID: contact.whatsapp_id_key,
    }


def _lock(contact_id: int, before: Keys, moves: contacts.Addresses) -> None:
    """Lock all that a move reads or writes, so that an opt-out on its way cannot be missed."""
    touched = [key for key in before.values() if key] if moves else []
    touched += [key_of(address) for address in moves.values() if address]
    lock_keys([*touched, *(left.key for left in former_addresses(contact_id, moves.keys()))])


def _carry(contact_id: int, before: Keys, moves: contacts.Addresses, actor: Actor) -> list[Change]:
    """Carry opt-outs to each new address, from the one before and from one left without another."""
    carried = []
    for kind, address in moves.items():
        old_key = before[kind]
        if address is None:
            if old_key:
                carried += _carry_to_the_rest(contact_id, before, kind, old_key, actor)
            continue
        for old_kind in (kind, AddressKind.WHATSAPP_ID):
            if other := before[old_kind]:
                carried += address_changed(other, old_kind, address, actor)
        for left in former_addresses(contact_id, [kind]):
            if left.key != key_of(address):
                carried += address_replaced(left, address, actor)
        forget(contact_id, [kind])
    return carried


def _carry_to_the_rest(
    contact_id: int, before: Keys, kind: AddressKind, old_key: bytes, actor: Actor
) -> list[Change]:
    """Carry opt-outs of an address without a successor to the WhatsApp id, and remember it."""
    remember(contact_id, old_key, kind, database_now(db.session()))
    contact = db.session.get_one(Contact, contact_id)
    if before[AddressKind.WHATSAPP_ID] is None or contact.whatsapp_id is None:
        return []
    return address_changed(old_key, kind, provider_address(contact.whatsapp_id), actor)


def _refresh(contact: Contact) -> None:
    for channel in Channel:
        refresh_copy(contact, channel)
    db.session.expire(contact)
