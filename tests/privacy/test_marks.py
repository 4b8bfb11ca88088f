"""Recognising a person: by whole addresses, in every spelling, and never by a part of another."""

from __future__ import annotations

import io

import pytest

from tests.privacy.marked import WAMID
from webapp.privacy.files import OVERLAP, PIECE, _pieces
from webapp.privacy.marks import ERASED, marks_of

GERMAN = "+491709876543"
ICELANDIC = "+3545551234"
EMAIL = "ann@x.example"
BUSINESS = "DE.zaph77"


@pytest.mark.parametrize(
    "text",
    [
        "491709876543",
        "+49 (0) 170 98 76-543",
        "0049 170 9876543",
        "0170 / 98 76-543",
        "1709876543",
        '{"from":"491709876543"}',
        "x,%2B491709876543&",
        f"message:{WAMID}",
        "Ann <ANN@X.example>",
        "'ann@x.example'.",
        "q=ann%40x.example",
        "(DE.zaph77)",
    ],
)
def test_an_address_is_found_however_it_is_written(text: str) -> None:
    assert marks_of([GERMAN, EMAIL, BUSINESS]).stand_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "4917098765432",
        "91709876543",
        "+52 170 987 6543",
        "0052 1709876543",
        "+521709876543",
        "170987654",
        "joann@x.example",
        "o'ann@x.example",
        "news+ann@x.example",
        "ann@x.example.org",
        "ann@x.example-shop.org",
        "XDE.zaph77",
        "DE.zaph777",
    ],
)
def test_an_address_of_somebody_else_that_holds_it_is_not_found(text: str) -> None:
    assert not marks_of([GERMAN, EMAIL, BUSINESS]).stand_in(text)


@pytest.mark.parametrize("text", ["5551234", "05551234", "+16505551234", "16505551234"])
def test_few_national_digits_alone_say_nothing(text: str) -> None:
    assert not marks_of([ICELANDIC]).stand_in(text)
    assert marks_of([ICELANDIC]).stand_in("+354 555-1234")


def test_both_forms_of_a_brazilian_or_mexican_line_are_found() -> None:
    marks = marks_of(["+5511987654321", "+525512345678"])
    assert all(map(marks.stand_in, ("551187654321", "5215512345678", "5511987654321")))


@pytest.mark.parametrize("before", range(PIECE - 14, PIECE + 2))
def test_where_a_file_is_cut_a_longer_number_is_no_shorter_one(before: int) -> None:
    content = b"x" * before + b"4917098765432 "
    marks = marks_of([GERMAN])
    assert not any(map(marks.inside, _pieces(io.BytesIO(content))))
    content = content.replace(b"32 ", b"3 ") + b"y" * OVERLAP
    assert any(map(marks.inside, _pieces(io.BytesIO(content))))


def test_the_name_goes_with_the_address_or_the_id_and_never_by_itself() -> None:
    marks = marks_of([GERMAN], ["Web Form"], 7)
    assert not marks.is_about({"where": "Web Form", "contact_id": 8})
    about = {"ids": [8, 7], "reason": "A web form came", "tag": "webform", "size": 7}
    assert marks.is_about(about)
    assert marks.redacted(about) == {**about, "reason": ERASED}


def test_in_json_each_text_is_read_by_itself() -> None:
    marks = marks_of([EMAIL, GERMAN])
    assert marks.stand_in_json('{"text": "stop\\nann@x.example"}')
    assert marks.stand_in_json('{"from": 491709876543}')
    assert not marks.stand_in_json('{"a": "49170", "b": "9876543"}')
