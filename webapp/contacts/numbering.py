"""A contact's id is theirs for good: nobody who comes later gets it.

A page, an API client or a task that still names somebody who is gone must not meet a stranger:
their consent would be changed in the other's place. PostgreSQL counts on by itself; SQLite gives
the highest id anew once its row is deleted.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, func, select

from webapp.accounts import settings
from webapp.contacts.models import Contact
from webapp.core.db import db, run
from webapp.core.dialect import next_ids, reuses_ids

SETTING = "contact_ids"


def delete_contact(contact_id: int) -> int:
    """Delete a contact in the open transaction, never to give the id again; gives how many went.

    Tags, the timeline and former addresses go along, and so does the search index.
    """
    if reuses_ids(db.session()):
        highest = max(contact_id, settings.read(SETTING).get("highest", 0))
        settings.write(SETTING, {"highest": highest})
    return run(delete(Contact).where(Contact.id == contact_id)).rowcount


def unused_id() -> int | None:
    """Give the id that a new contact must get; None where the database finds one that is new."""
    if not reuses_ids(db.session()):
        return None
    gone, there = _highest()
    return gone + 1 if gone > there else None


def unused_ids(count: int) -> Sequence[int]:
    """Give so many ids for new contacts, in the open transaction; nobody else gets one of them."""
    if not reuses_ids(db.session()):
        return next_ids(db.session(), Contact, count)
    first = max(_highest()) + 1
    return range(first, first + count)


def _highest() -> tuple[int, int]:
    """Give the highest id of those that are gone, and of those that are there."""
    gone: int = settings.read(SETTING).get("highest", 0)
    there: int = run(select(func.max(Contact.id))).scalar() or 0
    return gone, there
