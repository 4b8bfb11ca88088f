"""Who a list has named so far, by address; in flat memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from webapp.imports.rules import Refused

SHORT = 16  # bytes of a key that tell people of one list apart
TWO_ROWS = "The phone number and the email address belong to two people of rows above."


class People:
    """A scratch table in a file of its own, which goes away with it.

    A person is a number: the id of their contact, or below nought the row that brings them. What
    is added counts at once, but only until `begin`, unless `keep` comes before it.
    """

    def __init__(self) -> None:
        # An empty name is a file of SQLite's own, of which a cache of 4 MB is in memory.
        self._scratch = sqlite3.connect("", isolation_level=None)
        for statement in (
            "PRAGMA journal_mode=OFF",
            "PRAGMA cache_size=-4096",
            "CREATE TABLE seen (key BLOB PRIMARY KEY, person INTEGER) WITHOUT ROWID",
            "BEGIN",
        ):
            self._scratch.execute(statement)
        self._added: dict[bytes, int] = {}

    def close(self) -> None:
        """Let the scratch table go."""
        self._scratch.close()

    def begin(self) -> None:
        """Forget what was added and not kept: a step that did not commit is done anew."""
        self._added.clear()

    def keep(self) -> None:
        """Remember for good what was added."""
        put = "REPLACE INTO seen VALUES (?, ?)"
        self._scratch.executemany(put, self._added.items())
        self._added.clear()

    def of(self, keys: Iterable[bytes]) -> int | None:
        """Give who has these keys by the rows above, None where no row named them. Raises Refused."""
        found = {self._one(key[:SHORT]) for key in keys} - {None}
        if len(found) > 1:
            raise Refused(TWO_ROWS)
        return next(iter(found), None)

    def add(self, keys: Iterable[bytes], person: int) -> None:
        """Say that these keys are somebody's."""
        self._added.update((key[:SHORT], person) for key in keys)

    def _one(self, key: bytes) -> int | None:
        added = self._added.get(key)
        if added is not None:
            return added
        found = self._scratch.execute("SELECT person FROM seen WHERE key = ?", (key,)).fetchone()
        return found[0] if found else None
