"""What finds everything that a lost job, a killed worker or a wiped Redis left behind."""

from __future__ import annotations

from datetime import timedelta

import structlog
from sqlalchemy import select

from webapp.consent import queries as consent
from webapp.core import clock
from webapp.core.db import db, transaction
from webapp.core.dialect import now_after
from webapp.core.queue import jobs
from webapp.delivery.claims import REASONS
from webapp.events.service import publish, unhandled
from webapp.outbox import service as outbox
from webapp.outbox.models import Message
from webapp.outbox.queries import due_ids, lost_claims
from webapp.outbox.rules import Reason, Status

log = structlog.get_logger(__name__)

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
    db.session.rollback()
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
    found = db.session.scalars(
        select(Message)
        .where(
            Message.status == Status.SCHEDULED,
            Message.not_before > now_after(db.session(), outbox.HORIZON - TOP_UP_WINDOW),
            Message.not_before <= now_after(db.session(), outbox.HORIZON),
        )
        .order_by(Message.not_before, Message.id)
        .limit(TOP_UP)
    )
    soon = [(message.not_before, message.id, message.job_id) for message in found]
    db.session.rollback()  # no transaction is open while Redis is spoken to
    return sum(
        jobs().enqueue_at(moment, "jobs.delivery.send", message_id, job_id=job_id)
        for moment, message_id, job_id in soon
    )


def end_lost_claims() -> int:
    """End what a lost worker was sending: it may have left, so it is `unconfirmed`."""

    def work() -> list[int]:
        lost = outbox.move(
            lost_claims(LOST_AFTER),
            Status.UNCONFIRMED,
            reason=Reason.WORKER_LOST,
            begin_by=None,
            ended_at=clock.now(),
        )
        if lost:
            publish("messages.moved", message_ids=lost)
        return lost

    return len(transaction(work))


def end_forbidden() -> int:
    """End waiting messages that may never leave and that no cancellation could see.

    A message inserted while the opt-out ran, or a retry: its epoch is behind, so no claim takes
    it; this says so before its time comes.
    """

    def work() -> list[int]:
        waiting = Message.status == Status.SCHEDULED
        chosen = db.session.scalars(
            select(Message.id).where(waiting, consent.may_never_leave()).limit(1000)
        ).all()
        ended = []
        for message_id, rule, event_id in consent.verdicts(Message.id.in_(chosen)):
            if rule in REASONS:
                ended += outbox.end_waiting(
                    waiting & (Message.id == message_id),
                    Status.CANCELLED,
                    REASONS[rule],
                    rule=rule,
                    event_id=event_id,
                )
        if ended:
            publish("messages.moved", message_ids=ended)
        return ended

    return len(transaction(work))


def end_hopeless() -> int:
    """End what has been tried for a day past its time: every accepted message ends somewhere."""

    def work() -> int:
        late = Message.not_before < now_after(db.session(), TOO_OLD)
        old = Message.send_at < now_after(db.session(), -TOO_OLD)
        tried = Message.attempts > 0
        return len(outbox.end_waiting(late & old & tried, Status.FAILED, Reason.GAVE_UP))

    return transaction(work)


def wake_events() -> int:
    """Enqueue again the jobs of events that nobody has handled yet; gives how many."""
    waiting = unhandled()
    db.session.rollback()
    for event_id, handler in waiting:
        jobs().enqueue(handler, event_id)
    return len(waiting)
