"""The lock on what is kept for a key: exclusive for a change, shared for a claim.

A key has one lock for all its channels. Most that takes it is about several of them, and who
writes to one person on two channels at once can wait for some milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from webapp.core.db import db
from webapp.core.dialect import lock

# A claim's transaction is a few statements. If its worker is stopped in the middle of it, the
# database ends it, so that an opt-out does not wait for a process that says nothing.
CLAIM_IDLE: timedelta | None = timedelta(milliseconds=250)


def lock_number(key: bytes) -> int:
    """Give the 64-bit number of a key's lock; two keys that share one only wait for each other."""
    return int.from_bytes(key[:8], signed=True)  # a key is a MAC: any part of it is as good


def lock_keys(keys: Iterable[bytes], *, shared: bool = False) -> None:
    """Lock keys until the open transaction ends, all in one statement of its own.

    The statement stands alone so that whatever comes after it reads what was committed while it
    waited (PostgreSQL, READ COMMITTED: each statement has its own snapshot).
    """
    numbers = {lock_number(key) for key in keys}
    lock(db.session(), numbers, shared=shared, idle_at_most=CLAIM_IDLE if shared else None)
