"""The bare export: COPY on PostgreSQL, Python's csv over sqlite3 on SQLite; one statement each."""

from __future__ import annotations

import csv
import io
import sqlite3
from contextlib import closing
from datetime import datetime
from typing import IO

import psycopg
from sqlalchemy import make_url

from bench.places import Place

HEADER = ("channel", "address", "opted_out_at", "source", "contact_id", "name")
# What a spreadsheet takes for a formula gets an apostrophe; a number stays as it is.
POSTGRES_GUARD = (
    r"CASE WHEN {v} ~ '^[=+\-@\t\r\n＝＋－＠]'"
    r" AND {v} !~ '^(\+[0-9]{{1,15}}|-[0-9]+(\.[0-9]+)?)$'"
    " THEN '''' || {v} ELSE {v} END"
)
SQLITE_GUARD = (
    "CASE WHEN substr({v}, 1, 1) IN ('=', '+', '-', '@', char(9), char(13), char(10),"
    " '＝', '＋', '－', '＠') AND NOT ({v} GLOB '+[0-9]*' AND length({v}) <= 16"
    " AND substr({v}, 2) NOT GLOB '*[^0-9]*')"
    " AND NOT ({v} GLOB '-[0-9]*' AND {v} GLOB '*[0-9]' AND {v} NOT GLOB '-*[^0-9.]*'"
    " AND {v} NOT GLOB '*.*.*') THEN '''' || {v} ELSE {v} END"
)
POSTGRES_TIME = """to_char(s.since AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"+00:00"')"""
SQLITE_TIME = "replace(substr(s.since, 1, 19), ' ', 'T') || '+00:00'"
LISTED = """
SELECT s.channel, {address}, {time}, s.source, c.id, {name}
FROM consent_states AS s
LEFT JOIN consent_event_details AS d ON d.event_id = s.event_id
LEFT JOIN contacts AS c ON c.phone_key = s.key
WHERE s.state = 'opted_out' AND s.channel = 'sms' AND s.since >= {first} AND s.since < {last}
ORDER BY s.since DESC, s.key DESC"""


def write_bare(place: Place, since: datetime, until: datetime, file: IO[bytes]) -> None:
    """Write the opt-outs on SMS from `since` on, before `until`, as a CSV file, header and all."""
    if place.postgres:
        _copy(place, _listed(POSTGRES_GUARD, POSTGRES_TIME, f"'{since}'", f"'{until}'"), file)
    else:
        first, last = (f"'{moment.replace(tzinfo=None)}'" for moment in (since, until))
        _csv(place, _listed(SQLITE_GUARD, SQLITE_TIME, first, last), file)


def _listed(guard: str, time: str, first: str, last: str) -> str:
    address, name = (guard.format(v=f"coalesce({v}, '')") for v in ("d.address", "c.name"))
    return LISTED.format(address=address, name=name, time=time, first=first, last=last)


def _copy(place: Place, listed: str, file: IO[bytes]) -> None:
    address = place.config.database_url.replace("+psycopg", "", 1)
    named = f"SELECT * FROM ({listed}) AS listed ({', '.join(HEADER)})"
    statement = f"COPY ({named}) TO STDOUT (FORMAT csv, HEADER)"
    with (
        psycopg.connect(address) as connection,
        connection.cursor() as cursor,
        cursor.copy(statement.encode()) as copy,
    ):
        for block in copy:
            file.write(block)


def _csv(place: Place, listed: str, file: IO[bytes]) -> None:
    database = make_url(place.config.database_url).database
    text = io.TextIOWrapper(file, "utf-8", newline="")
    with closing(sqlite3.connect(str(database))) as connection:
        writer = csv.writer(text)
        writer.writerow(HEADER)
        writer.writerows(connection.execute(listed))
    text.detach()
