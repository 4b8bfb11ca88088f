"""`heed up` as a whole: every process, their start, their end, and what stays."""

import os
import signal
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.heed import Heed, running_heed
from tests.servers import wait_until

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def heed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Heed]:
    """A demo that has been stopped and started again."""
    data = tmp_path_factory.mktemp("heed")
    with running_heed(data, demo=True) as first:
        pids = family(first)
        assert first.stop() == 0
        assert first.lines[-1] == "Heed has stopped."
        assert not alive(pids)
    with running_heed(data, demo=True) as second:
        yield second


def family(heed: Heed) -> set[int]:
    """Give the process ids of this Heed: the supervisor and all below it."""
    listing = subprocess.check_output(["ps", "-eo", "pid=,ppid="], text=True)
    parents = {int(pid): int(parent) for pid, parent in map(str.split, listing.splitlines())}
    found = {heed.process.pid}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def alive(pids: set[int]) -> set[int]:
    """Give those that still run."""
    listing = subprocess.check_output(["ps", "-eo", "pid=,stat="], text=True)
    states = dict(line.split() for line in listing.splitlines())
    return {pid for pid in pids if states.get(str(pid), "Z")[0] != "Z"}


def child(heed: Heed, part: str) -> int:
    """Give the process id of the direct child whose command has this part."""
    listing = subprocess.check_output(
        ["ps", "-o", "pid=,args=", "--ppid", str(heed.process.pid)], text=True
    )
    return next(int(line.split()[0]) for line in listing.splitlines() if part in line)


def heed_command(heed: Heed, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a `heed` command with this Heed's settings."""
    return subprocess.run(
        [sys.executable, "-m", "webapp.cli", *words],
        env=heed.environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


def contacts(heed: Heed) -> int:
    with closing(sqlite3.connect(Path(heed.environment["HEED_DATA"]) / "heed.sqlite")) as database:
        number: int = database.execute("SELECT count(*) FROM contacts").fetchone()[0]
    return number


def test_it_says_where_it_is_and_who_may_sign_in(heed: Heed):
    text = "\n".join(heed.lines)
    assert f"Heed is ready at {heed.url}" in text
    for name in ("admin", "marketer", "viewer"):
        assert f"{name}@demo.heed.example" in text
    assert urllib.request.urlopen(f"{heed.url}/login", timeout=30).status == 200


def test_a_second_start_keeps_the_data_and_adds_none(heed: Heed):
    assert contacts(heed) == 2000


def test_a_killed_worker_comes_back(heed: Heed):
    worker = child(heed, "jobs.worker")
    os.kill(worker, signal.SIGKILL)
    heed.wait_for_line("was killed by signal 9; starts again in 1 s")
    wait_until(lambda: worker not in family(heed) and len(workers(heed)) == 2, "the new worker")


def workers(heed: Heed) -> list[str]:
    listing = subprocess.check_output(
        ["ps", "-o", "args=", "--ppid", str(heed.process.pid)], text=True
    )
    return [line for line in listing.splitlines() if "jobs.worker" in line]


def test_data_in_use_are_refused_in_one_line(heed: Heed):
    second = heed_command(heed, "up")
    assert (second.returncode, second.stdout) == (2, "")
    assert second.stderr.startswith("heed: HEED_DATA: another heed up runs on ")
    assert second.stderr.count("\n") == 1


def test_a_taken_port_is_refused_in_one_line(heed: Heed, tmp_path: Path):
    elsewhere = {**heed.environment, "HEED_DATA": str(tmp_path)}
    second = subprocess.run(
        [sys.executable, "-m", "webapp.cli", "up"], env=elsewhere, capture_output=True, text=True
    )
    assert (second.returncode, second.stdout) == (2, "")
    bind = heed.environment["HEED_BIND"]
    assert second.stderr == f"heed: HEED_BIND: {bind} is taken; choose another port\n"


def test_commands_work_beside_it(heed: Heed):
    words = ["user", "add", "new@example.com", "--name", "New", "--password", "long enough"]
    assert "may sign in as marketer" in heed_command(heed, *words).stdout
    again = heed_command(heed, *words)
    assert again.returncode == 1
    assert again.stderr == "heed: new@example.com has an account already.\n"

    token = heed_command(heed, "token", "create", "--role", "viewer").stdout.split()[-1]
    request = urllib.request.Request(
        f"{heed.url}/api/v1/contacts", headers={"Authorization": f"Bearer {token}"}
    )
    assert urllib.request.urlopen(request, timeout=30).status == 200


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's help is Linux's")
def test_nothing_outlives_a_killed_supervisor(tmp_path: Path):
    with running_heed(tmp_path) as heed:
        pids = family(heed)
        heed.process.kill()
        heed.process.wait()
        wait_until(lambda: not alive(pids), "the end of all processes")
