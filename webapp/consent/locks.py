"""The lock on a channel and key: exclusive for a change, shared for a claim."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from hashlib import blake2b

from webapp.contacts.rules import Channel
from webapp.core.db import db
from webapp.core.dialect import lock

# A claim's transaction is a few statements. If its worker is stopped in the middle of it, the
# database ends it, so that an opt-out does not wait for a process that says nothing.
CLAIM_IDLE: timedelta | None = timedelta(milliseconds=250)


def lock_number(channel: Channel, key: bytes) -> int:
    """Give the 64-bit number of the lock; two keys that share one only wait for each other."""
    return int.from_bytes(blake2b(channel.encode() + key, digest_size=8).digest(), signed=True)


def lock_keys(targets: Iterable[tuple[Channel, bytes]], *, shared: bool = False) -> None:
    """Lock channels and keys until the open transaction ends, all in one statement of its own.

    The statement stands alone so that whatever comes after it reads what was committed while it
    waited (PostgreSQL, READ COMMITTED: each statement has its own snapshot).
    """
    numbers = (lock_number(channel, key) for channel, key in targets)
    lock(db.session(), numbers, shared=shared, idle_at_most=CLAIM_IDLE if shared else None)
