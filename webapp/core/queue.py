"""The only door to RQ: work is enqueued by dotted name, after the commit, and may be lost.

Nothing depends on a job arriving: the rows say what is to be done and the reconciler finds what
a lost or absent Redis left behind. So a Redis that is away costs half a second once, then a log
line, and never an error to the caller.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from flask import Flask, current_app
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue, Worker
from rq.exceptions import DuplicateJobError
from rq.job import Job as RqJob
from rq.job import JobStatus
from rq.scheduler import RQScheduler
from sqlalchemy import event
from sqlalchemy.orm import Session

from webapp.core.pending import leave, taken

log = structlog.get_logger(__name__)

# The order in which a worker looks: long work last, so that it holds up nothing shorter.
SHORT_QUEUES = ("work", "send")
LONG_QUEUES = ("long",)
QUEUES = (*SHORT_QUEUES, *LONG_QUEUES)
SERIALIZER = "json"
KIND = "jobs"  # of what is left for the end of a transaction
REST_AFTER_FAILURE = 3.0
ROUND_UP = timedelta(microseconds=999_999)
# Seconds: results are rows, so none is kept; a failed job is kept for a look, not for long, since
# while it is kept its id cannot be queued again.
LIFE: dict[str, Any] = {"result_ttl": 0, "failure_ttl": 60, "job_timeout": 600}
LONG_LIFE = 6 * 3600  # seconds that a job on the long queue may take


ENQUEUED_AT_ONCE = 200
CANCELLED_AT_ONCE = 1000
QUEUED, SCHEDULED = (str(state.value).encode() for state in (JobStatus.QUEUED, JobStatus.SCHEDULED))
WAITING = (QUEUED, SCHEDULED)


@dataclass(frozen=True)
class Pulse:
    """Who answers: Redis, how many workers look at the short queues, and a scheduler."""

    redis: bool = False
    workers: int = 0
    scheduler: bool = False

    @property
    def well(self) -> bool:
        """True where jobs are queued, moved when they are due, and done."""
        return self.redis and self.workers > 0 and self.scheduler


@dataclass(frozen=True)
class Job:
    """A job to enqueue: its task by dotted name, JSON arguments, when (None: now), its id if any."""

    task: str
    args: tuple[Any, ...]
    at: datetime | None = None
    job_id: str | None = None


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

        Under a `job_id` that waits already it is not put there twice, nor while a worker has it in
        hand, which RQ believes for hours of one that was killed.
        """
        return self._try(task, lambda: self._enqueue(task, args, job_id))

    def _enqueue(self, task: str, args: tuple[Any, ...], job_id: str | None) -> None:
        with suppress(DuplicateJobError):
            self.queue(queue_of(task)).enqueue(
                task, args=args, job_id=job_id, unique=job_id is not None, **life_of(task)
            )

    def enqueue_at(self, moment: datetime, task: str, *args: Any, job_id: str) -> bool:
        """Put a job on the send queue at `moment`; the same `job_id` again moves it."""
        return self.enqueue_all([Job(task, args, moment, job_id)])

    def enqueue_all(self, some: Sequence[Job]) -> bool:
        """Put jobs where they belong, hundreds in a round trip; gives False where Redis is away.

        A `job_id` must not be waiting for its turn now; one that waits for its time is moved.
        """
        return self._try(", ".join({job.task for job in some}), lambda: self._enqueue_all(some))

    def _enqueue_all(self, some: Sequence[Job]) -> None:
        for start in range(0, len(some), ENQUEUED_AT_ONCE):
            # Without MULTI: a job is written down before its id is queued, and may be lost.
            with self.redis.pipeline(transaction=False) as pipe:
                for job in some[start : start + ENQUEUED_AT_ONCE]:
                    self._put(job, pipe)
                pipe.execute()

    def _put(self, job: Job, pipe: Any) -> None:
        queue, life = self.queue(queue_of(job.task)), life_of(job.task)
        if job.at is None:
            # Not `enqueue`, which watches the pipeline for dependencies and wants it to itself.
            kept = {"timeout" if name == "job_timeout" else name: life[name] for name in life}
            data = queue.prepare_data(job.task, args=job.args, job_id=job.job_id, **kept)
            queue.enqueue_many([data], pipeline=pipe)
        else:
            # RQ keeps whole seconds and cuts off the rest: a job that came early would find its
            # message not yet due.
            at = job.at.astimezone(UTC) + ROUND_UP
            how = {"args": job.args, "job_id": job.job_id, "pipeline": pipe}
            queue.enqueue_at(at, job.task, **how, **life)

    def cancel(self, job_ids: Iterable[str]) -> bool:
        """Take jobs off the send queue, waiting or scheduled; gone already is as good."""
        return self._try("cancel", lambda: self._cancel(list(job_ids)))

    def _cancel(self, job_ids: Sequence[str]) -> None:
        """Do as RQ does for each job, but for a thousand at once (a hundred times as fast).

        A job that the scheduler moves meanwhile leaves its id on the queue: a worker drops an id
        without a job. One that is running goes on; its row has decided.
        """
        queue = self.queue("send")
        for start in range(0, len(job_ids), CANCELLED_AT_ONCE):
            some = job_ids[start : start + CANCELLED_AT_ONCE]
            with self.redis.pipeline(transaction=False) as pipe:
                for job_id in some:
                    pipe.hget(RqJob.key_for(job_id), "status")
                states = dict(zip(some, pipe.execute(), strict=True))
                waiting = [job_id for job_id, state in states.items() if state in WAITING]
                if not waiting:
                    continue
                pipe.zrem(queue.scheduled_job_registry.key, *waiting)
                for job_id in waiting:
                    if states[job_id] == QUEUED:
                        pipe.lrem(queue.key, 1, job_id)
                pipe.delete(*(RqJob.key_for(job_id) for job_id in waiting))
                pipe.execute()

    def holds(self, job_id: str) -> bool | None:
        """Tell whether a job waits or runs under this id; None where Redis does not answer."""
        try:
            return bool(self.redis.exists(RqJob.key_for(job_id)))
        except (RedisError, OSError):
            return None

    def is_up(self) -> bool:
        """Tell whether Redis answers."""
        try:
            return bool(self.redis.ping())
        except (RedisError, OSError):
            return False

    def pulse(self) -> Pulse:
        """Ask Redis who works for it. A worker that was killed is counted for eight minutes."""
        try:
            name = SHORT_QUEUES[0]
            workers = len(Worker.all(queue=self.queue(name)))
            scheduler = self.redis.exists(RQScheduler.get_locking_key(name)) == 1
        except (RedisError, OSError):
            return Pulse()
        return Pulse(True, workers, scheduler)


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

    `at` schedules it (then `job_id` is needed); `args` are JSON. See `JobQueue.enqueue_all`.
    """
    leave(KIND, Job(task, args, at, job_id))


@event.listens_for(Session, "after_commit")
def _enqueue_collected(session: Session) -> None:
    collected = taken(session, KIND)
    if collected:
        jobs().enqueue_all(collected)


def queue_of(task: str) -> str:
    """Give the queue of a task: sending has its own behind the short work, long work the last."""
    if task.startswith("jobs.tasks."):
        return "long"
    return "send" if task.startswith("jobs.delivery.") else "work"


def life_of(task: str) -> dict[str, Any]:
    """Give how long a task's job may take and is kept."""
    return {**LIFE, "job_timeout": LONG_LIFE} if queue_of(task) == "long" else LIFE
