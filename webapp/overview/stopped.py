"""What consent kept from being sent in the last days, by how it ended and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from webapp.core.days import Days
from webapp.core.db import db
from webapp.figures.service import SMALL, Counted
from webapp.outbox.models import Message
from webapp.outbox.queries import ended_unsent, stopped_by_consent
from webapp.outbox.rules import CONSENT_REASONS, SENTENCES, STOPPED, Reason, Status

DAYS = 7


@dataclass(frozen=True)
class Stopped:
    """How many messages consent stopped on these days, by reason and status."""

    days: Days
    counts: dict[tuple[Reason, Status], int]

    @property
    def reasons(self) -> list[Reason]:
        """The reasons that occur."""
        seen = {reason for reason, _ in self.counts}
        return [reason for reason in CONSENT_REASONS if reason in seen]

    def sentence(self, reason: Reason) -> str:
        """Say what a reason means."""
        return SENTENCES[reason]

    def of(self, reason: Reason) -> list[tuple[Status, int]]:
        """How many ended for a reason, by status."""
        found = ((status, self.counts.get((reason, status), 0)) for status in STOPPED)
        return [(status, count) for status, count in found if count]

    @property
    def total(self) -> int:
        """How many there are."""
        return sum(self.counts.values())


def count_stopped(today: date, zone: ZoneInfo) -> Counted:
    """Count what consent stopped in the last seven days of `zone`, today among them."""
    first = today - timedelta(days=DAYS - 1)
    since, until = Days(first, today).moments(zone)
    lately = (Message.ended_at >= since, Message.ended_at < until)
    found = db.session.execute(
        select(Message.reason, Message.status, func.count())
        .where(stopped_by_consent(), *lately)
        .group_by(Message.reason, Message.status)
    )
    lines = [(str(reason), str(status), count) for reason, status, count in found]
    value = {"first": first.isoformat(), "last": today.isoformat(), "lines": lines}
    # Few may be found among many that ended unsent: those are what the count costs.
    among = select(Message.id).where(ended_unsent(), *lately).limit(SMALL + 1).subquery()
    return Counted(value, db.session.scalars(select(func.count()).select_from(among)).one())


def read_stopped(value: Any) -> Stopped:
    """Read what `count_stopped` gave."""
    days = Days(date.fromisoformat(value["first"]), date.fromisoformat(value["last"]))
    counts = {(Reason(reason), Status(status)): count for reason, status, count in value["lines"]}
    return Stopped(days, counts)
