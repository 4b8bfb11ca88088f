"""The replies that wait for a person's decision, the oldest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from webapp.consent.deadlines import Deadline, deadline
from webapp.consent.models import Review
from webapp.contacts.models import Contact
from webapp.core.db import db

SHOWN = 6
AT_MOST = 1_000


@dataclass(frozen=True)
class Waiting:
    """A reply that waits, and what to call whom it came from; the address without a contact."""

    review: Review
    name: str

    def due(self, today: date, zone: ZoneInfo) -> Deadline:
        """Give until when it must be decided, by the days of a reader's zone."""
        return deadline(self.review.opened_at.astimezone(zone).date(), today)


@dataclass(frozen=True)
class Reviews:
    """The oldest open reviews, and how many there are; `most` + 1 stands for more."""

    lines: list[Waiting]
    count: int
    most: int = AT_MOST


def read_reviews() -> Reviews:
    """Read what waits for review."""
    open_now = Review.decided_at.is_(None)
    oldest = (
        select(Review, Contact.name)
        .outerjoin(Contact, Contact.id == Review.contact_id)
        .where(open_now)
        .order_by(Review.opened_at, Review.id)
        .limit(SHOWN)
    )
    lines = [Waiting(review, name or review.address) for review, name in db.session.execute(oldest)]
    counted = select(Review.id).where(open_now).limit(AT_MOST + 1)
    count = db.session.scalars(select(func.count()).select_from(counted.subquery())).one()
    return Reviews(lines, count)
