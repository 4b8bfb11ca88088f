"""A list as an Excel file: real dates, phone numbers as text, and nothing that is a formula."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from webapp.core.streams import stream
from webapp.exports.columns import Column, Kind
from webapp.exports.lists import Listed

ENDING = "xlsx"
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS_OF_A_SHEET = 1_048_576  # with the head (Excel specifications and limits)
LONGEST_TITLE = 28  # characters of a sheet's name, and room for a number
SAID_EVERY = 5_000  # rows
OPTIONS = {
    "constant_memory": True,  # a row at a time; the rest is on the disk
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
WIDTHS = {Kind.ID: 12, Kind.WORD: 14, Kind.MOMENT: 20, Kind.DAY: 12, Kind.FIGURE: 12}
WIDE = 26
FIRST_DAY = date(1900, 3, 1)  # Excel believes that there was a 29 February 1900
NO_CHARACTERS = re.compile("[\ufffe\uffff]")  # of no XML file (XML 1.0, section 2.2)

Write = Callable[[int, int, Any], object]


def write_workbook(
    listed: Listed,
    path: Path,
    say: Callable[[int], None] = lambda _rows: None,
    end: Callable[[Callable[[], None]], None] = lambda close: close(),
) -> int:
    """Write a list into an Excel file, as many sheets as it takes; gives how many rows.

    `say` hears now and then, and at the end, how many are written. `end` calls what completes the
    file, which takes long where it is large. Memory stays flat: what is written lies beside
    `path` until the end. Times are of the list's zone, which the head of their column names.
    """
    book = Book(listed.columns, listed.zone, listed.name, path)
    count = 0
    try:
        values = listed.rows.with_only_columns(*(column.value for column in listed.columns))
        with closing(stream(values)) as rows:
            for count, row in enumerate(rows, start=1):
                book.add(row)
                if count % SAID_EVERY == 0:
                    say(count)
    finally:
        end(book.close)
    say(count)
    return count


class Book:
    """An Excel file being written, by its columns; times are of `zone`, sheets called `title`."""

    def __init__(self, columns: Sequence[Column], zone: ZoneInfo, title: str, path: Path) -> None:
        self._columns, self._zone = columns, zone
        self._title = title[:LONGEST_TITLE]
        self._book = Workbook(str(path), {**OPTIONS, "tmpdir": str(path.parent)})
        self._book.use_zip64()
        self._head = self._book.add_format({"bold": True, "bottom": 1})
        self._moment = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._sheets = 0
        self._begin_sheet()

    def add(self, values: Any) -> None:
        """Add a row; on a new sheet where this one is full."""
        if self._row == ROWS_OF_A_SHEET:
            self._end_sheet()
            self._begin_sheet()
        for place, (write, value) in enumerate(zip(self._writers, values, strict=True)):
            if value is not None and value != "":
                write(self._row, place, value)
        self._row += 1

    def close(self) -> None:
        """Complete the file."""
        self._end_sheet()
        self._book.close()

    def _begin_sheet(self) -> None:
        self._sheets += 1
        name = self._title if self._sheets == 1 else f"{self._title} {self._sheets}"
        sheet = self._sheet = self._book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(self._columns):
            sheet.set_column(place, place, WIDTHS.get(column.kind, WIDE))
            sheet.write_string(0, place, shown(_headline(column, self._zone)), self._head)
        self._writers = [self._writer(sheet, column.kind) for column in self._columns]
        self._row = 1

    def _end_sheet(self) -> None:
        self._sheet.autofilter(0, 0, self._row - 1, len(self._columns) - 1)

    def _writer(self, sheet: Worksheet, kind: Kind) -> Write:
        """Give what writes a value of a kind into a cell."""
        zone = self._zone

        def text(row: int, place: int, value: Any) -> None:
            sheet.write_string(row, place, shown(str(value)))

        def moment(row: int, place: int, value: datetime) -> None:
            local = value.astimezone(zone).replace(tzinfo=None, microsecond=0)
            sheet.write_datetime(row, place, local, self._moment)

        def day(row: int, place: int, value: str) -> None:
            read = _day(value)
            if read is None:
                text(row, place, value)
            else:
                sheet.write_datetime(row, place, read, self._day)

        def figure(row: int, place: int, value: str) -> None:
            try:
                sheet.write_number(row, place, float(value))
            except (TypeError, ValueError):
                text(row, place, value)

        writers: dict[Kind, Write] = {
            Kind.ID: sheet.write_number,
            Kind.MOMENT: moment,
            Kind.DAY: day,
            Kind.FIGURE: figure,
        }
        return writers.get(kind, text)


def shown(text: str) -> str:
    """Give a text as Excel can show it; it never reads one for a formula."""
    text = NO_CHARACTERS.sub("\ufffd", text)
    # XlsxWriter would take it for XML of its own.
    return f"{text} " if text.startswith("<r>") and text.endswith("</r>") else text


def _headline(column: Column, zone: ZoneInfo) -> str:
    return f"{column.header} ({zone.key})" if column.kind is Kind.MOMENT else column.header


def _day(text: str) -> date | None:
    """Read a date that Excel can have."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day >= FIRST_DAY else None
