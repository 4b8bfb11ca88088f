"""Adding and editing contacts, with what that means for their consent."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from webapp.accounts.rules import Actor
from webapp.consent.copies import refresh_copy
from webapp.consent.locks import lock_keys
from webapp.consent.moves import address_changed
from webapp.consent.wishes import Change
from webapp.contacts import service as contacts
from webapp.contacts.addresses import key_of
from webapp.contacts.models import Contact
from webapp.contacts.rules import AddressKind, Channel, channels_of
from webapp.contacts.service import Draft
from webapp.core.db import db
from webapp.core.errors import Conflict, NotFound

STALE = "Somebody else changed this contact meanwhile. Look at what stands now, then save again."


@dataclass(frozen=True)
class Saved:
    """A contact as saved. `carried` are the opt-outs that went along: `settle` them."""

    contact: Contact
    created: bool
    carried: list[Change] = field(default_factory=list)


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
    keys = [(kind, key_of(address)) for kind, address in draft.addresses().items() if address]
    lock_keys((channel, key) for kind, key in keys for channel in channels_of(kind))
    contact = contacts.add(draft, actor)
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
    _lock(before, moves)
    contact = db.session.scalars(
        select(Contact)
        .where(Contact.id == contact_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if _keys(contact) != before or (seen is not None and contact.updated_at != seen):
        raise Conflict(STALE)
    contacts.edit(contact, draft, actor)
    carried = _carry(before, moves, actor)
    if moves:
        _refresh(contact)
    return Saved(contact, created=False, carried=carried)


Keys = dict[AddressKind, bytes | None]


def _keys(contact: Contact) -> Keys:
    return {
        AddressKind.PHONE: contact.phone_key,
        AddressKind.EMAIL: contact.email_key,
        AddressKind.WHATSAPP_ID: contact.whatsapp_id_key,
    }


def _lock(before: Keys, moves: contacts.Addresses) -> None:
    """Lock all that a move reads or writes, so that an opt-out on its way cannot be missed."""
    touched = [(kind, key) for kind, key in before.items() if key] if moves else []
    touched += [(kind, key_of(address)) for kind, address in moves.items() if address]
    lock_keys((channel, key) for kind, key in touched for channel in channels_of(kind))


def _carry(before: Keys, moves: contacts.Addresses, actor: Actor) -> list[Change]:
    carried = []
    for kind, address in moves.items():
        for old_kind in (kind, AddressKind.WHATSAPP_ID):
            if address is not None and (old_key := before[old_kind]):
                carried += address_changed(old_key, old_kind, address, actor)
    return carried


def _refresh(contact: Contact) -> None:
    for channel in Channel:
        refresh_copy(contact, channel)
    db.session.expire(contact)
