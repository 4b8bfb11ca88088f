"""The bare way over a ledger: read what the hashes are made from, and make as many hashes.

One statement gives every event with its detail in the order of their ids, through the driver. The
SHA-256 over each event and each detail is made over as many bytes as Heed's are made over; that
those bytes must be written out of the row first is left out, which is all in the floor's favour.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from typing import Any

import psycopg
from sqlalchemy import make_url

from bench.places import Place

LOT = 2000
READ = """
SELECT e.*, d.salt, d.address, d.said, {evidence}
FROM consent_events AS e LEFT JOIN consent_event_details AS d ON d.event_id = e.id
ORDER BY e.id"""
COMMITMENT, PREV, SALT = 15, 16, 18
# As long as the canonical text of an event in the middle, and of a detail.
EVENT, DETAIL = b"e" * 430, b"d" * 130


def hash_bare(place: Place) -> int:
    """Read and hash the whole ledger; gives how many events it has."""
    events = 0
    for lot in _postgres(place) if place.postgres else _sqlite(place):
        for row in lot:
            sha256(row[PREV] + row[COMMITMENT] + EVENT).digest()
            sha256(row[SALT] + DETAIL).digest()
        events += len(lot)
    return events


def _postgres(place: Place) -> Iterator[list[tuple[Any, ...]]]:
    address = place.config.database_url.replace("+psycopg", "", 1)
    statement = READ.format(evidence="d.evidence::text")
    with psycopg.connect(address) as connection, connection.cursor("floor") as cursor:
        cursor.execute(statement.encode(), binary=True)
        while rows := cursor.fetchmany(LOT):
            yield rows


def _sqlite(place: Place) -> Iterator[list[tuple[Any, ...]]]:
    database = make_url(place.config.database_url).database
    with closing(sqlite3.connect(str(database))) as connection:
        cursor = connection.execute(READ.format(evidence="d.evidence"))
        while rows := cursor.fetchmany(LOT):
            yield rows
