"""The slowest opt-out of each day (UTC), from its arrival until nothing could leave any more."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from flask import current_app
from sqlalchemy import select

from webapp.contacts.sinks import sink_keys
from webapp.conversations.models import SlowestStop
from webapp.core import clock
from webapp.core.db import db, table_of
from webapp.core.dialect import own_insert
from webapp.core.queue import jobs

KNOWN = "heed_slowest_stop"
_TABLE = table_of(SlowestStop)


def note(seconds: float, keys: Collection[bytes]) -> None:
    """Have it kept how long an opt-out of these keys took, if it is the day's longest so far.

    Called by the door that is about to acknowledge it. This process remembers the longest, so the
    usual opt-out pays for a comparison; a longer one for a call to Redis, and a worker writes it,
    since the acknowledgement must not wait for a lock. Drills do not count.
    """
    now = clock.now()
    day, milliseconds = now.date(), math.ceil(seconds * 1000)
    known: tuple[date, int] | None = current_app.extensions.get(KNOWN)
    if known is not None and known[0] == day and milliseconds <= known[1]:
        return
    if keys and not set(keys) <= set(sink_keys()):
        current_app.extensions[KNOWN] = (day, milliseconds)
        jobs().enqueue("jobs.conversations.keep_slowest_stop", milliseconds, now.isoformat())


def keep(milliseconds: int, at: datetime) -> None:
    """Keep an opt-out in the open transaction, unless a longer one of its day (UTC) is kept."""
    statement = own_insert(db.session())(_TABLE).values(
        day=at.date(), milliseconds=milliseconds, at=at
    )
    old, new = _TABLE.c, statement.excluded
    db.session.execute(
        statement.on_conflict_do_update(
            index_elements=[old.day],
            set_={"milliseconds": new.milliseconds, "at": new.at},
            where=new.milliseconds > old.milliseconds,
        )
    )


def slowest_stops(days: int) -> Sequence[SlowestStop]:
    """Give the slowest opt-out of each of the last days (UTC) that had one, today's first."""
    first = clock.now().date() - timedelta(days=days - 1)
    found = select(SlowestStop).where(SlowestStop.day >= first).order_by(SlowestStop.day.desc())
    return db.session.scalars(found).all()
