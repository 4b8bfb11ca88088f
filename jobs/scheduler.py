"""The scheduler process: moves due RQ jobs to their queues, and runs the reconciler.

It keeps going while Redis or the database is away, and several may run: RQ's lock lets one of
them move jobs, and every sweep is harmless to repeat.
"""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable

import structlog
from rq.scheduler import RQScheduler

from jobs import reconcile
from jobs.app import app
from webapp.core.db import db
from webapp.core.queue import SERIALIZER, SHORT_QUEUES, jobs

log = structlog.get_logger(__name__)
TICK = 0.5  # seconds
LEASE = 5  # seconds that the lock of a killed scheduler keeps another from moving jobs
RQ_LEASES_LONGER_BY = 60  # than its interval, which means nothing here: the ticks are our own


class Scheduler:
    """The loop and its tasks, each with its own pace in seconds."""

    def __init__(self) -> None:
        self.stop = threading.Event()
        self._rq: RQScheduler | None = None
        self._next: dict[Callable[[], None], float] = {}
        self._paces: list[tuple[Callable[[], None], float]] = [
            (self._move_due, TICK),
            (reconcile.every_second, 1.0),
            (reconcile.every_few_seconds, 5.0),
            (reconcile.every_minute, 60.0),
            (reconcile.every_hour, 3600.0),
        ]

    def run(self) -> None:
        """Tick until told to stop."""
        with app().app_context():
            while not self.stop.is_set():
                self.tick(time.monotonic())
                self.stop.wait(TICK)
            self.close()

    def tick(self, now: float) -> None:
        """Do what is due at `now` (seconds); an error costs only that task's turn."""
        for task, pace in self._paces:
            if now >= self._next.get(task, 0.0):
                self._next[task] = now + pace
                try:
                    task()
                except Exception as error:
                    db.session.rollback()
                    log.warning("scheduler.task_failed", task=task.__name__, error=str(error))

    def close(self) -> None:
        """Let another scheduler move jobs at once."""
        if self._rq is not None:
            self._rq.release_locks()

    def _move_due(self) -> None:
        """Move due jobs to their queues; take RQ's lock again where it was lost or wiped."""
        if self._rq is None:
            self._rq = RQScheduler(
                list(SHORT_QUEUES),  # nothing long is ever put off
                connection=jobs().redis,
                serializer=SERIALIZER,
                interval=LEASE - RQ_LEASES_LONGER_BY,
                logging_level=logging.WARNING,
            )
        self._rq.acquire_locks()
        self._rq.enqueue_scheduled_jobs()
        self._rq.heartbeat()


def main() -> None:
    """Run until SIGTERM or SIGINT."""
    scheduler = Scheduler()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: scheduler.stop.set())
    scheduler.run()


if __name__ == "__main__":
    main()
