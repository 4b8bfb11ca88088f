"""Heed with all its processes, its own database and its own provider; what can be done to it."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from redis import Redis

from tests.fault.doors import Unanswered, ask
from tests.fault.provider import Manner, command
from tests.heed import Heed, running_heed
from tests.postgres import Cluster, cluster
from tests.servers import end, free_port, launch, wait_until
from webapp.core.config import Config, load_config
from webapp.core.valkey import embedded_valkey_url

SECRET = "fault-app-secret"
NUMBER_ID = "106540352242922"
# A crash of the server loses nothing that was committed; that the machine itself might is not
# what is looked at here.
POSTGRES = ("-F",)


@dataclass(frozen=True)
class Machine:
    """A running Heed and what stands around it. `provider` is the provider's port."""

    heed: Heed
    config: Config
    provider: int
    log: Path
    database: Cluster | None

    @property
    def port(self) -> int:
        """Heed's own port."""
        return int(self.heed.url.rpartition(":")[2])

    def workers(self) -> list[int]:
        """Give the process ids of the workers that send."""
        return [pid for pid, line in self._children() if "jobs.worker" in line and "send" in line]

    def _children(self) -> list[tuple[int, str]]:
        told = subprocess.run(
            ["ps", "-o", "pid=,args=", "--ppid", str(self.heed.process.pid)],
            capture_output=True,
            text=True,
            check=False,
        ).stdout
        return [(int(line.split()[0]), line) for line in told.splitlines()]

    def kill(self, worker: int) -> None:
        """Kill a worker with -9, and wait until another has come in its place."""
        count = len(self.workers())
        os.kill(worker, signal.SIGKILL)
        wait_until(
            lambda: worker not in self.workers() and len(self.workers()) == count, "a new worker"
        )

    @contextmanager
    def stopped(self, worker: int) -> Iterator[None]:
        """Stop a worker with SIGSTOP until the block ends."""
        os.kill(worker, signal.SIGSTOP)
        try:
            yield
        finally:
            with suppress(ProcessLookupError):
                os.kill(worker, signal.SIGCONT)

    def redis(self) -> Redis:
        """Give a client of the embedded Valkey."""
        return Redis.from_url(embedded_valkey_url(self.config), decode_responses=True)

    def wipe(self) -> None:
        """Take everything out of Valkey."""
        with self.redis() as redis:
            redis.flushall()

    def restart_database(self) -> None:
        """Stop PostgreSQL at once, as `pg_ctl -m immediate` does, and start it again."""
        assert self.database is not None
        self.database.stop(signal.SIGQUIT)
        self.database.start()

    def ask_provider(self, report: Sequence[int] = ()) -> Any:
        """Ask the provider what is still to be done; it reports these messages now."""
        body = f'{{"report": {list(report)}}}'.encode()
        return ask(self.provider, "POST", "/control", body=body).json


@contextmanager
def machine(
    folder: Path,
    database: str,
    workers: int,
    seed: int,
    *,
    mutation: str = "",
    prepare: Callable[[Config], None],
    **manner: Any,
) -> Iterator[Machine]:
    """Run a whole Heed on an empty database in `folder` until the block ends.

    `prepare` fills the database first. `mutation` takes a part out of it: see `mutated.py`.
    """
    with ExitStack() as stack:
        server, url = None, f"sqlite:///{folder / 'heed' / 'heed.sqlite'}"
        if database == "postgresql":
            server = stack.enter_context(cluster(folder / "postgres", POSTGRES))
            url = server.database("fault")
        provider = free_port()
        settings = _settings(url, provider, workers)
        names = {name.removeprefix("HEED_").lower(): text for name, text in settings.items()}
        config = load_config(data=folder / "heed", **names)
        prepare(config)
        program = ("tests.fault.mutated", mutation) if mutation else ("webapp.cli",)
        heed = stack.enter_context(
            running_heed(config.data, settings=settings, program=(*program, "up"))
        )
        behaves = Manner(heed.url, SECRET, NUMBER_ID, seed, **manner)
        log = folder / "provider.jsonl"
        with (folder / "provider.log").open("wb") as output:
            process = launch(command(provider, log, behaves), output=output)
        stack.callback(end, process)
        found = Machine(heed, config, provider, log, server)
        wait_until(lambda: _answers(found), "the provider")
        yield found


def _settings(url: str, provider: int, workers: int) -> dict[str, str]:
    return {
        "HEED_DATABASE_URL": url,
        "HEED_WORKERS": str(workers),
        "HEED_ARGON2_PROFILE": "cheapest",
        "HEED_WHATSAPP_API_URL": f"http://127.0.0.1:{provider}/v23.0",
        "HEED_WHATSAPP_PHONE_NUMBER_ID": NUMBER_ID,
        "HEED_WHATSAPP_BUSINESS_ID": "102290129340398",
        "HEED_WHATSAPP_TOKEN": "fault-token",
        "HEED_WHATSAPP_APP_SECRET": SECRET,
        "HEED_WHATSAPP_VERIFY_TOKEN": "fault-verify-token",
    }


def _answers(found: Machine) -> bool:
    try:
        found.ask_provider()
    except Unanswered:
        return False
    return True
