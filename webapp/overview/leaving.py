"""What leaves next, read from the front of the queue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from webapp.core.db import db
from webapp.core.dialect import database_now
from webapp.outbox.dispatch import Asked, Line, Tab, dispatch_page
from webapp.outbox.models import Message
from webapp.outbox.rules import Status

SHOWN = 5
AT_MOST = 10_000
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Leaving:
    """The next messages, and how many wait in all, for the next hour and for the next day.

    More than `most` is not counted: such a number is `most` + 1.
    """

    lines: list[Line]
    waiting: int
    within_hour: int
    within_day: int
    most: int = AT_MOST


def read_leaving() -> Leaving:
    """Read the front of the queue, as the dispatcher shows it, and count what stands behind."""
    now = database_now(db.session())
    return Leaving(
        dispatch_page(Asked(Tab.QUEUE), limit=SHOWN).items[:SHOWN],
        _waiting(),
        _waiting(now + HOUR),
        _waiting(now + DAY),
    )


def _waiting(until: datetime | None = None) -> int:
    """Count what waits, or what waits until a moment at the latest; what is overdue does too."""
    found = select(Message.id).where(Message.status == Status.SCHEDULED)
    if until is not None:
        found = found.where(Message.not_before <= until)
    return db.session.scalars(
        select(func.count()).select_from(found.limit(AT_MOST + 1).subquery())
    ).one()
