"""`heed up`: which processes Heed consists of, and the order in which they come and go."""

from __future__ import annotations

import http.client
import os
import sys
from collections.abc import Sequence

from webapp.core import valkey
from webapp.core.child import Program
from webapp.core.config import Config
from webapp.core.preflight import check_free, hold_data, split_bind
from webapp.core.processes import Stopped, Supervisor
from webapp.core.queue import LONG_QUEUES, SHORT_QUEUES

WEB_GRACE = 15.0  # seconds; the web server itself gives its workers 10
WORKER_GRACE = 30.0  # seconds for the job in hand; what it leaves undone the reconciler takes up


def up(config: Config, *, greeting: Sequence[str] = ()) -> None:
    """Run all of Heed until a signal asks to stop; `greeting` is printed once the web answers.

    Raises ConfigError before anything is started, StartFailed where a part does not come up. All
    processes are stopped when this returns or raises.
    """
    with hold_data(config):
        check_free(config.bind, "HEED_BIND")
        if config.demo:
            check_free(config.sandbox_bind, "HEED_SANDBOX_BIND")
            check_free(config.sandbox_smtp_bind, "HEED_SANDBOX_SMTP_BIND")
        embedded = () if config.redis_url else (_valkey(config),)
        try:
            with Supervisor(_environment(config)) as supervisor:
                _start(supervisor, config, embedded)
                supervisor.settle()
                for line in (f"Heed is ready at {config.public_url}", *greeting):
                    supervisor.say("heed", line)
                supervisor.wait_for(lambda: False)
        except Stopped:
            print("Heed has stopped.", flush=True)


def _start(supervisor: Supervisor, config: Config, embedded: Sequence[Program]) -> None:
    """Start everything, each part when what it needs is there; the web comes last."""
    supervisor.say("heed", f"starting with the data in {config.data}")
    supervisor.start(*embedded)
    if config.demo:
        supervisor.start(Program("sandbox", _heed("sandbox")))
    supervisor.run(Program("database", _heed("db", "upgrade")))
    supervisor.wait_for(lambda: not embedded or valkey.answers(config))
    if config.demo:
        supervisor.say("heed", "looking after the demo data; the first time takes some seconds")
        supervisor.run(Program("demo", _heed("demo")))
    names = [f"worker-{number}" for number in range(1, config.workers + 1)]
    supervisor.start(
        *(Program(name, _worker(SHORT_QUEUES), grace=WORKER_GRACE) for name in names),
        # A process of its own: a large file or a bulk action never holds up a message.
        Program("tasks", _worker(LONG_QUEUES), grace=WORKER_GRACE),
    )
    supervisor.start(Program("scheduler", [sys.executable, "-m", "jobs.scheduler"]))
    supervisor.start(Program("web", _heed("web"), grace=WEB_GRACE))
    supervisor.wait_for(lambda: _answers(config.bind))


def _worker(queues: Sequence[str]) -> list[str]:
    return [sys.executable, "-m", "jobs.worker", *queues]


def _heed(*words: str) -> list[str]:
    return [sys.executable, "-m", "webapp.cli", *words]


def _valkey(config: Config) -> Program:
    return Program("valkey", valkey.command(config), folder=valkey.data_folder(config))


def _environment(config: Config) -> dict[str, str]:
    """Give the children our environment, with what the command line and the folder decided."""
    decided = {"HEED_DATA": str(config.data), "HEED_DEMO": "1" if config.demo else "0"}
    return {**os.environ, **decided}


def _answers(bind: str) -> bool:
    """Ask the web server for its health."""
    host, port = split_bind(bind)
    anywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}
    connection = http.client.HTTPConnection(anywhere.get(host, host), port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
