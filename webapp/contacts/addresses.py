"""Address keys under the account's keyring, and finding people by them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from flask import current_app
from sqlalchemy import (
    BindParameter,
    CompoundSelect,
    bindparam,
    false,
    literal_column,
    or_,
    select,
    union,
)
from sqlalchemy.orm import lazyload

from webapp.contacts.models import Contact
from webapp.contacts.rules import Address, AddressKind, address_key
from webapp.core.config import Config
from webapp.core.db import db, run

KEY_COLUMNS = {
    AddressKind.PHONE: Contact.phone_key,
    AddressKind.EMAIL: Contact.email_key,
    AddressKind.WHATSAPP_ID: Contact.whatsapp_id_key,
}


# Every column in which an address is known by its key.
ON_RECORD = (
    "consent_states.key",
    "contacts.phone_key",
    "contacts.email_key",
    "contacts.whatsapp_id_key",
    "conversations.key",
    "former_addresses.key",
    "messages.key",
)


def key_of(address: Address) -> bytes:
    """Give the key of an address: the one that it is known by, else one under the newest key.

    Where the account's keys were rotated, what is on record under an older one stays there, so
    that an address has one key and one chain at any time. This asks the database then, and only
    then.
    """
    config: Config = current_app.extensions["heed"]
    ring = config.address_keys
    newest = address_key(address, ring[0])
    if len(ring) == 1:
        return newest
    return _on_record([address_key(address, one) for one in reversed(ring)]) or newest


def keys_may_change() -> bool:
    """Tell whether what comes on record can change an address's key: with several account keys."""
    config: Config = current_app.extensions["heed"]
    return len(config.address_keys) > 1


def keys_of(addresses: Sequence[Address]) -> list[bytes]:
    """Give the keys of many addresses, as `key_of` each; with one account key in one go."""
    config: Config = current_app.extensions["heed"]
    ring = config.address_keys
    if len(ring) > 1:
        return [key_of(address) for address in addresses]
    return [address_key(address, ring[0]) for address in addresses]


def _on_record(keys: Sequence[bytes]) -> bytes | None:
    """Give which of an address's possible keys, the oldest first, is in use; None where none is.

    Of several the one that is opted out counts: nobody's no may hide behind a younger key.
    """
    found = run(_looking_up(), {"keys": list(keys)})
    known = {key: bool(out) for key, out in found}
    ranked = [key for key in keys if known.get(key)] + [key for key in keys if key in known]
    return ranked[0] if ranked else None


@cache
def _looking_up() -> CompoundSelect[bytes, bool]:
    """Build the statement that gives each key in use, and whether anything is opted out there."""
    possible: BindParameter[bytes] = bindparam("keys", expanding=True)
    parts = []
    for name in ON_RECORD:
        table, column = name.split(".")
        found = db.metadata.tables[table].c
        out = found.state == "opted_out" if table == "consent_states" else false()
        # The last says it where a key stands in several: True sorts after False.
        parts.append(select(found[column], out).where(found[column].in_(possible)))
    return union(*parts).order_by(literal_column("2"))


def contact_by_key(key: bytes) -> Contact | None:
    """Find the person who has the address with this key, of whatever kind."""
    columns = KEY_COLUMNS.values()
    return db.session.scalar(
        select(Contact)
        .options(lazyload(Contact.tags))
        .where(or_(*(column == key for column in columns)))
        .execution_options(populate_existing=True)
    )
