"""Files as rows: whatever encoding, delimiter and line end; and what is no list at all."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime
from typing import Any

import pytest
import xlsxwriter
from hypothesis import example, given
from hypothesis import strategies as st

from webapp.contacts.rules import Channel
from webapp.core.errors import Invalid
from webapp.imports.columns import Columns
from webapp.imports.lists import Reading
from webapp.imports.rules import OptOut, Refused
from webapp.imports.tables import LONGEST, form_of, is_workbook, rows_of
from webapp.imports.workbooks import sheet_rows


def pieces(content: bytes, size: int = 1024 * 1024) -> Iterator[bytes]:
    return (content[start : start + size] for start in range(0, len(content), size))


def rows(content: bytes, size: int = 1024 * 1024) -> list[list[str]]:
    if is_workbook(pieces(content, size)):
        return list(sheet_rows(io.BytesIO(content)))
    form = form_of(pieces(content, size))
    return list(rows_of(pieces(content, size), form))


TABLE = [["Telefon", "Name"], ["+491512345678", "Müller"], ["+491512345679", "Straße"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "utf-16-le"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("size", [7, 1024])
def test_a_table_is_read_however_it_is_written(encoding, delimiter, end, size):
    text = "".join(delimiter.join(row) + end for row in TABLE)
    assert rows(text.encode(encoding), size) == TABLE


def test_quoted_cells_keep_their_delimiters_and_line_ends():
    text = '"Doe, John",a@x.example\r\n"two\nlines","b""@x.example"\r\n'
    assert rows(text.encode()) == [
        ["Doe, John", "a@x.example"],
        ["two\nlines", 'b"@x.example'],
    ]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ('phone,name\n+491,Ann\n+492,"Ben\n+493,Cem\n', 3),  # open to the end of the file
        ('phone,name\n+491,Ann\n+492,"', 3),
        ('+491;"Ann\n+492;Ben\n+493;"Cem"\n', 1),  # open to the next quotation mark
        ('"a\nb",+490\n\n+491,"Ann\n+492,"Ben"\n', 4),
        ('+491\t"Ann" Lee\t"Old\n+492\tBen\t"\n', 1),
        ('"a\n' + "+491\n" * 20 + '"\n', 1),  # more lines than a cell has
    ],
)
@pytest.mark.parametrize("size", [7, 1024])
def test_a_quotation_mark_left_open_swallows_no_row_in_silence(content, line, size):
    with pytest.raises(Invalid, match=f"row on line {line} does not end"):
        rows(content.encode(), size)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_quotation_marks_that_keep_no_rule_harm_nobody_within_a_line(delimiter, mark):
    odd = ['12" pipe', 'O"Brien', '"Bob" Smith', '"Ann Lee" ', '"8"" x"', "'quoted'"]
    lines = [f"+49151234567{n}{delimiter}{name}{delimiter}x" for n, name in enumerate(odd)]
    found = rows((mark + "\n".join(lines)).encode())
    assert [row[0] for row in found] == [f"+49151234567{n}" for n in range(6)]
    assert [row[2] for row in found] == ["x"] * 6


def test_a_quoted_cell_may_have_as_many_lines_as_a_person_writes():
    note = "\n".join(["lines", "of", "a", "note"])
    assert rows(f'"{note}",+491\n"{note}",+492\n'.encode()) == [[note, "+491"], [note, "+492"]]


def test_one_address_a_line_needs_no_delimiter():
    assert rows(b"+491512345678\n+491512345679") == [["+491512345678"], ["+491512345679"]]
    assert rows(b"a@x.example") == [["a@x.example"]]


def test_what_excel_writes_above_a_list_names_the_delimiter():
    assert rows(b"sep=|\r\nphone|name\r\n+491512345678|Ann\r\n")[1:] == [
        ["phone", "name"],
        ["+491512345678", "Ann"],
    ]


def test_a_nul_in_the_middle_is_left_out():
    assert rows(b"phone,name\n+4915\x0012345678,Ann\n")[1] == ["+491512345678", "Ann"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old Excel"),
        (b"\x1f\x8b\x08\x00rest", "Unpack it"),
        (bytes(range(256)) * 50, "neither text nor an Excel file"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 100, "neither text nor an Excel file"),
        (b"PK\x03\x04 but no more", "cannot be read"),
        (b"a" * (LONGEST + 10), "longer than a megabyte"),
        (b'phone,name\n"+49 151' + b"\n1" * LONGEST, "does not end"),
        (b"phone,name\n" + b'"' + b"x" * 200_000 + b'",y\n', "row on line 2 does not end"),
    ],
)
def test_what_is_no_list_is_refused_in_a_sentence(content, reason):
    with pytest.raises(Invalid, match=reason):
        rows(content)


@pytest.mark.parametrize(
    "cell",
    [
        "+491512345678",
        "0151 2345678",
        "whatsapp:+491512345678",
        "tel: +491512345678",
        "DE.1A2b3C4d",
        "'+491512345678",
        "\u2019+491512345678",
        "mailto:ann@example.com",
        "447911123456,0",
        "4.47E+11",
    ],
)
def test_a_first_row_with_an_address_of_any_form_is_no_header(cell):
    table = [[cell, "Ann"], ["+491512345679", "Ben"]]
    assert Reading((Channel.SMS,)).completed(table).header_row == 0
    titled = [["WhatsApp", "Tel.", "DE.Name"], [cell, "", "Ann"]]
    assert Reading((Channel.SMS,)).completed(titled).header_row == 1


def test_a_million_columns_are_one_row():
    wide = b"," * 900_000 + b"\n+491512345678,Ann\n"
    found = rows(wide)
    assert [len(row) for row in found] == [900_001, 2]
    assert Reading((Channel.SMS,)).completed(found).columns == Columns(0)


def test_memory_stays_flat_whatever_the_length():
    def endless() -> Iterator[bytes]:
        for start in range(400):
            lines = (f"+49151{start:04d}{n:04d},Name {n}\n" for n in range(1000))
            yield "".join(lines).encode()

    tracemalloc.start()
    form = form_of(endless())
    assert sum(1 for _ in rows_of(endless(), form)) == 400_000
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 * 1024 * 1024


@given(st.binary(max_size=3000))
@example(b"PK\x03\x04" + bytes(100))
@example(b"\xff\xfe")
@example(b"\xff\xfea")
@example(b'"')
@example(b"sep=\n")
@example(b"\xef\xbb\xbf")
@example(b"\x00" * 100)
@example("phone\n\ud800".encode("utf-16-le", "surrogatepass"))
def test_any_bytes_are_rows_that_only_opt_out_or_a_sentence(content):
    try:
        found = rows(content)
    except Invalid:
        return
    reading = Reading(tuple(Channel), "DE").completed(found[:100])
    for number, row in enumerate(found, start=1):
        with suppress(Refused):
            understood = reading.understand(number, row)
            assert isinstance(understood, OptOut)
            assert understood.channels


# Excel

HALF_PAST_TWO = datetime(2026, 5, 3, 14, 30)  # noqa: DTZ001 - a sheet knows no zone


def workbook(*lines: list[object], **options: object) -> bytes:
    """Write a workbook; dates are formatted as dates."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, **options})
    sheet = book.add_worksheet("List")
    book.add_worksheet("Empty").write(0, 0, " ")
    formats: dict[type, Any] = {
        date: book.add_format({"num_format": "dd/mm/yyyy"}),
        datetime: book.add_format({"num_format": 'yyyy-mm-dd "at" hh:mm'}),
    }
    for number, line in enumerate(lines):
        for place, value in enumerate(line):
            if value is not None:
                sheet.write(number, place, value, formats.get(type(value)))
    book.close()
    return buffer.getvalue()


