"""Reading a long result row by row, without holding it in memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row, Select

from webapp.core.db import db

BATCH = 1000


def stream(statement: Select[*tuple[Any, ...]]) -> Iterator[Row[*tuple[Any, ...]]]:
    """Give the rows of `statement` while the database still works on them.

    Uses a connection of its own, with a cursor on the server's side in PostgreSQL, until the last
    row or until the reader goes away. The whole result is of one moment.
    """
    with db.engine.connect().execution_options(reads_only=True) as connection:
        options = {"stream_results": True, "yield_per": BATCH}
        yield from connection.execute(statement, execution_options=options)
