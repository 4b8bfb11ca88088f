"""The bare import: each number read with phonenumbers, then COPY, or executemany on SQLite.

Into Heed's own table of contacts, with its indexes and its search index; what Heed keeps of a
contact, and nothing of what it does around it. Rolled back: the next measure finds nothing of it.
"""

from __future__ import annotations

import csv
import hmac
import io
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

import phonenumbers
import psycopg
from sqlalchemy import make_url

from bench.places import Place

Row = tuple[str | bytes | datetime | bool | None, ...]
COLUMNS = (
    *("name", "name_folded", "phone", "email", "phone_key", "email_key"),
    *("attributes", "created_at", "updated_at"),
    *("email_state", "sms_state", "voice_state", "whatsapp_state"),
)
NOTHING = ("unknown",) * 4


def load_bare(place: Place, content: bytes, region: str) -> int:
    """Read the contacts of a CSV file and insert them; gives how many went in."""
    now = datetime.now(UTC)
    rows = _rows(content, region, place.config.address_keys[0].encode(), now)
    return _copy(place, rows) if place.postgres else _executemany(place, rows)


def _rows(content: bytes, region: str, key: bytes, now: datetime) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(content.decode()))
    next(reader)
    for name, phone, email in reader:
        number = phonenumbers.parse(phone, region)
        if not phonenumbers.is_possible_number(number):
            raise ValueError(phone)
        value = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        email = email.casefold()
        yield (
            *(name, name.casefold(), value, email),
            *(_key(key, f"phone:{value}"), _key(key, f"email:{email}")),
            *("{}", now, now, *NOTHING),
        )


def _key(key: bytes, said: str) -> bytes:
    return hmac.digest(key, said.encode(), "sha256")


def _copy(place: Place, rows: Iterator[Row]) -> int:
    address = place.config.database_url.replace("+psycopg", "", 1)
    statement = f"COPY contacts ({', '.join(COLUMNS)}) FROM STDIN"
    with psycopg.connect(address) as connection, connection.cursor() as cursor:
        with cursor.copy(statement.encode()) as copy:
            for row in rows:
                copy.write_row(row)
        done = cursor.rowcount
        connection.rollback()
    return done


def _executemany(place: Place, rows: Iterator[Row]) -> int:
    database = make_url(place.config.database_url).database
    marks = ", ".join("?" * len(COLUMNS))
    statement = f"INSERT INTO contacts ({', '.join(COLUMNS)}) VALUES ({marks})"
    with closing(sqlite3.connect(str(database), isolation_level=None)) as connection:
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "cache_size=-65536"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("BEGIN IMMEDIATE")
        done = connection.executemany(statement, map(_plain, rows)).rowcount
        connection.rollback()
    return done


def _plain(row: Row) -> Row:
    return tuple(
        value.replace(tzinfo=None).isoformat(" ", "microseconds")
        if isinstance(value, datetime)
        else value
        for value in row
    )