def test_the_sheet_of_a_workbook_that_has_rows_is_read_as_text():
    content = workbook(
        ["Phone", "Since", "At", "Yes", "Note"],
        ["+491512345678", date(2026, 5, 3), HALF_PAST_TWO, True, "Straße"],
        [491512345679, None, None, False, 1.5],
        [],
        [None, None, None, None, "last"],
    )
    assert rows(content) == [
        ["Phone", "Since", "At", "Yes", "Note"],
        ["+491512345678", "2026-05-03", "2026-05-03 14:30:00", "TRUE", "Straße"],
        ["491512345679", "", "", "FALSE", "1.5"],
        [],
        ["", "", "", "", "last"],
    ]


def test_a_workbook_with_rows_on_two_sheets_is_refused_since_one_would_be_left_out():
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    for name in ("May", "Legend", "June"):
        book.add_worksheet(name).write(1, 0, "" if name == "Legend" else "+491512345678")
    book.close()
    with pytest.raises(Invalid, match="“May” and “June”"):
        rows(buffer.getvalue())


def test_a_list_on_the_second_sheet_is_found():
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.add_worksheet("Cover")
    book.add_worksheet("List").write(0, 0, "+491512345678")
    book.close()
    assert rows(buffer.getvalue()) == [["+491512345678"]]


