"""What differs between PostgreSQL and SQLite: all of it, and nothing else, lives here."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from random import uniform
from typing import Any

from flask import has_request_context, request
from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Integer,
    TypeDecorator,
    bindparam,
    case,
    event,
    func,
    literal,
    select,
    text,
    type_coerce,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from webapp.core import clock

BigId = BigInteger().with_variant(Integer, "sqlite")
Json = JSON().with_variant(JSONB, "postgresql")

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
LONGEST_WAIT = 30  # seconds for SQLite's write lock


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime: timestamptz on PostgreSQL, sortable text on SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive times; SQLite keeps UTC without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def is_postgres(session: Session) -> bool:
    """Tell whether this session talks to PostgreSQL."""
    return session.get_bind().dialect.name == "postgresql"


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


def database_now(session: Session) -> datetime:
    """Give the database's time; on SQLite that is this machine's, there is no other."""
    if is_postgres(session):
        moment: datetime = session.scalars(select(func.clock_timestamp())).one()
        return moment.astimezone(UTC)
    return clock.now()


def now_after(session: Session, delay: timedelta) -> ColumnElement[datetime]:
    """Give an expression for the moment of its evaluation plus `delay`, for use in a statement."""
    if is_postgres(session):
        return func.clock_timestamp() + bindparam(None, delay, unique=True)
    return type_coerce(clock.now() + delay, UtcDateTime())


def lock(
    session: Session,
    numbers: Iterable[int],
    *,
    shared: bool,
    idle_at_most: timedelta | None = None,
) -> None:
    """Hold the numbered locks until this transaction ends, in sorted order, in one statement.

    `numbers` are 64-bit signed integers. Exclusive waits for shared and the other way round;
    shared holders do not wait for each other. A holder that says nothing for `idle_at_most`
    (its process was stopped) is cut off and rolled back. On SQLite the transaction already holds
    the only write lock (BEGIN IMMEDIATE), so there is nothing to do.
    """
    ordered = sorted(set(numbers))
    if not ordered or not is_postgres(session):
        return
    name = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    limit = ""
    if idle_at_most is not None:
        milliseconds = int(idle_at_most.total_seconds() * 1000)
        limit = f", set_config('idle_in_transaction_session_timeout', '{milliseconds}', true)"
    session.execute(
        text(f"SELECT {name}(n){limit} FROM unnest(CAST(:numbers AS bigint[])) AS n"),
        {"numbers": ordered},
    )


def try_lock(session: Session, number: int) -> bool:
    """Hold a numbered lock until this transaction ends, if nobody else does; tells whether.

    On SQLite the transaction already holds the only write lock, so it always does.
    """
    if not is_postgres(session):
        return True
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(number))))


def insert_or_ignore(session: Session, model: type, rows: list[dict[str, Any]]) -> int:
    """Insert rows, leaving those that break a uniqueness; gives how many went in."""
    if not rows:
        return 0
    build = postgresql.insert if is_postgres(session) else sqlite.insert
    statement = build(model).values(rows).on_conflict_do_nothing().returning(literal(1))
    return len(session.execute(statement).all())


def json_text(column: Any, name: str) -> ColumnElement[str]:
    """Give the text of one member of a JSON object column."""
    return column[name].as_string()  # type: ignore[no-any-return]


def json_holds(
    session: Session, column: Any, name: str, value: str | float | bool
) -> ColumnElement[bool]:
    """Give the condition "this member of a JSON object column is exactly `value`".

    Containment on PostgreSQL, which a GIN index serves.
    """
    if is_postgres(session):
        return type_coerce(column, JSONB).contains({name: value})
    return _extracted(column, name) == value


def json_number(session: Session, column: Any, name: str) -> ColumnElement[float]:
    """Give one member of a JSON object column as a number, NULL where it is none.

    Its type is asked first, so that a text that happens to stand there is never cast.
    """
    if is_postgres(session):
        member = type_coerce(column, JSONB)[name]
        return case((func.jsonb_typeof(member) == "number", member.as_float()), else_=None)
    kind = func.json_type(column, _path(name))
    return case((kind.in_(("integer", "real")), _extracted(column, name)), else_=None)


def _extracted(column: Any, name: str) -> ColumnElement[Any]:
    return func.json_extract(column, _path(name))


def _path(name: str) -> str:
    """Give SQLite's path of a member; a quote would end it early, and no such member exists."""
    return '$."{}"'.format(name.replace('"', ""))


def continue_ids(session: Session, models: Iterable[Any]) -> None:
    """Let ids of these tables go on above those that were given out by hand.

    SQLite does so by itself; a sequence of PostgreSQL has to be told.
    """
    if not is_postgres(session):
        return
    for model in models:
        column = model.__table__.c.id
        sequence = func.pg_get_serial_sequence(model.__tablename__, column.name)
        highest = select(func.max(column)).scalar_subquery()
        session.execute(select(func.setval(sequence, func.coalesce(highest, 1))))
