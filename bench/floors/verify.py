"""The bare way over a ledger: read what the hashes are made over, write it out, hash it.

One statement gives every event with its detail in the order of their ids, through the driver. Each
event and each detail is written out as the chain has it, and hashed; each hash is the one that
stands there, or the bytes would not be the same. No chain, state, seal or copy is looked at.

`hash_as_many` leaves out the writing too: as many hashes over as many bytes of nothing.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import lru_cache
from hashlib import sha256
from typing import Any

import psycopg
from sqlalchemy import make_url

from bench.places import Place
from webapp.consent.chain import canonical, detail_bytes, public_bytes

LOT = 2000
READ = """
SELECT e.*, d.salt, d.address, d.said, {evidence}
FROM consent_events AS e LEFT JOIN consent_event_details AS d ON d.event_id = e.id
ORDER BY e.id"""
COMMITMENT, PREV, HASH, SALT, ADDRESS, SAID, EVIDENCE = 15, 16, 17, 18, 19, 20, 21
# As long as the canonical text of an event in the middle, and of a detail.
EVENT, DETAIL = b"e" * 430, b"d" * 130


def hash_bare(place: Place) -> int:
    """Read, write out and hash the whole ledger; gives how many events it has."""
    written, events = canonical_texts(), 0
    for lot in _lots(place):
        for row in lot:
            times = [_iso(moment) for moment in row[12:15]]
            public = public_bytes(row[1], row[2].hex(), *row[3:12], *times)
            detail = detail_bytes(row[ADDRESS], row[SAID], written(row[EVIDENCE]))
            assert sha256(row[PREV] + row[COMMITMENT] + public).digest() == row[HASH]
            assert sha256(row[SALT] + detail).digest() == row[COMMITMENT]
        events += len(lot)
    return events


def hash_as_many(place: Place) -> int:
    """Read the whole ledger and hash as many bytes, as they come; gives how many events it has."""
    events = 0
    for lot in _lots(place):
        for row in lot:
            sha256(row[PREV] + row[COMMITMENT] + EVENT).digest()
            sha256(row[SALT] + DETAIL).digest()
        events += len(lot)
    return events


def canonical_texts() -> Callable[[str], str]:
    """Give what writes evidence as the commitment has it; what is often the same is kept."""

    @lru_cache(maxsize=4096)
    def written(evidence: str) -> str:
        return canonical(json.loads(evidence))

    return written


def _iso(moment: Any) -> str:
    if isinstance(moment, str):
        return f"{moment[:10]}T{moment[11:]}+00:00"
    return str(moment.isoformat("T", "microseconds"))


def _lots(place: Place) -> Iterator[list[tuple[Any, ...]]]:
    return _postgres(place) if place.postgres else _sqlite(place)


def _postgres(place: Place) -> Iterator[list[tuple[Any, ...]]]:
    address = place.config.database_url.replace("+psycopg", "", 1)
    statement = READ.format(evidence="d.evidence::text")
    with psycopg.connect(address) as connection, connection.cursor("floor") as cursor:
        connection.execute("SET LOCAL TIME ZONE 'UTC'")
        cursor.execute(statement.encode(), binary=True)
        while rows := cursor.fetchmany(LOT):
            yield rows


def _sqlite(place: Place) -> Iterator[list[tuple[Any, ...]]]:
    database = make_url(place.config.database_url).database
    with closing(sqlite3.connect(str(database))) as connection:
        cursor = connection.execute(READ.format(evidence="d.evidence"))
        while rows := cursor.fetchmany(LOT):
            yield rows
