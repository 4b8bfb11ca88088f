"""Inserting many rows at once, past SQLAlchemy: COPY on PostgreSQL, long INSERTs on SQLite.

Triggers, constraints and indexes work as for any INSERT; column defaults of Python do not.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from typing import Any, cast

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from webapp.core.dialect import is_postgres
from webapp.core.payloads import Form, Payload, Row

ROOMY = 256 * 1024  # KiB of SQLite's page cache
LOT = 500  # rows of one INSERT
BLOCK = 100  # rows of a COPY that are written down at once


def insert_rows(session: Session, form: Form, rows: Iterable[Row]) -> None:
    """Write rows of a form's table down and insert them, in the open transaction.

    On PostgreSQL some are written down while it puts those before into table and indexes.
    """
    if not is_postgres(session):
        insert_payload(session, form.table.name, form.names, form.payload(rows))
        return
    source = iter(rows)
    with _raw(session).cursor() as cursor, cursor.copy(_copy(form.table.name, form.names)) as copy:
        while some := list(islice(source, BLOCK)):
            copy.write(form.payload(some))


def insert_payload(session: Session, table: str, names: Sequence[str], payload: Payload) -> None:
    """Insert what a `Form` of this session's database wrote, in the open transaction."""
    raw = _raw(session)
    if isinstance(payload, bytes):
        with raw.cursor() as cursor, cursor.copy(_copy(table, names)) as copy:
            copy.write(payload)
    else:
        insert = f'INSERT INTO "{table}" ({_listed(names)}) VALUES'
        _insert_in_lots(raw, insert, len(names), payload)


def _copy(table: str, names: Sequence[str]) -> str:
    return f'COPY "{table}" ({_listed(names)}) FROM STDIN'


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _insert_in_lots(raw: Any, insert: str, width: int, rows: list[tuple[Any, ...]]) -> None:
    """Insert rows of so many columns, hundreds with one statement.

    At the end of each statement a full-text index that a trigger fills writes all that it has in
    hand: row by row that takes three times as long.
    """
    one = f"({', '.join('?' * width)})"
    lot = min(LOT, raw.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER) // width)
    whole = len(rows) - len(rows) % lot
    for first in range(0, whole, lot):
        values = chain.from_iterable(rows[first : first + lot])
        raw.execute(f"{insert} {', '.join([one] * lot)}", tuple(values))
    raw.executemany(f"{insert} {one}", rows[whole:])


@contextmanager
def roomy_cache(session: Session) -> Iterator[None]:
    """Let SQLite hold more pages in memory: indexes by key change all over at once.

    With the usual cache the same pages would be written again and again.
    """
    if is_postgres(session):
        yield
        return
    raw = _raw(session)
    (usual,) = raw.execute("PRAGMA cache_size").fetchone()
    raw.execute(f"PRAGMA cache_size = {-ROOMY}")
    try:
        yield
    finally:
        raw.execute(f"PRAGMA cache_size = {usual}")


def tidy_up(engine: Engine) -> None:
    """After a large load has been committed, do what would come anyway, but some time later.

    PostgreSQL learns what its tables hold and marks their rows as seen by all; SQLite moves its
    log into the database and gives the space back. To be called outside a transaction.
    """
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM (ANALYZE)")
        return
    pooled = engine.raw_connection()
    try:
        cast(Any, pooled.dbapi_connection).execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        pooled.close()


def _raw(session: Session) -> Any:
    return session.connection().connection.dbapi_connection
