"""CSV files are made inside the database; they are what Python would have written."""

from __future__ import annotations

import csv
import io
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any, cast
from zoneinfo import ZoneInfo

import psycopg
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import (
    CTE,
    Integer,
    QueuePool,
    String,
    case,
    column,
    func,
    literal,
    literal_column,
    select,
    values,
)

from tests.people import add_contact
from webapp.contacts.definitions import definitions
from webapp.contacts.filters import Filters
from webapp.contacts.models import AttributeDefinition
from webapp.contacts.rules import Channel
from webapp.core.csv_streams import BROKEN_OFF, PIECE, local_time, stream_csv
from webapp.core.db import db
from webapp.core.dialect import UtcDateTime
from webapp.core.errors import Invalid
from webapp.core.spreadsheets import csv_line, guarded
from webapp.exports.csv_files import csv_pieces
from webapp.exports.lists import contacts

pytestmark = pytest.mark.usefixtures("context")

UTC_ZONE = ZoneInfo("UTC")
# What a cell may be in trouble with: formulas, quotes, line ends, other scripts, numbers.
PARTS = st.sampled_from(
    [*"=+-@\t\r\n＝＋－＠'\",; 019٣", "+1650", ".", "-12.5", "\\.", "\u2028", "ß", "😀", "NULL"]
)
ODD = st.lists(PARTS, max_size=6).map("".join)
ANY = st.text(st.characters(blacklist_characters="\x00", blacklist_categories=["Cs"]), max_size=20)
ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "America/St_Johns",
         "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia"]  # fmt: skip
