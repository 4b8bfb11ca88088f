"""Reading at length beside those who write."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from webapp.core.db import db


def only_reads() -> None:
    """Begin the session's next transaction as one that only reads, until it ends.

    For a door that has written and now shows what stands: on SQLite it would otherwise wait for
    the write lock to read.
    """
    db.session().connection(execution_options={"reads_only": True})


@contextmanager
def reading() -> Iterator[Connection]:
    """Give a connection of its own that only reads what is committed, until the block ends.

    On SQLite a transaction that may write keeps every other writer out, an opt-out too; what
    reads for long, outside of a GET, reads here instead.
    """
    with db.engine.connect().execution_options(reads_only=True) as connection:
        yield connection
