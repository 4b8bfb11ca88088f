"""Sealing: one hash over all chains, which shows any later edit, removal or insertion.

A chain proves its own order, but whoever can write to the database can write a whole chain anew.
A seal that has left the database (`exported.py`) fixes every event up to its last.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import func, select, text

from webapp.consent.chain import FIRST, canonical
from webapp.consent.models import ConsentEvent
from webapp.core import clock
from webapp.core.db import db, transaction
from webapp.core.dialect import is_postgres, lock
from webapp.core.errors import Conflict
from webapp.core.streams import stream
from webapp.ledger.models import LedgerSeal

LOCK = 4_993_011
LOOK_EVERY = 0.02  # seconds
TRIES = 5
# A statement that inserts into a table holds this lock on it before it takes an id, and until its
# transaction can be seen by all. (The transaction's own number comes after the id: one could be
# missed by waiting for numbers, as pg_snapshot_xmin gives them.)
_WRITERS = text(
    "SELECT virtualtransaction FROM pg_locks WHERE locktype = 'relation' AND granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    " AND relation = 'consent_events'::regclass AND mode = 'RowExclusiveLock'"
)


class Delayed(Conflict):
    """A transaction that has written events is open for so long that no seal could be made."""


@dataclass(frozen=True)
class Content:
    """What a seal covers: how many events up to `last_event_id`, and the hash over their hashes."""

    last_event_id: int
    events: int
    content: bytes


def seal(*, at_most: float = 5.0) -> LedgerSeal | None:
    """Seal all events that no seal covers yet; gives the new seal, or None where there are none.

    Commits by itself and blocks nobody. Two at once make one seal after the other. Raises Delayed
    where a transaction that may still add an event below the end lasts longer than `at_most`
    seconds: nothing is sealed then, and the next call covers it.
    """
    for _ in range(TRIES):
        before = newest()
        content = _content_since(before, at_most)
        if content is None:
            return None
        made = transaction(lambda before=before, content=content: _append(before, content))  # type: ignore[misc]
        if made is not None:
            return made
    raise Delayed("Other processes seal the ledger at the same time; try again.")


def newest() -> LedgerSeal | None:
    """Read the last seal, if there is one."""
    found = db.session.scalar(select(LedgerSeal).order_by(LedgerSeal.id.desc()).limit(1))
    if found is not None:
        db.session.expunge(found)
    db.session.rollback()
    return found


def seal_hash(prev: bytes, fields: dict[str, Any]) -> bytes:
    """Give the hash of a seal from the one before it and its own `as_fields`."""
    return sha256(prev + canonical(fields).encode()).digest()


def as_fields(row: LedgerSeal) -> dict[str, Any]:
    """Give what a seal's hash covers, beside the hash of the seal before it."""
    return {
        "id": row.id,
        "last_event_id": row.last_event_id,
        "events": row.events,
        "content": row.content,
        "prev": row.prev,
        "at": row.at,
    }


def _append(before: LedgerSeal | None, content: Content) -> LedgerSeal | None:
    """Add the seal, unless another came in between; the one lock of all sealers is short."""
    lock(db.session(), [LOCK], shared=False)
    last = db.session.scalar(select(func.max(LedgerSeal.id)))
    if last != (before.id if before else None):
        return None
    prev = before.hash if before else FIRST
    row = LedgerSeal(
        id=(last or 0) + 1,
        last_event_id=content.last_event_id,
        events=content.events,
        content=content.content,
        prev=prev,
        at=clock.now(),
    )
    row.hash = seal_hash(prev, as_fields(row))
    db.session.add(row)
    db.session.flush()
    db.session.expunge(row)
    return row


def _content_since(before: LedgerSeal | None, at_most: float) -> Content | None:
    """Hash what can be sealed now: up to the highest id, once none below it can appear any more."""
    above = before.last_event_id if before else 0
    last = db.session.scalar(select(func.max(ConsentEvent.id))) or 0
    db.session.rollback()
    if last <= above:
        return None
    _wait_for_writers(at_most)
    hashed, events = sha256(), 0
    for some in _hashes(above, last):
        hashed.update(some)
        events += 1
    return Content(last, events, hashed.digest())


def _hashes(above: int, to: int) -> Iterator[bytes]:
    wanted = (
        select(ConsentEvent.hash)
        .where(ConsentEvent.id > above, ConsentEvent.id <= to)
        .order_by(ConsentEvent.id)
    )
    return (row[0] for row in stream(wanted))


def _wait_for_writers(at_most: float) -> None:
    """Wait until every transaction has ended that may hold an id given out before now.

    Ids come from a sequence and are committed in any order. SQLite's writers come one by one.
    """
    if not is_postgres(db.session()):
        return
    until = time.monotonic() + at_most
    waiting = _writers()
    while waiting:
        if time.monotonic() > until:
            raise Delayed(
                f"Not sealed: a transaction that writes events has been open for {at_most:g} "
                "seconds. Nothing is lost by it; the next seal covers what it adds."
            )
        time.sleep(LOOK_EVERY)
        waiting &= _writers()


def _writers() -> set[str]:
    found = set(db.session.scalars(_WRITERS))
    db.session.rollback()
    return found
