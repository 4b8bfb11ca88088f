"""A worker process: RQ's SimpleWorker, which runs jobs in the process itself.

`python -m jobs.worker [QUEUE ...]` looks at these queues alone, else at all of them.

A fork for each job costs 25 ms against 4; jobs only wake up work that rows decide, so a job that
takes the process down loses nothing.
"""

from __future__ import annotations

import logging
import os
import secrets
import socket
import sys
from collections.abc import Sequence

from rq import SimpleWorker

from jobs.app import app
from webapp.core.queue import QUEUES, SERIALIZER, jobs


def main(queues: Sequence[str] = ()) -> None:
    """Work on these queues until SIGTERM, which lets the job in hand finish."""
    logging.getLogger("rq").setLevel(logging.WARNING)
    with app().app_context():
        queue = jobs()
        worker = SimpleWorker(
            [queue.queue(name) for name in queues or QUEUES],
            name=f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}",
            connection=queue.blocking_redis(),
            serializer=SERIALIZER,
        )
        worker.work(logging_level="WARNING", with_scheduler=False)


if __name__ == "__main__":
    main(sys.argv[1:])
