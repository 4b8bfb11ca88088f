"""Whose an address is: as much of a contact as consent needs, read without the model."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, or_, select

from webapp.contacts.addresses import KEY_COLUMNS, key_of
from webapp.contacts.models import Contact
from webapp.contacts.rules import Address, Addressed
from webapp.core.db import run, table_of
from webapp.core.prepared import Prepared


@dataclass(frozen=True, slots=True)
class Owner(Addressed):
    """A contact's name and addresses, each with its key."""

    id: int
    name: str
    phone: str | None
    email: str | None
    whatsapp_id: str | None
    phone_key: bytes | None
    email_key: bytes | None
    whatsapp_id_key: bytes | None


TABLE = table_of(Contact)
# What an Owner holds, in its order.
COLUMNS = tuple(TABLE.c[name] for name in Owner.__dataclass_fields__)
_BY_ID = Prepared(select(*COLUMNS).where(Contact.id == bindparam("contact_id")))
_BY_KEY = {
    kind: Prepared(select(*COLUMNS).where(column == bindparam("key")))
    for kind, column in KEY_COLUMNS.items()
}
_BY_ANY_KEY = Prepared(
    select(*COLUMNS).where(or_(*(column == bindparam("key") for column in KEY_COLUMNS.values())))
)


def as_owner(values: Sequence[Any]) -> Owner | None:
    """Make an Owner of what `COLUMNS` selected, None of an outer join's empty side."""
    return Owner(*values) if values[0] is not None else None


def owner_of_id(contact_id: int) -> Owner | None:
    """Read the contact with this id afresh; None where there is none."""
    return _one(_BY_ID.first({"contact_id": contact_id}))


def owner_of_address(address: Address) -> Owner | None:
    """Read afresh whose an address is; None where it is no contact's."""
    return _one(_BY_KEY[address.kind].first({"key": key_of(address)}))


def owner_of_key(key: bytes) -> Owner | None:
    """Read afresh who has the address with this key, of whatever kind."""
    return _one(_BY_ANY_KEY.first({"key": key}))


def owners_of_keys(keys: Collection[bytes]) -> dict[bytes, int]:
    """Read afresh who has the addresses with these keys, by id; a key that is nobody's is out."""
    if not keys:
        return {}
    columns = list(KEY_COLUMNS.values())
    held = or_(*(column.in_(keys) for column in columns))
    rows = run(select(TABLE.c.id, *columns).where(held))
    return {key: contact_id for contact_id, *theirs in rows for key in theirs if key in keys}


def _one(row: Sequence[Any] | None) -> Owner | None:
    return Owner(*row) if row is not None else None
