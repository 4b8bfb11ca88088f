"""The replies of an address that were held for a decision, for its evidence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from webapp.accounts.queries import names_of
from webapp.consent.models import Review
from webapp.contacts.rules import Channel
from webapp.core.db import db

MOST = 100  # of one address


@dataclass(frozen=True)
class Held:
    """One held reply: what it said and why it was held, until when, and who decided what.

    `until` and `decision` are None while it waits. Its text is empty once it was erased.
    """

    id: int
    channel: Channel
    said: str
    words: list[str]
    since: datetime
    until: datetime | None
    decision: str | None
    who: str

    def waited_at(self, moment: datetime) -> bool:
        """Tell whether marketing waited for it at a moment."""
        return self.since <= moment and (self.until is None or self.until > moment)


def holds_of(key: bytes) -> list[Held]:
    """Give the newest held replies of an address on every channel, newest first."""
    newest = select(Review).where(Review.key == key).order_by(Review.id.desc()).limit(MOST)
    rows = list(db.session.scalars(newest))
    names = names_of((row.actor_kind, row.actor_id) for row in rows if row.actor_kind)
    return [
        Held(
            row.id,
            row.channel,
            row.said,
            [str(word) for word in row.because.get("words", [])],
            row.opened_at,
            row.decided_at,
            row.decision,
            names[row.actor_kind, row.actor_id] if row.actor_kind else "",
        )
        for row in rows
    ]
