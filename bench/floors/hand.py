"""Statements by hand on one database: by Core, as Heed does, or past it, by the bare driver."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from typing import Any

import psycopg
from sqlalchemy import Connection, TextClause, make_url, text

from bench.places import Place

PRAGMAS = ("synchronous=NORMAL", "busy_timeout=30000", "foreign_keys=ON", "cache_size=-65536")
NAME = re.compile(r"(?<!:):(\w+)")


class Hand:
    """Runs statements with named parameters (`:name`) by SQLAlchemy's Core."""

    def __init__(self, place: Place) -> None:
        self.postgres = place.postgres
        self._engine = place.engine
        self._open: Connection | None = None

    def run(self, statement: str, **values: Any) -> Any:
        """Run one statement of the open transaction; gives its result or cursor."""
        assert self._open is not None
        return self._open.execute(_clause(statement), values)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit what runs in the block, or none of it; SQLite's write lock is taken at once."""
        with self._engine.begin() as self._open:
            yield

    def moment(self, value: datetime) -> datetime | str:
        """Give a time as the database keeps it: SQLite as text in UTC."""
        if self.postgres:
            return value
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")

    def read_moment(self, value: datetime | str) -> datetime:
        """Read a time that the database keeps."""
        if isinstance(value, datetime):
            return value
        return datetime.fromisoformat(value).replace(tzinfo=UTC)


class RawHand(Hand):
    """The same by psycopg or sqlite3 alone, on one connection that stays open."""

    def __init__(self, place: Place) -> None:
        super().__init__(place)
        self._connection: Any
        if self.postgres:
            address = place.config.database_url.replace("+psycopg", "", 1)
            self._connection = psycopg.connect(address, autocommit=True)
        else:
            file = make_url(place.config.database_url).database
            self._connection = sqlite3.connect(str(file), isolation_level=None)
            for pragma in PRAGMAS:
                self._connection.execute(f"PRAGMA {pragma}")

    def run(self, statement: str, **values: Any) -> Any:
        """Run one statement; gives its cursor."""
        return self._connection.execute(
            _for_psycopg(statement) if self.postgres else statement, values
        )

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit what runs in the block, or none of it; SQLite's write lock is taken at once."""
        self._connection.execute("BEGIN" if self.postgres else "BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


@cache
def _clause(statement: str) -> TextClause:
    return text(statement)


@cache
def _for_psycopg(statement: str) -> bytes:
    return NAME.sub(r"%(\1)s", statement).encode()
