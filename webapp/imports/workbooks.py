"""The one sheet of an Excel workbook that has rows, as rows of text; streamed.

Read with what Python brings: the readers at hand hold a whole sheet or all its texts in memory
(90 to 130 MB for 500,000 rows), and none keeps to a limit inside a packed file.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from posixpath import join, normpath
from tempfile import SpooledTemporaryFile
from typing import IO, cast
from xml.parsers.expat import ExpatError

from webapp.core.errors import Invalid
from webapp.core.words import listed
from webapp.imports.parts import Broken, Outline
from webapp.imports.sheets import Rows, Texts

IN_MEMORY = 4 * 1024 * 1024  # bytes of shared texts before they go to the disk
MOST_UNPACKED = 600 * 1024 * 1024  # bytes that a workbook may unfold to
SEVERAL = (
    "This Excel file has rows on more than one sheet: {}. Save each sheet as a file of its own, so "
    "that none is left out."
)
NAMED = 4  # sheets that are named in it at most
BROKEN = "This Excel file cannot be read. Save it again, or as CSV, and choose that file."
# What breaks while a damaged or made-up workbook is read.
FAULTS = (
    *(zipfile.BadZipFile, zlib.error, ExpatError, Broken),
    *(
        KeyError,
        IndexError,
        ValueError,
        OverflowError,
        RuntimeError,
        EOFError,
        OSError,
        StopIteration,
    ),
)
# The built-in formats of dates and times (18.8.30); the letters that make a format of one's own.
DATED = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
NO_LETTERS = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|General', re.I)
EPOCHS = (datetime(1899, 12, 30), datetime(1904, 1, 1))  # noqa: DTZ001
WHOLE = 10**15  # below this a number of a sheet is exact


def sheet_rows(file: IO[bytes]) -> Iterator[list[str]]:
    """Give the rows of the only sheet of a workbook that has any, empty ones included.

    Raises Invalid, also where several have: an opt-out on a sheet that is not read is lost.
    """
    try:
        with zipfile.ZipFile(file) as book:
            if sum(part.file_size for part in book.infolist()) > MOST_UNPACKED:
                raise Invalid("This Excel file is too large inside. Save the list as CSV.")
            yield from _Book(book).rows()
    except FAULTS:
        raise Invalid(BROKEN) from None


class _Book:
    """A workbook: the parts that are its sheets, with their names, and what the cells refer to."""

    def __init__(self, book: zipfile.ZipFile) -> None:
        self._book = book
        self._names = {name.lower(): name for name in book.namelist()}
        outline = Outline(self._open("xl/workbook.xml"))
        old = any(p.get("date1904") in ("1", "true") for p in outline.named("workbookPr"))
        self._epoch = EPOCHS[old]
        parts = self._parts()
        self._sheets = {parts[_id(s)]: s.get("name", "") for s in outline.named("sheet")}
        if not self._sheets:
            raise Broken("no sheet")
        self._dated = _date_styles(Outline(self._open("xl/styles.xml")))

    def rows(self) -> Iterator[list[str]]:
        """Give the rows of the one sheet that has any."""
        with SpooledTemporaryFile(IN_MEMORY) as file:
            self._texts = Texts(cast(IO[bytes], file))
            if texts := self._open("xl/sharedStrings.xml"):
                self._texts.read(texts)
            for part in self._filled():
                yield from self._read(part)

    def _filled(self) -> list[str]:
        """Give the one sheet that has rows, none where all are empty."""
        filled = list(islice(filter(self._is_filled, self._sheets), NAMED))
        if len(filled) > 1:
            names = [f"“{self._sheets[part][:31]}”" for part in filled]
            raise Invalid(SEVERAL.format(listed(names)))
        return filled

    def _is_filled(self, part: str) -> bool:
        return any(cell.strip() for row in self._read(part) for cell in row)

    def _read(self, part: str) -> Iterator[list[str]]:
        sheet = self._open(part)
        if sheet is None:
            raise Broken("no sheet")
        with sheet:
            yield from Rows(self._value).read(sheet)

    def _value(self, kind: str, style: int, text: str) -> str:
        """Give a cell's text by its type (18.18.11) and style, a date in ISO 8601."""
        if kind == "s":
            return self._texts[int(text)] if text else ""
        if kind == "b":
            return "TRUE" if text.strip() == "1" else "FALSE"
        if kind != "n" or not text:
            return text
        number = float(text)
        if style < len(self._dated) and self._dated[style]:
            return self._moment(number)
        return str(int(number)) if number.is_integer() and abs(number) < WHOLE else text

    def _moment(self, number: float) -> str:
        found = self._epoch + timedelta(seconds=round(number * 86_400))
        return f"{found:%Y-%m-%d}" if number.is_integer() else found.isoformat(" ")

    def _parts(self) -> dict[str, str]:
        """Give the parts that the relations of the workbook lead to, by their ids."""
        relations = Outline(self._open("xl/_rels/workbook.xml.rels")).named("Relationship")
        return {r["Id"]: normpath(join("/xl", r["Target"])).lstrip("/") for r in relations}

    def _open(self, name: str) -> IO[bytes] | None:
        found = self._names.get(name.lower())
        return self._book.open(found) if found else None


def _id(attributes: dict[str, str]) -> str:
    return next(value for name, value in attributes.items() if name.endswith(":id"))


def _date_styles(outline: Outline) -> list[bool]:
    """Tell of each style of a cell whether it shows a number as a date."""
    own = {format["numFmtId"]: format["formatCode"] for format in outline.named("numFmt")}

    def dated(number: str) -> bool:
        if number not in own:
            return int(number) in DATED
        return re.search("[dmyhs]", NO_LETTERS.sub("", own[number]), re.I) is not None

    return [dated(style.get("numFmtId", "0")) for style in outline.named("xf", "cellXfs")]
