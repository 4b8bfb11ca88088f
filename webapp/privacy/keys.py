"""The address keys of a person, and every channel that they serve."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from webapp.consent.models import ConsentState
from webapp.consent.rows import Place
from webapp.contacts.addresses import KEY_COLUMNS
from webapp.contacts.models import Contact, FormerAddress
from webapp.contacts.owners import owners_of_keys
from webapp.contacts.rules import AddressKind, Channel, channels_of
from webapp.core.db import db

Keys = dict[bytes, AddressKind]


def keys_of(contact: Contact) -> Keys:
    """Give the keys of a contact's addresses, and those they once had and nobody else has now."""
    return keys_of_each([contact])[contact.id]


def keys_of_each(contacts: Iterable[Contact]) -> dict[int, Keys]:
    """Give the same of several contacts, by id; asks no more often for many than for one."""
    found: dict[int, Keys] = {
        contact.id: {
            key: kind
            for kind in KEY_COLUMNS
            if (key := getattr(contact, f"{kind}_key")) is not None
        }
        for contact in contacts
    }
    query = select(FormerAddress.contact_id, FormerAddress.key, FormerAddress.kind).where(
        FormerAddress.contact_id.in_(found)
    )
    former = db.session.execute(query.order_by(FormerAddress.key)).all()
    owners = owners_of_keys([key for _, key, _ in former])
    for contact_id, key, kind in former:
        if owners.get(key, contact_id) == contact_id:
            found[contact_id].setdefault(key, kind)
    return found


def places_of(keys: Keys) -> list[Place]:
    """Give every channel that these keys serve, with the key."""
    return [(channel, key) for key, kind in keys.items() for channel in channels_of(kind)]


def kinds_of(keys: Sequence[bytes]) -> Keys:
    """Give what address each key stands for, as far as it matters for the channels it serves.

    Nothing but the key is left of it: one that email has a state for is an email address.
    """
    state = ConsentState
    query = select(state.key).where(state.key.in_(keys), state.channel == Channel.EMAIL)
    mails = set(db.session.scalars(query))
    return {key: AddressKind.EMAIL if key in mails else AddressKind.PHONE for key in keys}
