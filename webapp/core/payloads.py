"""Rows written down for a database's driver: for COPY on PostgreSQL, as plain values for SQLite.

It needs no connection, so that one process can write rows down while another inserts them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import JSON, Boolean, Enum, Integer, LargeBinary, String, Table

from webapp.core.dialect import UtcDateTime, written_json

Row = Mapping[str, Any]
# The text of a COPY, or the rows with plain values only.
Payload = bytes | list[tuple[Any, ...]]
Write = Callable[[Any], Any]

# COPY's own signs (PostgreSQL documentation, COPY, "Text Format"); a backslash escapes.
NULL = r"\N"


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


def _sqlite_writer(kind: Any) -> Write | None:
    """Give what makes a plain value of SQLite's own types, as SQLAlchemy would; None: as is."""
    if isinstance(kind, UtcDateTime):
        return _sqlite_moment
    if isinstance(kind, Enum):
        return _words(kind, None).__getitem__
    if isinstance(kind, String):
        # A member of an enumeration is a text; what travels between processes is only the text.
        return _sqlite_text
    return written_json if isinstance(kind, JSON) else None


def _words(kind: Enum, nothing: str | None) -> dict[str | None, str | None]:
    return {None: nothing, **{word: word for word in kind.enums}}


def _sqlite_moment(value: datetime | None) -> str | None:
    return None if value is None else value.isoformat(" ", "microseconds")[:26]


def _sqlite_text(value: str | None) -> str | None:
    return None if value is None else str(value)


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
    return written_json(value).replace("\\", r"\\")


def _copy_integer(value: int | None) -> str:
    return NULL if value is None else str(value)


def _copy_text(value: str | None) -> str:
    if value is None:
        return NULL
    value = value.replace("\\", r"\\").replace("\t", r"\t")
    return value.replace("\n", r"\n").replace("\r", r"\r")
