"""Running several transactions at once, one statement at a time, in an order of our choosing.

Each actor is a thread that stops before every statement and commit it sends to PostgreSQL, and
goes on when told. A statement that waits for a lock leaves its actor `blocked`, which is seen in
pg_stat_activity, so no schedule depends on time.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import Engine, event, text

PATIENCE = 10.0  # seconds until a stuck schedule fails
_local = threading.local()


class Actor:
    """One thread of work that goes forward a statement at a time."""

    def __init__(self, app: Flask, engine: Engine, work: Callable[[], Any]) -> None:
        self.engine = engine
        self.result: Any = None
        self.error: BaseException | None = None
        self.done = False
        self._at_gate = threading.Event()
        self._go = threading.Event()
        self._free = False
        self._pid: int | None = None
        self._thread = threading.Thread(target=self._run, args=(app, work), daemon=True)
        self._thread.start()
        self._wait()

    def step(self) -> bool:
        """Do one statement; gives False where there is none left or it waits for a lock."""
        if self.done or not self._at_gate.is_set():
            return False
        self._at_gate.clear()
        self._go.set()
        return self._wait()

    def steps(self, count: int) -> None:
        """Do up to `count` statements."""
        for _ in range(count):
            if not self.step():
                return

    def let_go(self) -> None:
        """Go on without stops; gives when it has ended or waits for a lock."""
        self._free = True
        self._at_gate.clear()
        self._go.set()
        until = time.monotonic() + PATIENCE
        while not self.done and not self._blocked():
            assert time.monotonic() < until, "an actor neither ended nor waited for a lock"
            time.sleep(0.002)

    def finish(self) -> None:
        """Go on to the end, without stops."""
        self._free = True
        self._go.set()
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive(), "an actor is stuck"
        if self.error is not None:
            raise self.error

    def _run(self, app: Flask, work: Callable[[], Any]) -> None:
        _local.actor = self
        try:
            with app.app_context():
                self.result = work()
        except BaseException as error:
            self.error = error
        finally:
            self.done = True
            self._at_gate.set()

    def gate(self, pid: int | None) -> None:
        """Called in the actor's thread before a statement or commit."""
        if self._free:
            return
        self._pid = pid or self._pid
        self._go.clear()
        self._at_gate.set()
        assert self._go.wait(PATIENCE), "an actor was left at its gate"

    def _wait(self) -> bool:
        """Wait until the actor is at its next gate (True), has ended, or waits for a lock."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if self._at_gate.wait(0.002):
                return not self.done
            if self._blocked():
                return False
        raise AssertionError("an actor neither moved nor waited for a lock")

    def _blocked(self) -> bool:
        if self._pid is None:
            return False
        with self.engine.connect() as connection:
            kind = connection.scalar(
                text("SELECT wait_event_type FROM pg_stat_activity WHERE pid = :pid"),
                {"pid": self._pid},
            )
        return bool(kind == "Lock")


def install(engine: Engine) -> Callable[[], None]:
    """Make actors stop before their statements on this engine; gives what takes it away."""

    def before(_connection: Any, cursor: Any, *_rest: Any) -> None:
        actor = getattr(_local, "actor", None)
        if actor is not None:
            actor.gate(cursor.connection.info.backend_pid)

    def committing(connection: Any) -> None:
        actor = getattr(_local, "actor", None)
        if actor is not None:
            actor.gate(connection.connection.dbapi_connection.info.backend_pid)

    event.listen(engine, "before_cursor_execute", before)
    event.listen(engine, "commit", committing)

    def remove() -> None:
        event.remove(engine, "before_cursor_execute", before)
        event.remove(engine, "commit", committing)

    return remove
