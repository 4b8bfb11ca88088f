"""How a connection is prepared, looked at, and how its transactions begin."""

from __future__ import annotations

import select as select_module
import sqlite3
import time
from random import uniform
from typing import Any

from flask import has_request_context, request
from sqlalchemy import Connection, Dialect, Engine, event
from sqlalchemy.orm import Session

from webapp.core import clock
from webapp.core.dialect.kinds import is_postgres

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

LONGEST_WAIT = 30  # seconds for SQLite's write lock


@event.listens_for(Engine, "connect")
def _prepare_sqlite(raw: Any, _record: Any) -> None:
    """WAL, foreign keys, and BEGIN in our own hands (stack: deferred upgrades fail at once)."""
    if isinstance(raw, sqlite3.Connection):
        raw.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            f"busy_timeout={LONGEST_WAIT * 1000}",
            "foreign_keys=ON",
            "cache_size=-65536",
        ):
            raw.execute(f"PRAGMA {pragma}")
        raw.create_function("clock_timestamp", 0, _sqlite_now)


def _sqlite_now() -> str:
    """Give this machine's time as SQLite stores times; it has no other."""
    return clock.now().replace(tzinfo=None).isoformat(" ", "microseconds")


@event.listens_for(Engine, "do_connect")
def _ping_lightly(dialect: Dialect, _record: Any, _args: Any, _params: Any) -> None:
    """Let the pool look at a connection of PostgreSQL instead of asking over it."""
    if dialect.name == "postgresql":
        dialect.do_ping = _is_open  # type: ignore[method-assign, assignment]


def _is_open(raw: Any) -> bool:
    """Tell whether an idle connection still stands: one that the server closed can be read from.

    Asking would take a round trip before each request's first statement.
    """
    if raw.closed:
        return False
    poll = select_module.poll()
    poll.register(raw.fileno(), select_module.POLLIN)
    return not poll.poll(0)


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    """Take SQLite's write lock at once, save in requests that only read, or when told so.

    A deferred transaction that reads and then writes fails with "database is locked" as soon as
    somebody else wrote in between, whatever the time-out.
    """
    if connection.dialect.name == "sqlite":
        asked = has_request_context() and request.method in SAFE_METHODS
        if asked or connection.get_execution_options().get("reads_only"):
            connection.exec_driver_sql("BEGIN")
        else:
            _begin_immediate(connection)


def _begin_immediate(connection: Connection) -> None:
    """Take SQLite's write lock, looking often.

    SQLite's own wait looks ten times a second and gives the lock to whoever asks at the right
    moment: beside a caller who writes one transaction after the other, an opt-out waited 12
    seconds. Looking every few milliseconds it waits for half a second.
    """
    raw: Any = connection.connection.dbapi_connection
    raw.execute("PRAGMA busy_timeout=0")
    try:
        end = time.monotonic() + LONGEST_WAIT
        while time.monotonic() < end:
            try:
                raw.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                    raise
                time.sleep(uniform(0.0005, 0.004))
            else:
                return
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        raw.execute(f"PRAGMA busy_timeout={LONGEST_WAIT * 1000}")


def read_alone(session: Session) -> None:
    """Let each statement of a request that only reads stand for itself, if none has run yet.

    PostgreSQL reads no other way at READ COMMITTED, and need not be told where a transaction
    begins and ends. On SQLite a transaction costs nothing.
    """
    if is_postgres(session) and not session.in_transaction():
        session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})
