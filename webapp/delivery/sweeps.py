"""What finds everything that a lost job, a killed worker or a wiped Redis left behind.

Each search goes by an index, so that a million waiting messages cost it no more than a few; it
reads beside those who write, and writes only what it found.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import islice

from webapp.core import clock
from webapp.core.db import db, transaction
from webapp.core.queue import Job, jobs
from webapp.events.service import publish, unhandled
from webapp.outbox import service as outbox
from webapp.outbox.models import Message
from webapp.outbox.queries import coming_up, due_ids, ids_of, lost_claims, tried_in_vain
from webapp.outbox.rules import Reason, Status, job_id

# Longer than a provider's time-out, so that a worker which still waits is never overtaken.
LOST_AFTER = timedelta(seconds=90)
BATCH = 200
MOST_BATCHES = 10
PERIOD = 10  # seconds
OVERDUE = timedelta(seconds=1)
TOP_UP = 2000
TOP_UP_WINDOW = timedelta(seconds=90)
TOO_OLD = timedelta(hours=24)


def wake_due() -> int:
    """Enqueue delivery of what is overdue, in batches; gives how many messages that is.

    Runs every second: it finds what has no job because it was beyond the horizon, or because
    Redis was away or wiped. A batch is queued at most once in ten seconds, by its job id.
    """
    ids = due_ids(BATCH * MOST_BATCHES, within=-OVERDUE)
    period = int(clock.elapsed()) // PERIOD
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        jobs().enqueue("jobs.delivery.send_many", batch, job_id=f"batch-{batch[0]}-{period}")
    return len(ids)


def top_up() -> int:
    """Give messages that just came within the horizon their RQ jobs; gives how many were given.

    Runs every minute and looks at a little more than that minute, since what is nearer got its
    job before. The same stable id again only moves the job; what is missed here is found when
    it is due (`wake_due`).
    """
    soon = iter(coming_up(TOP_UP, outbox.HORIZON - TOP_UP_WINDOW, outbox.HORIZON))
    given = 0
    while batch := list(islice(soon, BATCH)):
        some = [Job("jobs.delivery.send", (number,), at, job_id(number)) for at, number in batch]
        given += len(some) if jobs().enqueue_all(some) else 0
    return given


def end_lost_claims() -> int:
    """End what a lost worker was sending: it may have left, so it is `unconfirmed`."""
    ids = ids_of(lost_claims(LOST_AFTER))

    def work() -> list[int]:
        lost = outbox.move(
            lost_claims(LOST_AFTER) & Message.id.in_(ids),
            Status.UNCONFIRMED,
            reason=Reason.WORKER_LOST,
            begin_by=None,
            ended_at=clock.now(),
        )
        if lost:
            publish("messages.moved", message_ids=lost)
        return lost

    return len(transaction(work)) if ids else 0


def end_hopeless() -> int:
    """End what has been tried for a day past its time: every accepted message ends somewhere."""
    ids = ids_of(tried_in_vain(TOO_OLD))

    def work() -> int:
        return len(outbox.end_waiting(Message.id.in_(ids), Status.FAILED, Reason.GAVE_UP))

    return transaction(work) if ids else 0


def wake_events() -> int:
    """Enqueue again the jobs of events that nobody has handled yet; gives how many."""
    waiting = unhandled()
    db.session.rollback()
    for event_id, handler in waiting:
        jobs().enqueue(handler, event_id)
    return len(waiting)
