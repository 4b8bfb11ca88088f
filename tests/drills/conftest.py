"""A Heed behind a real port, and a drill against it while a real worker works."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from flask.ctx import AppContext
from redis import Redis
from rq import Queue, SimpleWorker
from werkzeug.serving import make_server

from jobs import reconcile
from webapp.core.config import Config
from webapp.core.db import db
from webapp.core.queue import QUEUES, SERIALIZER
from webapp.drills.service import run
from webapp.webhooks.whatsapp_line import WhatsAppLine

# What a drill came to: whether it passed, its steps by name, and the milliseconds.
Came = tuple[bool, dict[str, dict[str, Any]], int | None]


@pytest.fixture
def line(app: Flask) -> Iterator[WhatsAppLine]:
    """The provider's end of the line to the app under test, served from a thread."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    config: Config = app.extensions["heed"]
    yield WhatsAppLine(f"http://127.0.0.1:{server.server_port}", config)
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def drill(app: Flask, context: AppContext, redis: Redis, line: WhatsAppLine) -> Callable[..., Came]:
    """Run a drill; `worker` says whether anybody works meanwhile, `over` is another line."""

    def drilled(
        *, worker: bool = True, patience: float = 20.0, over: WhatsAppLine | None = None
    ) -> Came:
        db.session.rollback()
        with ThreadPoolExecutor(1) as apart:
            running = apart.submit(_run, app, over or line, patience)
            while worker and not running.done():
                reconcile.every_second()
                work(redis)
            return running.result()

    return drilled


def _run(app: Flask, line: WhatsAppLine, patience: float) -> Came:
    with app.app_context():
        done = run(line, patience)
        return done.passed, {step["name"]: step for step in done.steps}, done.enforced_ms


def work(redis: Redis) -> None:
    """Run every queued job and stop."""
    queues = [Queue(name, connection=redis, serializer=SERIALIZER) for name in QUEUES]
    SimpleWorker(queues, connection=redis, serializer=SERIALIZER).work(
        burst=True, logging_level="WARNING"
    )
