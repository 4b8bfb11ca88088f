"""`heed drill` against all of Heed, as an operator runs it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.outside import Outside, outside
from webapp.contacts.sinks import PREFIX, sink
from webapp.core import clock

pytestmark = [
    pytest.mark.slow,
    # One group: the tests of this file share one running Heed.
    pytest.mark.xdist_group("drill by its processes"),
    pytest.mark.skipif(sys.platform != "linux", reason="asks Linux which processes there are"),
]

STEPS = 11


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outside]:
    """All of Heed with a small demo."""
    with outside(tmp_path_factory.mktemp("heed")) as world:
        yield world


def drill(world: Outside, *words: str, **settings: str) -> tuple[int, list[str], str]:
    """Run `heed drill`; gives its exit code, its lines and what it said on stderr."""
    done = subprocess.run(
        [sys.executable, "-m", "webapp.cli", "drill", "--demo", *words],
        env={**world.heed.environment, **settings},
        capture_output=True,
        text=True,
        timeout=120,
    )
    return done.returncode, done.stdout.splitlines(), done.stderr


def failed(lines: list[str]) -> list[str]:
    """Give the names of the steps that failed; two blanks stand behind each."""
    return [line[8:].partition("  ")[0] for line in lines[:-1] if line.startswith("FAILED")]


@contextmanager
def stopped_workers(world: Outside) -> Iterator[None]:
    """Stop all workers in their tracks until the block ends."""
    workers = world.processes("jobs.worker")
    assert workers
    for worker in workers:
        os.kill(worker, signal.SIGSTOP)
    try:
        yield
    finally:
        for worker in workers:
            os.kill(worker, signal.SIGCONT)


def test_a_drill_passes(world: Outside) -> None:
    code, lines, _ = drill(world)
    assert (code, failed(lines)) == (0, [])
    assert len(lines) == STEPS + 1
    assert all(line.startswith("ok ") for line in lines[:-1])
    assert lines[-1].startswith(f"Passed: {STEPS} of {STEPS} steps in ")
    assert "STOP was enforced in " in lines[-1]


def test_after_it_nothing_shows_the_customer_who_does_not_exist(world: Outside) -> None:
    assert drill(world)[0] == 0
    for path in ("/contacts", "/opt-outs", "/messages", "/consent-events", "/reviews"):
        assert PREFIX.removeprefix("+") not in str(world.api.get(path)), path
    address = sink(clock.now().date()).value
    assert world.sandbox.get("/messages", to=address)["items"] == []
    with world.rows() as rows:
        for table in ("messages", "conversations"):
            query = f"SELECT count(*) FROM {table} WHERE address LIKE '{PREFIX}%'"
            assert rows.execute(query).fetchone() == (0,)


def test_where_workers_do_nothing_it_fails(world: Outside) -> None:
    with stopped_workers(world):
        code, lines, _ = drill(world, "--wait", "1")
    assert code == 1
    assert failed(lines) == ["Queued message cancelled", "One confirmation left"]
    assert lines[-1].startswith("FAILED: 9 of 11 steps")


def test_with_a_wrong_secret_it_fails(world: Outside) -> None:
    code, lines, _ = drill(world, HEED_WHATSAPP_APP_SECRET="another")
    assert code == 1
    assert len(failed(lines)) == 1
    assert "HEED_WHATSAPP_APP_SECRET" in "\n".join(lines)


def test_where_heed_is_not_it_fails(world: Outside) -> None:
    code, lines, _ = drill(world, "--url", world.heed.sandbox_url)
    assert code == 1
    assert failed(lines) == ["Heed answers, and STOP is a word"]


def test_a_killed_drill_is_cleared_and_the_next_one_passes(world: Outside) -> None:
    with stopped_workers(world):
        running = subprocess.Popen(
            [sys.executable, "-u", "-m", "webapp.cli", "drill", "--demo", "--wait", "45"],
            env=world.heed.environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert running.stdout is not None
        for line in running.stdout:
            if "State flipped" in line:
                break
        code, lines, said = drill(world)
        assert (code, lines, said) == (
            1,
            [],
            "heed: A drill is running; wait until it has ended.\n",
        )
        running.kill()
        running.wait()
        running.stdout.close()
    with world.rows() as rows:
        # A minute of silence, without the wait.
        rows.execute(
            "UPDATE settings SET value = json_set(value, '$.until', '2026-01-01T00:00:00+00:00') "
            "WHERE name = 'drill'"
        )
    assert drill(world)[0] == 0
    with world.rows() as rows:
        query = f"SELECT count(*) FROM messages WHERE address LIKE '{PREFIX}%'"
        assert rows.execute(query).fetchone() == (0,)
