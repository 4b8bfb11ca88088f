"""A worker process: RQ's SimpleWorker, which runs jobs in the process itself.

A fork for each job costs 25 ms against 4; jobs only wake up work that rows decide, so a job that
takes the process down loses nothing.
"""

from __future__ import annotations

import logging
import os
import secrets
import socket

from rq import SimpleWorker

from jobs.app import app
from webapp.core.queue import QUEUES, SERIALIZER, jobs


def main() -> None:
    """Work until SIGTERM, which lets the job in hand finish."""
    logging.getLogger("rq").setLevel(logging.WARNING)
    with app().app_context():
        queue = jobs()
        worker = SimpleWorker(
            [queue.queue(name) for name in QUEUES],
            name=f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}",
            connection=queue.blocking_redis(),
            serializer=SERIALIZER,
        )
        worker.work(logging_level="WARNING", with_scheduler=False)


if __name__ == "__main__":
    main()
