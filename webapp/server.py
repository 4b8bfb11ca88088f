"""`heed web`: the pages, the API and the webhooks behind a production WSGI server."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from typing import Any

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from webapp.core.config import Config, load_config
from webapp.core.parent import die_with_parent
from webapp.core.preflight import split_bind

PROCESSES = 2
KILL_AFTER = 10  # seconds that a process may take to finish its requests


def serve(config: Config) -> None:
    """Serve until a signal asks to stop. A web process that dies is started anew."""
    # Loaded once here, shared by the processes that are forked off.
    import webapp.app  # noqa: F401

    host, port = split_bind(config.bind)
    server = Server(
        "webapp.app",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=PROCESSES,
        blocking_threads=config.web_threads,
        respawn_failed_workers=True,
        workers_kill_timeout=KILL_AFTER,
        log_level=LogLevels.error,
    )
    server.serve(target_loader=partial(_load, os.getpid()), wrap_loader=False)


def _load(parent: int) -> Callable[..., Any]:
    """Make the app, in the web process; `parent` is the process that watches over it."""
    die_with_parent(parent)
    from webapp.app import create_app

    return create_app(load_config())
