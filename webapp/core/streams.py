"""Reading a long result row by row, without holding it in memory."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from typing import Any, cast

from sqlalchemy import Connection, Row, Select

from webapp.core.reading import reading

BATCH = 1000
SQLITE_CACHE = -8192  # KiB: a file is read once from end to end, and a large cache is only memory


def stream(statement: Select[*tuple[Any, ...]]) -> Generator[Row[*tuple[Any, ...]]]:
    """Give the rows of `statement` while the database still works on them.

    Uses a connection of its own, with a cursor on the server's side in PostgreSQL, until the last
    row or until it is closed. The whole result is of one moment.
    """
    options = {"stream_results": True, "yield_per": BATCH}
    with (
        reading_through() as connection,
        closing(connection.execute(statement, execution_options=options)) as rows,
    ):
        yield from rows


@contextmanager
def reading_through() -> Iterator[Connection]:
    """Give a connection for one long read, which SQLite is not to keep in its cache."""
    with reading() as connection:
        if connection.dialect.name != "sqlite":
            yield connection
            return
        raw = driver_of(connection)
        kept = raw.execute("PRAGMA cache_size").fetchone()[0]
        raw.execute(f"PRAGMA cache_size={SQLITE_CACHE}")
        try:
            yield connection
        finally:
            raw.execute(f"PRAGMA cache_size={kept}")


def driver_of(connection: Connection) -> Any:
    """Give the driver's own connection."""
    return cast(Any, connection.connection.dbapi_connection)
