"""Many rows at once, past SQLAlchemy: COPY on PostgreSQL, executemany on SQLite.

In two halves, so that one process can write rows down while another inserts them: `Form` turns
rows into what the driver takes, `insert_payload` hands that over. Triggers, constraints and
indexes work as for any INSERT; column defaults of Python do not.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import chain
from operator import itemgetter
from typing import Any, cast

from sqlalchemy import JSON, Boolean, Engine, Enum, Integer, LargeBinary, String, Table
from sqlalchemy.orm import Session

from webapp.core.dialect import UtcDateTime, is_postgres

Row = Mapping[str, Any]
# The text of a COPY, or the rows with plain values only.
Payload = bytes | list[tuple[Any, ...]]
Write = Callable[[Any], Any]

# COPY's own signs (PostgreSQL documentation, COPY, "Text Format"); a backslash escapes.
NULL = r"\N"
ROOMY = 256 * 1024  # KiB of SQLite's page cache
LOT = 500  # rows of one INSERT


class Form:
    """How rows of a table are written down for one database.

    `names` are the columns, those of every row; the others get their default of the database.
    """

    def __init__(self, table: Table, names: Iterable[str], *, postgres: bool) -> None:
        self.table, self.names = table, tuple(names)
        self._postgres = postgres
        self._values = itemgetter(*self.names)
        writers = _copy_writer if postgres else _sqlite_writer
        self._writers = [writers(table.c[name].type) for name in self.names]

    def payload(self, rows: Iterable[Row]) -> Payload:
        """Write rows down. Times must be in UTC; bytes, JSON and words are as the models have."""
        # Column by column: that is several times as fast as row by row.
        columns = zip(*map(self._values, rows), strict=True)
        written = [
            column if write is None else map(write, column)
            for write, column in zip(self._writers, columns, strict=True)
        ]
        if not self._postgres:
            return list(zip(*written, strict=True))
        return ("\n".join(map("\t".join, zip(*written, strict=True))) + "\n").encode()


def insert_payload(session: Session, table: str, names: Sequence[str], payload: Payload) -> None:
    """Insert what a `Form` of this session's database wrote, in the open transaction."""
    columns = ", ".join(f'"{name}"' for name in names)
    raw = _raw(session)
    if isinstance(payload, bytes):
        with raw.cursor() as cursor, cursor.copy(f'COPY "{table}" ({columns}) FROM STDIN') as copy:
            copy.write(payload)
    else:
        _insert_in_lots(raw, f'INSERT INTO "{table}" ({columns}) VALUES', len(names), payload)


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


def _sqlite_writer(kind: Any) -> Write | None:
    """Give what makes a plain value of SQLite's own types, as SQLAlchemy would; None: as is."""
    if isinstance(kind, UtcDateTime):
        return _sqlite_moment
    if isinstance(kind, Enum):
        return _words(kind, None).__getitem__
    if isinstance(kind, String):
        # A member of an enumeration is a text; what travels between processes is only the text.
        return _sqlite_text
    return _json if isinstance(kind, JSON) else None


def _words(kind: Enum, nothing: str | None) -> dict[str | None, str | None]:
    return {None: nothing, **{word: word for word in kind.enums}}


def _sqlite_moment(value: datetime | None) -> str | None:
    return None if value is None else value.isoformat(" ", "microseconds")[:26]


def _sqlite_text(value: str | None) -> str | None:
    return None if value is None else str(value)


def _json(value: Any) -> str:
    return "{}" if value == {} else json.dumps(value)


def _copy_writer(kind: Any) -> Write:
    """Give what writes a value in COPY's text format."""
    if isinstance(kind, UtcDateTime):
        return _copy_moment
    if isinstance(kind, LargeBinary):
        return _copy_bytes
    if isinstance(kind, JSON):
        return _copy_json
    if isinstance(kind, Enum):
        return _words(kind, NULL).__getitem__
    if isinstance(kind, Boolean):
        return {None: NULL, True: "t", False: "f"}.__getitem__
    if isinstance(kind, Integer):
        return _copy_integer
    if isinstance(kind, String):
        return _copy_text
    raise TypeError(f"no form for {kind!r}")


def _copy_moment(value: datetime | None) -> str:
    return NULL if value is None else value.isoformat(" ")


def _copy_bytes(value: bytes | None) -> str:
    return NULL if value is None else rf"\\x{value.hex()}"


def _copy_json(value: Any) -> str:
    return _json(value).replace("\\", r"\\")


def _copy_integer(value: int | None) -> str:
    return NULL if value is None else str(value)


def _copy_text(value: str | None) -> str:
    if value is None:
        return NULL
    value = value.replace("\\", r"\\").replace("\t", r"\t")
    return value.replace("\n", r"\n").replace("\r", r"\r")
