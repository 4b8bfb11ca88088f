"""Reading whole tables of one moment past SQLAlchemy, in this process or in several at once.

Others write meanwhile. PostgreSQL hands its snapshot to whoever knows its name; on SQLite, which
cannot, the readers begin while nobody may write, which takes some milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, count
from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

import webapp.core.dialect  # noqa: F401 - it prepares each connection of SQLite

LOT = 2000  # rows that are in memory at once
SQLITE_LOT = 100  # so few stay in the processor's cache, and each costs no way to a server
SQLITE_CACHE = -16384  # KiB
SQLITE_MAPPED = 1 << 34  # bytes of the file that are read without copying
# How PostgreSQL is to read: as it likes, in the order of an index, or all of a table.
_ANYHOW = ("on", "on", "on")
_BY_INDEX = ("off", "off", "on")
_WHOLE = ("on", "off", "off")
_PLANS = (
    "SET LOCAL enable_seqscan = {}; SET LOCAL enable_bitmapscan = {};"
    " SET LOCAL enable_indexscan = {}"
)
SORTED_IN = "32MB"  # of memory, before the disk is used


@dataclass(frozen=True)
class Moment:
    """What another process needs to read what this one reads; `name` is PostgreSQL's."""

    url: str
    name: str | None = None


class Reader:
    """A read-only transaction at one moment. Statements are the driver's, with `?` for values."""

    def __init__(self, moment: Moment) -> None:
        """Begin it. Raises what the driver raises."""
        self._engine = create_engine(moment.url, poolclass=NullPool)
        self._pooled = self._engine.raw_connection()
        self._raw: Any = self._pooled.driver_connection
        self.postgres = self._engine.dialect.name == "postgresql"
        self._cursors = count()
        (self._begin_postgres if self.postgres else self._begin_sqlite)(moment)
        self.moment = moment

    def close(self) -> None:
        """End it."""
        self._pooled.close()
        self._engine.dispose()

    def name_it(self) -> Moment:
        """Give this moment to other processes; it lasts until this reader is closed."""
        name = self.value("SELECT pg_export_snapshot()") if self.postgres else None
        return Moment(self.moment.url, name)

    def lots(
        self, statement: str, values: Sequence[Any] = (), *, by_index: bool = False
    ) -> Iterator[list[tuple[Any, ...]]]:
        """Give the rows of a statement, some thousands at a time, never all of them at once.

        `by_index` says that its order is that of an index. Times come as `utc` writes them.
        """
        lots = self._postgres_lots if self.postgres else self._sqlite_lots
        return lots(statement, values, _BY_INDEX if by_index else _ANYHOW)

    def sorted_aside(
        self, columns: str, table: str, condition: str, order: str, values: Sequence[Any] = ()
    ) -> Iterator[tuple[Any, ...]]:
        """Give rows of one table, which is read from end to end and sorted aside.

        Where the order is not that of the table, this takes far less than to fetch each row
        through an index. It takes room on disk, as much as the rows that are given.
        """
        whole = table if self.postgres else f"{table} NOT INDEXED"
        statement = f"SELECT {columns} FROM {whole} WHERE {condition} ORDER BY {order}"
        lots = self._postgres_lots if self.postgres else self._sqlite_lots
        return chain.from_iterable(lots(statement, values, _WHOLE))

    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Give the few rows of a statement."""
        return [row for lot in self.lots(statement, values) for row in lot]

    def value(self, statement: str, values: Sequence[Any] = ()) -> Any:
        """Give the first column of a statement's first row, or None."""
        found = self.rows(statement, values)
        return found[0][0] if found else None

    def utc(self, column: str) -> str:
        """Give the SQL for a time that `moment_of` reads."""
        return f"({column} AT TIME ZONE 'UTC')" if self.postgres else column

    def found_by(self, index: str) -> str:
        """Give what makes SQLite find a joined table's rows by an index; PostgreSQL knows best."""
        return "" if self.postgres else f"INDEXED BY {index}"

    def bytewise(self, column: str) -> str:
        """Give the SQL for a text column in the order of its bytes, as Python sorts too."""
        return f'{column} COLLATE "C"' if self.postgres else column

    def bound(self, moment: datetime) -> Any:
        """Give a time as a value for `?`; it has a zone."""
        if self.postgres:
            return moment
        return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")

    def text(self, column: str) -> str:
        """Give the SQL for a JSON column as its text."""
        return f"({column})::text" if self.postgres else column

    def _sqlite_lots(
        self, statement: str, values: Sequence[Any], _plan: tuple[str, str, str]
    ) -> Iterator[list[tuple[Any, ...]]]:
        with closing(self._raw.execute(statement, values)) as cursor:
            while rows := cursor.fetchmany(SQLITE_LOT):
                yield rows

    def _postgres_lots(
        self, statement: str, values: Sequence[Any], plan: tuple[str, str, str]
    ) -> Iterator[list[tuple[Any, ...]]]:
        self._raw.execute(_PLANS.format(*plan))
        with self._raw.cursor(f"lots_{next(self._cursors)}") as cursor:
            cursor.execute(statement.replace("?", "%s"), values, binary=True)
            while rows := cursor.fetchmany(LOT):
                yield rows

    def _begin_postgres(self, moment: Moment) -> None:
        self._raw.execute("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        if moment.name is not None:
            # Set before the first query, and no parameter is taken here; it is PostgreSQL's own.
            self._raw.execute(f"SET TRANSACTION SNAPSHOT '{moment.name}'")
        self._raw.execute(
            f"SET LOCAL jit = off; SET LOCAL work_mem = '{SORTED_IN}';"
            # Cursors are read to their end; PostgreSQL takes it that most are left after a tenth.
            " SET LOCAL cursor_tuple_fraction = 1"
        )

    def _begin_sqlite(self, moment: Moment) -> None:
        self._raw.execute(f"PRAGMA cache_size={SQLITE_CACHE}")
        self._raw.execute(f"PRAGMA mmap_size={SQLITE_MAPPED}")
        self._raw.execute("BEGIN")
        self._raw.execute("SELECT count(*) FROM sqlite_master").fetchone()


def moment_of(value: Any) -> datetime | None:
    """Give a time that was read through `utc`, without a zone. Raises ValueError."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value


@contextmanager
def nobody_writes(url: str) -> Iterator[None]:
    """Keep SQLite's writers waiting until the block ends; nothing on PostgreSQL."""
    engine = create_engine(url, poolclass=NullPool)
    try:
        if engine.dialect.name == "postgresql":
            yield
            return
        with engine.connect() as connection:
            connection.exec_driver_sql("SELECT 1")  # begins as one that writes
            yield
            connection.rollback()
    finally:
        engine.dispose()
