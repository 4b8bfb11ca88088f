"""What leaves next, read from the front of the queue."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import case, func, select

from webapp.core.db import db
from webapp.core.dialect import database_now
from webapp.outbox.dispatch import Asked, Leaves, Line, Tab, dispatch_page
from webapp.outbox.models import Message
from webapp.outbox.queries import WAITS_ITS_TURN

SHOWN = 5
AT_MOST = 1_000


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
    """Read the front of the queue, as the dispatcher shows it, and count what stands behind.

    What is overdue counts as leaving within the hour.
    """
    now = database_now(db.session())
    front = (
        select(Message.not_before)
        .where(WAITS_ITS_TURN)
        .order_by(Message.not_before, Message.id)
        .limit(AT_MOST + 1)
        .subquery()
    )
    soon = [
        func.coalesce(func.sum(case((front.c.not_before <= now + leaves.within, 1), else_=0)), 0)
        for leaves in (Leaves.HOUR, Leaves.DAY)
    ]
    waiting, hour, day = db.session.execute(select(func.count(), *soon).select_from(front)).one()
    lines = dispatch_page(Asked(Tab.QUEUE), limit=SHOWN).items[:SHOWN]
    return Leaving(lines, waiting, hour, day)
