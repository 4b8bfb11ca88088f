"""Which addresses a list has named already, on which channels; in flat memory."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from hashlib import blake2b

from webapp.contacts.rules import Channel, canonical
from webapp.imports.rules import OptOut

CHANNELS = tuple(Channel)


class Seen:
    """A scratch table in a file of its own, which goes away with it."""

    def __init__(self) -> None:
        # An empty name is a file of SQLite's own, of which a cache of 4 MB is in memory.
        self._scratch = sqlite3.connect("", isolation_level=None)
        for statement in (
            "PRAGMA journal_mode=OFF",
            "PRAGMA cache_size=-4096",
            "CREATE TABLE seen (address BLOB PRIMARY KEY, channels INT) WITHOUT ROWID",
            "BEGIN",
        ):
            self._scratch.execute(statement)

    def close(self) -> None:
        """Let the scratch table go."""
        self._scratch.close()

    def fresh(self, opt_out: OptOut) -> OptOut | None:
        """Give what of a row the list has not named before, and remember it; None for nothing."""
        spelling = f"{opt_out.address.kind}:{canonical(opt_out.address)}"
        address = blake2b(spelling.encode(), digest_size=16).digest()
        asked = sum(1 << CHANNELS.index(channel) for channel in opt_out.channels)
        found = self._scratch.execute("SELECT channels FROM seen WHERE address = ?", (address,))
        known = next((row[0] for row in found), None)
        if known is None:
            self._scratch.execute("INSERT INTO seen VALUES (?, ?)", (address, asked))
            return opt_out
        if not asked & ~known:
            return None
        self._scratch.execute(
            "UPDATE seen SET channels = ? WHERE address = ?", (known | asked, address)
        )
        new = tuple(c for c in opt_out.channels if not known >> CHANNELS.index(c) & 1)
        return replace(opt_out, channels=new)
