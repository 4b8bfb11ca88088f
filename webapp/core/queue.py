"""The only door to RQ: work is enqueued by dotted name, after the commit, and may be lost.

Nothing depends on a job arriving: the rows say what is to be done and the reconciler finds what
a lost or absent Redis left behind. So a Redis that is away costs half a second once, then a log
line, and never an error to the caller.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from flask import Flask, current_app
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue
from rq.exceptions import DuplicateJobError, InvalidJobOperation, NoSuchJobError
from rq.job import Job
from sqlalchemy import event
from sqlalchemy.orm import Session

from webapp.core.db import db

log = structlog.get_logger(__name__)

# The order in which a worker looks: long work last, so that it holds up nothing shorter.
SHORT_QUEUES = ("work", "send")
LONG_QUEUES = ("long",)
QUEUES = (*SHORT_QUEUES, *LONG_QUEUES)
SERIALIZER = "json"
REST_AFTER_FAILURE = 3.0
ROUND_UP = timedelta(microseconds=999_999)
# Seconds: results are rows, so none is kept; a failed job is kept for a look, not for long, since
# while it is kept its id cannot be queued again.
LIFE: dict[str, Any] = {"result_ttl": 0, "failure_ttl": 60, "job_timeout": 600}
LONG_LIFE = 6 * 3600  # seconds that a job on the long queue may take


class JobQueue:
    """The account's RQ queues over one Redis, patient with its absence."""

    def __init__(self, redis_url: str) -> None:
        self.redis = Redis.from_url(
            redis_url,
            retry=Retry(NoBackoff(), 0),
            socket_connect_timeout=0.5,
            socket_timeout=2,
        )
        self._url = redis_url
        self._away_until = 0.0

    def blocking_redis(self) -> Redis:
        """Give a connection for a worker that waits long for its next job."""
        return Redis.from_url(self._url)

    def queue(self, name: str) -> Queue:
        """Give one RQ queue."""
        return Queue(name, connection=self.redis, serializer=SERIALIZER)

    def _try(self, what: str, work: Any) -> bool:
        if time.monotonic() < self._away_until:
            return False
        try:
            work()
        except (RedisError, OSError) as error:
            self._away_until = time.monotonic() + REST_AFTER_FAILURE
            log.warning("queue.away", doing=what, error=str(error))
            return False
        return True

    def enqueue(self, task: str, *args: Any, job_id: str | None = None) -> bool:
        """Put a job on its queue now; gives False where Redis is away.

        Under a `job_id` that waits already it is not put there twice.
        """
        return self._try(task, lambda: self._enqueue(task, args, job_id))

    def _enqueue(self, task: str, args: tuple[Any, ...], job_id: str | None) -> None:
        queue = queue_of(task)
        life = {**LIFE, "job_timeout": LONG_LIFE} if queue == "long" else LIFE
        with suppress(DuplicateJobError):
            self.queue(queue).enqueue(
                task, args=args, job_id=job_id, unique=job_id is not None, **life
            )

    def enqueue_at(self, moment: datetime, task: str, *args: Any, job_id: str) -> bool:
        """Put a job on the send queue at `moment`; the same `job_id` again moves it.

        RQ keeps whole seconds and cuts off the rest, so the moment is rounded up: a job that came
        early would find its message not yet due.
        """
        return self._try(
            task,
            lambda: self.queue("send").enqueue_at(
                moment.astimezone(UTC) + ROUND_UP,
                task,
                args=args,
                job_id=job_id,
                **LIFE,
            ),
        )

    def cancel(self, job_ids: Iterable[str]) -> bool:
        """Take jobs out of RQ, wherever they are; gone already is as good. Best effort."""
        return self._try("cancel", lambda: self._cancel(job_ids))

    def _cancel(self, job_ids: Iterable[str]) -> None:
        for job_id in job_ids:
            with suppress(NoSuchJobError, InvalidJobOperation):
                Job.fetch(job_id, connection=self.redis, serializer=SERIALIZER).delete()

    def is_up(self) -> bool:
        """Tell whether Redis answers."""
        try:
            return bool(self.redis.ping())
        except (RedisError, OSError):
            return False


def init_app(app: Flask, redis_url: str) -> None:
    """Give the app its queue; the connection opens on first use."""
    app.extensions["heed_queue"] = JobQueue(redis_url)


def jobs() -> JobQueue:
    """Give this app's queue."""
    queue: JobQueue = current_app.extensions["heed_queue"]
    return queue


def after_commit(
    task: str, *args: Any, at: datetime | None = None, job_id: str | None = None
) -> None:
    """Enqueue a job once the open transaction has committed, and not at all if it does not.

    `at` schedules it (then `job_id` is needed); `args` are JSON.
    """
    db.session().info.setdefault("jobs", []).append((task, args, at, job_id))


@event.listens_for(Session, "after_commit")
def _enqueue_collected(session: Session) -> None:
    collected = session.info.pop("jobs", None)
    if not collected:
        return
    queue = jobs()
    for task, args, at, job_id in collected:
        if at is None:
            queue.enqueue(task, *args, job_id=job_id)
        else:
            queue.enqueue_at(at, task, *args, job_id=job_id)


@event.listens_for(Session, "after_rollback")
def _forget_collected(session: Session) -> None:
    session.info.pop("jobs", None)


def queue_of(task: str) -> str:
    """Give the queue of a task: sending has its own behind the short work, long work the last."""
    if task.startswith("jobs.tasks."):
        return "long"
    return "send" if task.startswith("jobs.delivery.") else "work"
