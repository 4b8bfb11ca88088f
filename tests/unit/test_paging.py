"""A cursor survives its way through an address, and nothing else passes for one."""

from __future__ import annotations

import base64
import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.core.errors import Invalid
from webapp.core.paging import Cursor, cut, decode

NOON = datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=UTC)
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=200)
IDS = st.integers(0, 2**63 - 1)


@given(TEXT, IDS, st.booleans())
def test_a_cursor_comes_back_as_it_was(name, number, backwards):
    cursor = Cursor("name", (name, number), backwards)
    assert decode(cursor.encode(), "name", (str, int)) == cursor


def test_times_and_keys_and_nothing_come_back():
    elsewhere = NOON.astimezone(timezone(timedelta(hours=9)))
    cursor = Cursor("-since", (elsewhere, bytes(range(32)), None))
    found = decode(cursor.encode(), "-since", (datetime, bytes, int))
    assert found is not None
    assert found.values == (NOON, bytes(range(32)), None)


def test_a_cursor_is_safe_in_an_address():
    text = Cursor("name", ("Åsa & Co/?#=+", 7)).encode()
    assert text.replace("-", "").replace("_", "").isalnum()


def test_no_cursor_is_the_first_page():
    assert decode("", "name", (str, int)) is None
    assert decode(None, "name", (str, int)) is None


def packed(content: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "é",
        "AAAA",
        "a" * 5000,
        packed({}),
        packed([]),
        packed(["name", 0]),
        packed(["name", 0, "a", "1"]),
        packed(["name", 0, "a", True]),
        packed(["name", 0, "a\x00", 1]),
        packed(["name", 0, "a", 2**63]),
        packed(["name", 0, {"t": "2026-11-22T12:00:00"}, 1]),
        packed(["name", 0, {"q": 1}, 1]),
        packed(["-name", 0, "a", 1]),
        packed([["name"], 0, "a", 1]),
    ],
)
def test_anything_else_is_refused(text):
    with pytest.raises(Invalid) as error:
        decode(text, "name", (str, int))
    assert error.value.field == "cursor"


@given(st.binary(max_size=80))
def test_no_bytes_can_do_more_than_be_refused(junk):
    with suppress(Invalid):
        decode(base64.urlsafe_b64encode(junk).decode(), "name", (str, int))


def test_a_page_knows_what_lies_around_it():
    rows = list(range(10, 14))
    first = cut(rows, "id", None, lambda row: (row,), limit=3)
    assert (first.items, first.previous_cursor) == ([10, 11, 12], None)
    here = decode(first.next_cursor, "id", (int,))
    assert here == Cursor("id", (12,))

    last = cut([13], "id", here, lambda row: (row,), limit=3)
    assert (last.items, last.next_cursor) == ([13], None)
    back = decode(last.previous_cursor, "id", (int,))
    assert back == Cursor("id", (13,), backwards=True)

    again = cut([12, 11, 10], "id", back, lambda row: (row,), limit=3)
    assert (again.items, again.previous_cursor) == ([10, 11, 12], None)
    assert again.next_cursor == first.next_cursor
