"""When a list last opts each address out of each channel; in flat memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import NamedTuple

from webapp.contacts.rules import Channel, canonical
from webapp.core import clock
from webapp.imports.rules import OptOut

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NOW = 2**63 - 1  # after every date: what has none counts from the recording on
CHANNELS = tuple(Channel)
UNNAMED: Sequence[None] = (None,) * len(CHANNELS)
GET = f"SELECT {', '.join(CHANNELS)} FROM seen WHERE address = ?"
PUT = f"REPLACE INTO seen VALUES (?{', ?' * len(CHANNELS)})"


class Fresh(NamedTuple):
    """What a row says that no row above it has said; None for nothing.

    `first`: it names a channel and address for the first time. `overtakes`: one of them later
    than before.
    """

    opt_out: OptOut | None
    first: bool
    overtakes: bool


class Seen:
    """A scratch table in a file of its own, which goes away with it."""

    def __init__(self) -> None:
        self._begun = clock.now()
        # An empty name is a file of SQLite's own, of which a cache of 4 MB is in memory.
        self._scratch = sqlite3.connect("", isolation_level=None)
        for statement in (
            "PRAGMA journal_mode=OFF",
            "PRAGMA cache_size=-4096",
            f"CREATE TABLE seen (address BLOB PRIMARY KEY, {', '.join(CHANNELS)}) WITHOUT ROWID",
            "BEGIN",
        ):
            self._scratch.execute(statement)

    def close(self) -> None:
        """Let the scratch table go."""
        self._scratch.close()

    def fresh(self, opt_out: OptOut) -> Fresh:
        """Remember a row, and give what of it the list has not said before.

        A later moment is said anew: after an opt-in between the two, only the later one holds.
        """
        address, asked, moment = _address(opt_out), opt_out.channels, self._moment(opt_out)
        known = list(zip(CHANNELS, self._known(address), strict=True))
        new = tuple(c for c, at in known if c in asked and (at is None or at < moment))
        if not new:
            return Fresh(None, False, False)
        self._scratch.execute(PUT, (address, *(moment if c in new else at for c, at in known)))
        first = any(at is None for c, at in known if c in new)
        return Fresh(_on(opt_out, new), first, any(at is not None for c, at in known if c in new))

    def latest(self, opt_out: OptOut) -> OptOut | None:
        """Give what of a remembered row no other has overtaken; None for nothing."""
        known, moment = self._known(_address(opt_out)), self._moment(opt_out)
        found = (c for c, at in zip(CHANNELS, known, strict=True) if at == moment)
        return _on(opt_out, tuple(channel for channel in found if channel in opt_out.channels))

    def _known(self, address: bytes) -> Sequence[int | None]:
        """Give an address's latest moment on each channel, None where it was not named."""
        found = self._scratch.execute(GET, (address,)).fetchone()
        return found or UNNAMED

    def _moment(self, opt_out: OptOut) -> int:
        """Give a row's moment as a number, the future as now."""
        moment = opt_out.occurred_at
        if moment is None or moment >= self._begun:
            return NOW
        return (moment - EPOCH) // timedelta(microseconds=1)


def _address(opt_out: OptOut) -> bytes:
    spelling = f"{opt_out.address.kind}:{canonical(opt_out.address)}"
    return blake2b(spelling.encode(), digest_size=16).digest()


def _on(opt_out: OptOut, channels: tuple[Channel, ...]) -> OptOut | None:
    if channels == opt_out.channels:
        return opt_out
    return replace(opt_out, channels=channels) if channels else None
