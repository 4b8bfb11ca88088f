"""Apps behind Heed's server in processes of their own: what they answer, and their memory."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from time import perf_counter
from typing import IO

from bench.browser import COOKIE, Answer
from bench.places import Place
from tests.servers import end, free_port, launch, wait_until

BLOCK = 64 * 1024
LOOK_EVERY = 0.02
HEED = ("-m", "webapp.cli", "web")
FLOOR = ("-m", "bench.floors.served")


@dataclass(frozen=True)
class Download:
    """A file that was fetched: seconds until its first row and its last, and its size in lines."""

    first_row: float
    all_rows: float
    lines: int


@dataclass(frozen=True)
class Served:
    """A server on this machine; `pid` is the process that its others belong to."""

    pid: int
    port: int

    def ready(self, path: str, cookie: str = "") -> Callable[[], Answer]:
        """Open a connection; gives what sends the request on it."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=600)
        connection.connect()
        return partial(_fetch, connection, path, cookie)

    def download(self, path: str, cookie: str, file: IO[bytes]) -> Download:
        """Fetch a file into `file`, and say when its first row came, and when its last."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=600)
        start, first, lines = perf_counter(), 0.0, 0
        connection.request("GET", path, headers={"Cookie": f"{COOKIE}={cookie}"})
        answer = connection.getresponse()
        assert answer.status == 200, answer.read()[-2000:]
        while block := answer.read1(BLOCK):
            lines += block.count(b"\n")
            if lines > 1 and not first:
                first = perf_counter() - start
            file.write(block)
        connection.close()
        return Download(first, perf_counter() - start, lines)

    def memory(self) -> float:
        """Give what the server and its processes hold in memory now (resident), in MB."""
        return sum(map(_resident, _family(self.pid))) / 1024


@contextmanager
def served(place: Place, program: tuple[str, ...]) -> Iterator[Served]:
    """Run HEED or FLOOR on a place's database until the end of the block."""
    port = free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if name[:5] != "HEED_"},
        "HEED_DATA": str(place.config.data),
        "HEED_DATABASE_URL": place.config.database_url,
        "HEED_REDIS_URL": place.config.redis_url,
        "HEED_BIND": f"127.0.0.1:{port}",
    }
    with (place.config.data / "served.log").open("wb") as log:
        process = launch([sys.executable, *program], environment=environment, output=log)
        try:
            found = Served(process.pid, port)
            wait_until(partial(_answers, found), "the server")
            yield found
        finally:
            end(process)


@contextmanager
def watched(server: Served) -> Iterator[list[float]]:
    """Look at a server's memory all the time; the list holds what was seen, in MB."""
    seen, done = [server.memory()], threading.Event()

    def look() -> None:
        while not done.wait(LOOK_EVERY):
            seen.append(server.memory())

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield seen
    finally:
        done.set()
        watcher.join()


def _fetch(connection: HTTPConnection, path: str, cookie: str) -> Answer:
    connection.request("GET", path, headers={"Cookie": f"{COOKIE}={cookie}"})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return Answer(answer.status, dict(answer.headers), body)


def _answers(server: Served) -> bool:
    with suppress(OSError):
        server.ready("/healthz")()
        return True
    return False


def _family(pid: int) -> Iterator[int]:
    """Give a process and all that come from it."""
    yield pid
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from _family(int(child))


def _resident(pid: int) -> int:
    """Give what a process holds in memory, in kB; 0 where it has gone."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
    return 0