def test_texts_inside_the_cells_and_outside_are_the_same():
    lines: list[list[object]] = [["a@x.example", "Ann"], ["b@x.example", "Ann"]]
    assert rows(workbook(*lines)) == rows(workbook(*lines, constant_memory=True)) == lines


def test_dates_count_from_1904_where_the_workbook_does():
    assert rows(workbook([date(2026, 5, 3)], date_1904=True)) == [["2026-05-03"]]


def test_a_number_that_a_workbook_keeps_whole_is_whole():
    # Excel shows 4.47911E+11, but the file has every digit.
    assert rows(workbook([447911123456], [4.47911123456e11])) == [["447911123456"]] * 2


FRAME = {
    "xl/workbook.xml": '<workbook xmlns:r="r"><sheets><sheet r:id="a"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<R><Relationship Id="a" Target="sheet.xml"/></R>',
}


def packed(parts: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in {**FRAME, **parts}.items():
            book.writestr(name, content)
    return buffer.getvalue()


def sheet(inside: str, before: str = "") -> bytes:
    return packed({"xl/sheet.xml": f"{before}<w><sheetData>{inside}</sheetData></w>"})


def test_a_sheet_of_another_hand_is_read_with_its_gaps():
    inside = (
        '<x:row xmlns:x="x" r="2"><x:c r="B2" t="inlineStr"><x:is><x:r><x:t>a@x</x:t></x:r>'
        "<x:r><x:t>.example</x:t></x:r><x:rPh><x:t>aid</x:t></x:rPh></x:is></x:c></x:row>"
    )
    assert rows(sheet(inside)) == [[], ["", "a@x.example"]]


@pytest.mark.parametrize(
    "content",
    [
        sheet("<row><c><v>not a number</v></c></row>"),
        sheet('<row><c t="s"><v>7</v></c></row>'),
        sheet("<row><c>"),
        sheet('<row r="99999999"><c><v>1</v></c></row>'),
        sheet("<row><c><v>&a;</v></c></row>", '<!DOCTYPE w [<!ENTITY a "aaaa">]>'),
        sheet(f'<row><c t="str"><v>{"x" * 2_000_000}</v></c></row>'),
        packed({}),
        packed({"xl/workbook.xml": "<workbook/>"}),
    ],
)
def test_a_damaged_workbook_is_refused_in_a_sentence(content):
    with pytest.raises(Invalid, match="cannot be read"):
        rows(content)


def test_a_workbook_that_unfolds_without_end_is_refused():
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as book,
        book.open("xl/sharedStrings.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(700):
            part.write(bytes(1024 * 1024))
    with pytest.raises(Invalid, match="too large inside"):
        rows(buffer.getvalue())


GOOD = workbook(["Phone", "Since"], ["+491512345678", date(2026, 5, 3)])


@given(st.integers(0, len(GOOD) - 1), st.binary(min_size=1, max_size=8))
def test_a_workbook_with_any_bytes_changed_is_rows_or_a_sentence(place, other):
    damaged = GOOD[:place] + other + GOOD[place + len(other) :]
    with suppress(Invalid):
        assert all(isinstance(cell, str) for row in rows(damaged) for cell in row)
