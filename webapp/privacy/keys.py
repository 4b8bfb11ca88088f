"""The address keys of a person, and every channel that they serve."""

from __future__ import annotations

from sqlalchemy import select

from webapp.consent.rows import Place
from webapp.contacts.addresses import KEY_COLUMNS
from webapp.contacts.models import Contact, FormerAddress
from webapp.contacts.owners import owner_of_key
from webapp.contacts.rules import AddressKind, channels_of
from webapp.core.db import db

Keys = dict[bytes, AddressKind]


def keys_of(contact: Contact) -> Keys:
    """Give the keys of a contact's addresses, and those they once had and nobody else has now."""
    keys: Keys = {
        key: kind for kind in KEY_COLUMNS if (key := getattr(contact, f"{kind}_key")) is not None
    }
    query = select(FormerAddress.key, FormerAddress.kind).where(
        FormerAddress.contact_id == contact.id
    )
    for key, kind in db.session.execute(query.order_by(FormerAddress.key)).all():
        owner = owner_of_key(key)
        if owner is None or owner.id == contact.id:
            keys.setdefault(key, kind)
    return keys


def places_of(keys: Keys) -> list[Place]:
    """Give every channel that these keys serve, with the key."""
    return [(channel, key) for key, kind in keys.items() for channel in channels_of(kind)]