MOMENTS = st.datetimes(
    datetime(1980, 1, 1),  # noqa: DTZ001
    datetime(2036, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)
on_this_database = settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def read(pieces: Any) -> bytes:
    return b"".join(pieces)


@on_this_database
@given(st.lists(st.one_of(ODD, ANY), min_size=1, max_size=40))
@example(["-7", "-12.5", "-.5", "-5.", "-.", "-1.2.3", "-1-2", "--1", "-1e9", "-1\n", "-١٢", "-"])
@example(["+" + "1" * 15, "+" + "1" * 16, "+", "+1\n", "+١٢", "\\.", "", "'=1", '"'])
def test_sql_and_python_guard_and_quote_alike(texts: list[str]) -> None:
    rows = list(enumerate(texts))
    odd = values(column("n", Integer), column("text", String)).data(rows).cte("odd")
    cell = func.nullif(guarded(odd.c.text), "")
    made = read(stream_csv("n,text\r\n", select(odd.c.n, cell).order_by(odd.c.n), UTC_ZONE))
    plain = "".join(map(csv_line, [("n", "text"), *rows]))
    assert made.decode() == plain


@on_this_database
@given(st.lists(MOMENTS, min_size=1, max_size=40), st.sampled_from(ZONES))
@example([datetime(2026, 10, 25, 0, 59, 59, 999_999, UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)],
         "Europe/Berlin")  # fmt: skip
def test_sql_and_python_say_moments_alike(moments: list[datetime], name: str) -> None:
    zone = ZoneInfo(name)
    kept = values(column("n", Integer), column("at", UtcDateTime()))
    rows = kept.data(list(enumerate(moments))).cte("kept")
    query = select(local_time(rows.c.at)).order_by(rows.c.n)
    said = read(stream_csv("", query, zone)).decode().split()
    assert said == [at.astimezone(zone).isoformat(timespec="seconds") for at in moments]


def test_nothing_is_an_empty_cell_and_a_number_its_digits() -> None:
    query = select(literal(None), literal(7), guarded(literal("")), local_time(literal(None)))
    empty = func.nullif(query.selected_columns[2], "")
    columns = [query.selected_columns[0], query.selected_columns[1], empty]
    assert read(stream_csv("a,b,c\r\n", select(*columns), UTC_ZONE)) == b"a,b,c\r\n,7,\r\n"


def test_every_kind_of_attribute_reads_as_on_the_page() -> None:
    kinds = {"city": "text", "age": "number", "vip": "boolean", "born": "date", "size": "choice"}
    for name, kind in kinds.items():
        db.session.add(AttributeDefinition(name=name, label=f'{name} "x"', kind=kind, choices=[]))
    full = {"city": "=Roma", "age": 41.5, "vip": True, "born": "1990-04-23", "size": "L"}
    add_contact("+16505550001", "Ann", attributes=full)
    add_contact("+16505550002", "Ben", attributes={"vip": False, "age": 7, "city": 'q"uo\nte'})
    listed = contacts(Filters(), UTC_ZONE, definitions(), [Channel.WHATSAPP])
    db.session.rollback()
    rows = list(csv.DictReader(io.StringIO(read(csv_pieces(listed)).decode("utf-8-sig"))))
    shown = [[row[f'{name} "x"'] for name in kinds] for row in rows]
    assert shown[0] == ["'=Roma", "41.5", "Yes", "1990-04-23", "L"]
    assert shown[1] == ['q"uo\nte', "7", "No", "", ""]


def test_the_header_leaves_before_the_first_row_is_read() -> None:
    add_contact()
    with closing(csv_pieces(contacts(Filters(), UTC_ZONE, [], [Channel.WHATSAPP]))) as pieces:
        assert next(pieces).startswith(b"\xef\xbb\xbfid,name,")
        assert b"Ann Lee" in next(pieces)


def numbers(count: int) -> CTE:
    """Give a table of the numbers from 0 on."""
    counting = select(literal(0).label("n")).cte("numbers", recursive=True)
    return counting.union_all(select(counting.c.n + 1).where(counting.c.n < count - 1))


def test_rows_leave_in_pieces_and_are_counted() -> None:
    heard: list[int] = []
    many = numbers(PIECE + 1)
    pieces = list(stream_csv("n\r\n", select(many.c.n), UTC_ZONE, heard.append))
    assert [piece.count(b"\r\n") for piece in pieces] == [1, PIECE, 1]
    assert heard == [PIECE, PIECE + 1]


def test_a_reader_who_goes_away_frees_the_connection() -> None:
    pool = cast(QueuePool, db.engine.pool)
    before = pool.checkedout()
    with closing(stream_csv("n\r\n", select(numbers(PIECE * 100).c.n), UTC_ZONE)) as pieces:
        assert len([next(pieces), next(pieces)]) == 2
        assert pool.checkedout() == before + 1
    assert pool.checkedout() == before
    assert read(stream_csv("n\r\n", select(numbers(2).c.n), UTC_ZONE)) == b"n\r\n0\r\n1\r\n"


def test_a_file_that_breaks_off_says_so_at_its_end() -> None:
    many = numbers(PIECE + 10)
    # The least whole number, which has no opposite.
    least: Any = literal_column("-9223372036854775807") - 1
    query = select(func.abs(case((many.c.n < PIECE + 5, many.c.n), else_=least)))
    got: list[bytes] = []
    with (
        pytest.raises((psycopg.Error, sqlite3.Error)),
        closing(stream_csv("n\r\n", query, UTC_ZONE)) as pieces,
    ):
        got.extend(pieces)
    assert got[-1] == BROKEN_OFF.encode()
    assert got[-2].endswith(b"\r\n")
    lines = read(got).decode().splitlines(keepends=True)
    with pytest.raises(csv.Error, match="unexpected end of data"):
        list(csv.reader(lines, strict=True))


@pytest.mark.postgres
def test_a_zone_that_the_database_does_not_know_is_refused_before_the_file_begins() -> None:
    with files("tzdata").joinpath("zoneinfo/Etc/GMT").open("rb") as file:
        elsewhere = ZoneInfo.from_file(file, key="Mars/Olympus_Mons")
    with pytest.raises(Invalid, match="does not know the time zone Mars"):
        stream_csv("n\r\n", select(numbers(1).c.n), elsewhere)
