"""CSV files open in a spreadsheet as what they are, and begin before they end."""

from __future__ import annotations

import csv
import io

import pytest

from webapp.core.spreadsheets import BYTE_ORDER_MARK, CHUNK, csv_chunks, safe_cell


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_what_a_spreadsheet_takes_for_a_formula_is_text(start):
    assert safe_cell(f"{start}1+1") == f"'{start}1+1"


def test_a_phone_number_stays_whole():
    assert safe_cell("+4915112345678") == "+4915112345678"


@pytest.mark.parametrize("text", ["+1+1", "+49 151", "+1*2", "+", "+1\n", "+١٢"])
def test_what_is_no_phone_number_is_guarded(text):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["Ann", "a=b", "1+1", "", "'x", " =1"])
def test_other_text_stays_as_it_is(text):
    assert safe_cell(text) == text


def test_nothing_is_an_empty_cell_and_a_number_its_digits():
    assert (safe_cell(None), safe_cell(7)) == ("", "7")


def test_a_file_reads_back():
    rows = [["Ann, Lee", 'says "hi"'], ["line\nbreak", "ß"]]
    text = "".join(csv_chunks(["name", "note"], rows))
    assert text.startswith(BYTE_ORDER_MARK)
    assert list(csv.reader(io.StringIO(text[1:]))) == [["name", "note"], *rows]


def test_the_first_piece_leaves_before_the_first_row_is_read():
    def rows():
        raise AssertionError("a row was asked for")
        yield []

    assert next(csv_chunks(["name"], rows())) == f"{BYTE_ORDER_MARK}name\r\n"


def test_rows_leave_in_pieces():
    pieces = list(csv_chunks(["n"], ([n] for n in range(CHUNK * 2 + 1))))
    assert [piece.count("\n") for piece in pieces] == [1, CHUNK, CHUNK, 1]
