"""Writing events, marking them handled, and the one number that an open page polls."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, insert, select, update

from webapp.core import clock
from webapp.core.db import db, table_of
from webapp.core.last_rows import add_last
from webapp.core.prepared import Ask, Prepared
from webapp.core.queue import after_commit
from webapp.events.models import Event

# Which job handles which event. A name without a job is only news for open pages.
HANDLERS = {"consent.changed": "jobs.consent.after_change"}
WINDOW = 500


TABLE = table_of(Event)
_INSERT = Prepared(insert(TABLE).returning(TABLE.c.id))


def publish(name: str, /, *, handled: bool = False, **data: Any) -> None:
    """Write an event in the open transaction; its job is enqueued after the commit.

    `handled` says that there is nothing for its job to do. Mere news is written last of all.
    """
    handler = None if handled else HANDLERS.get(name)
    now = clock.now()
    row = {"name": name, "data": data, "at": now, "handled_at": None if handler else now}
    if handler:
        after_commit(handler, _INSERT.scalar(row))
    else:
        add_last(TABLE, row)


def mark_handled(event_id: int) -> None:
    """Note that an event's job has done its part; the caller commits."""
    db.session.execute(update(Event).where(Event.id == event_id).values(handled_at=clock.now()))


def unhandled(limit: int = 1000) -> list[tuple[int, str]]:
    """Give the id and handler of events whose job has not been done, oldest first."""
    rows = db.session.execute(
        select(Event.id, Event.name)
        .where(Event.handled_at.is_(None))
        .order_by(Event.id)
        .limit(limit)
    )
    return [(row.id, HANDLERS[row.name]) for row in rows if row.name in HANDLERS]


def change_number() -> str:
    """Give a word that differs whenever an event was committed.

    Ids are given out before commits, so a lower id may appear after a higher one: among the newest
    so many, the lowest or their number moves when such a gap is filled.
    """
    highest, lowest, found = ASK_NUMBER[0].all({})[0]
    return f"{highest or 0}-{found}-{lowest or 0}"


_newest = select(TABLE.c.id).order_by(TABLE.c.id.desc()).limit(WINDOW).subquery()
ASK_NUMBER: Ask = (
    Prepared(select(func.max(_newest.c.id), func.min(_newest.c.id), func.count())),
    {},
)
