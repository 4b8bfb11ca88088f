"""Addresses that a contact once had and that no other took the place of."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import bindparam, delete, select

from webapp.contacts.models import FormerAddress
from webapp.contacts.rules import AddressKind
from webapp.core.db import db, table_of
from webapp.core.prepared import Prepared


def remember(contact_id: int, key: bytes, kind: AddressKind, until: datetime) -> None:
    """Keep in the open transaction that a contact had the address with this key, up to a moment.

    Only the key is kept. What was said there still counts when they get another of the kind.
    """
    former = FormerAddress(contact_id=contact_id, key=key, kind=kind, until=until)
    db.session.merge(former)


def former_addresses(contact_id: int, kinds: Collection[AddressKind]) -> list[FormerAddress]:
    """Give what a contact once had of these kinds, in the order of the keys."""
    found = db.session.scalars(
        select(FormerAddress)
        .where(FormerAddress.contact_id == contact_id, FormerAddress.kind.in_(kinds))
        .order_by(FormerAddress.key)
        .execution_options(populate_existing=True)
    )
    return list(found)


_TABLE = table_of(FormerAddress).c
_LEFT_BY = Prepared(
    select(_TABLE.contact_id)
    .where(_TABLE.key == bindparam("left_key"))
    .order_by(_TABLE.until.desc())
    .limit(1)
)


def left_by(key: bytes) -> int | None:
    """Give the contact who left the address with this key last, and got no other in its place."""
    found: int | None = _LEFT_BY.scalar({"left_key": key})
    return found


def forget(contact_id: int, kinds: Collection[AddressKind]) -> None:
    """Forget in the open transaction what a contact once had of these kinds: another took over."""
    db.session.execute(
        delete(FormerAddress).where(
            FormerAddress.contact_id == contact_id, FormerAddress.kind.in_(kinds)
        )
    )
