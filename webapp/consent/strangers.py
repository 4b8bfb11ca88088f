"""What people wrote before they were contacts, and whose it is once they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select, union

from webapp.consent.holds import adopt
from webapp.consent.models import Review
from webapp.conversations import service as conversations
from webapp.conversations.models import Conversation
from webapp.core.db import db, run
from webapp.core.dialect import one_of


def take_in(contact_id: int, keys: Iterable[bytes]) -> None:
    """Say of what was written from these keys, and is nobody's, that it is this contact's.

    In the open transaction, under the keys' locks: replies that wait for a decision, and
    conversations.
    """
    theirs = list(keys)
    adopt(contact_id, theirs)
    conversations.adopt(contact_id, theirs)


def of_strangers(keys: Sequence[bytes]) -> set[bytes]:
    """Give the keys from which somebody wrote who is no contact yet, also what waits for review."""
    reviews = select(Review.key).where(
        Review.contact_id.is_(None),
        Review.decided_at.is_(None),
        one_of(db.session(), Review.key, keys),
    )
    talks = select(Conversation.key).where(
        Conversation.contact_id.is_(None), one_of(db.session(), Conversation.key, keys)
    )
    return set(run(union(reviews, talks)).scalars())
