"""CSV files open in a spreadsheet as what they are."""

from __future__ import annotations

import csv
import io

import pytest

from webapp.core.spreadsheets import csv_line, safe_cell


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_what_a_spreadsheet_takes_for_a_formula_is_text(start):
    assert safe_cell(f"{start}1+1") == f"'{start}1+1"


def test_a_phone_number_stays_whole():
    assert safe_cell("+4915112345678") == "+4915112345678"


@pytest.mark.parametrize("text", ["-7", "-12.5", "-0.001"])
def test_a_number_below_nought_stays_a_number(text):
    assert safe_cell(text) == text


ODD_NUMBERS = ["-", "-.5", "-5.", "-.", "-1.2.3", "-1-2", "--1", "-1e9", "-1\n", "-١٢", "-1,5"]


@pytest.mark.parametrize("text", ODD_NUMBERS)
def test_what_is_no_plain_number_is_guarded(text):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["+1+1", "+49 151", "+1*2", "+", "+1\n", "+١٢"])
def test_what_is_no_phone_number_is_guarded(text):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["Ann", "a=b", "1+1", "", "'x", " =1"])
def test_other_text_stays_as_it_is(text):
    assert safe_cell(text) == text


def test_nothing_is_an_empty_cell_and_a_number_its_digits():
    assert (safe_cell(None), safe_cell(7)) == ("", "7")


def test_lines_read_back():
    rows = [["Ann, Lee", 'says "hi"'], ["line\nbreak", "ß"], ["", "x"]]
    text = "".join(map(csv_line, rows))
    assert text.endswith("\r\n")
    assert list(csv.reader(io.StringIO(text, newline=""))) == rows


def test_no_cell_of_a_line_is_a_formula():
    assert csv_line(["=1", "+49151", None, 7]) == "'=1,+49151,,7\r\n"
