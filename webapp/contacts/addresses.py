"""Address keys under the account's keyring, and finding people by them."""

from __future__ import annotations

from flask import current_app
from sqlalchemy import or_, select
from sqlalchemy.orm import lazyload

from webapp.contacts.models import Contact
from webapp.contacts.rules import Address, AddressKind, address_key
from webapp.core.config import Config
from webapp.core.db import db

KEY_COLUMNS = {
    AddressKind.PHONE: Contact.phone_key,
    AddressKind.EMAIL: Contact.email_key,
    AddressKind.WHATSAPP_ID: Contact.whatsapp_id_key,
}


def key_of(address: Address) -> bytes:
    """Give the key of an address under the newest account key."""
    config: Config = current_app.extensions["heed"]
    return address_key(address, config.address_keys[0])


def contact_by_key(key: bytes) -> Contact | None:
    """Find the person who has the address with this key, of whatever kind."""
    columns = KEY_COLUMNS.values()
    return db.session.scalar(
        select(Contact)
        .options(lazyload(Contact.tags))
        .where(or_(*(column == key for column in columns)))
        .execution_options(populate_existing=True)
    )
