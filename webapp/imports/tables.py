"""A file as rows of cells: which text it is, what stands between its cells; streamed, pure.

Memory stays flat: a line, a row and a piece of the file are all that is held.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, count, islice
from typing import Any

from webapp.core.errors import Invalid

LONGEST = 1024 * 1024  # characters in a line
MOST_LINES = 10  # of one row: a quotation mark left open would swallow the rows below it
SAMPLE = 64 * 1024  # bytes that are looked at first
SAMPLE_ROWS = 100
DELIMITERS = (";", ",", "\t", "|")
ONE_COLUMN = "\x1f"  # a sign that stands in no list: each line is one cell
SEP = re.compile(r"sep=(.)")  # what Excel may write above a CSV file

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
KINDS = (
    (b"PK\x03\x04", "xlsx"),
    (b"\xd0\xcf\x11\xe0", "xls"),
    (b"%PDF", "pdf"),
    (b"\x1f\x8b", "gzip"),
)
REFUSALS = {
    "xls": "This is a workbook of an old Excel. Save it as .xlsx or as CSV, and choose that file.",
    "pdf": "This is a PDF. Choose the list as CSV or as an Excel file.",
    "gzip": "This file is packed. Unpack it, and choose the file inside.",
}
ENDLESS = "The row on line {} does not end. Is there a quotation mark that is never closed?"
NO_TEXT = "This file is no list: it is neither text nor an Excel file."


@dataclass(frozen=True)
class Form:
    """How a text file is written; `skip` rows at its top belong to no list."""

    encoding: str = "utf-8"
    delimiter: str = ","
    skip: int = 0

    def params(self) -> dict[str, Any]:
        """Give it as JSON."""
        return dict(vars(self))


def is_workbook(pieces: Iterable[bytes]) -> bool:
    """Tell whether a file is an Excel workbook. Raises Invalid for what is no list at all."""
    start = next(iter(pieces), b"")
    if not start:
        raise Invalid("This file is empty.")
    kind = next((kind for mark, kind in KINDS if start.startswith(mark)), "")
    if kind in REFUSALS:
        raise Invalid(REFUSALS[kind])
    return kind == "xlsx"


def form_of(pieces: Iterable[bytes]) -> Form:
    """Find out how a text file is written; reads all of it once. Raises Invalid."""
    rest = iter(pieces)
    start = b""
    while len(start) < SAMPLE and (piece := next(rest, b"")):
        start += piece
    encoding = _encoding(start, rest)
    lines = list(islice(_lines([start[:SAMPLE]], encoding), SAMPLE_ROWS))
    if _is_binary("".join(lines)):
        raise Invalid(NO_TEXT)
    named = SEP.fullmatch(lines[0].strip()) if lines else None
    if named:
        return Form(encoding, named[1], 1)
    return Form(encoding, _delimiter(lines[:-1] if len(lines) > 1 else lines))


def rows_of(pieces: Iterable[bytes], form: Form) -> Iterator[list[str]]:
    """Give the rows of a text file, an empty list for an empty line.

    A quoted cell may go on over some lines (RFC 4180). Raises Invalid, with the line, where a row
    may have swallowed others: no row of a list is lost in silence.
    """
    taken: list[str] = []  # the lines of the row under way

    def lines() -> Iterator[str]:
        for line in _lines(pieces, form.encoding):
            if len(taken) == MOST_LINES:
                raise csv.Error
            taken.append(f"{line}\n")
            yield taken[-1]

    reader = csv.reader(lines(), delimiter=form.delimiter, strict=True)
    for number in count(1):
        begins = reader.line_num + 1
        taken.clear()
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            row = _loosely(taken, form.delimiter, begins)
        yield row if number > form.skip else []


def _loosely(lines: list[str], delimiter: str, begins: int) -> list[str]:
    """Read a row that keeps no rule: `"Bob" Smith` for a cell harms nobody within one line."""
    try:
        row = next(csv.reader(lines, delimiter=delimiter))
    except csv.Error:
        row = ["\n"]
    # The end of the line is inside a cell only where a quotation mark is open.
    if len(lines) > 1 or any("\n" in cell for cell in row):
        raise Invalid(ENDLESS.format(begins))
    return row


def _lines(pieces: Iterable[bytes], encoding: str) -> Iterator[str]:
    """Give the lines of a text, whatever ends them, without their ends."""
    bytes_to_text = codecs.getincrementaldecoder(encoding)("replace")
    decoder = io.IncrementalNewlineDecoder(bytes_to_text, translate=True)
    rest = ""
    for piece in chain(pieces, [b""]):
        text = decoder.decode(piece, final=not piece).replace("\x00", "")
        *lines, rest = (rest + text).split("\n")
        if max(map(len, (*lines, rest))) > LONGEST:
            raise Invalid("A line of this file is longer than a megabyte: it is no list.")
        for line in lines:
            yield line.removeprefix("\ufeff")
    if rest:
        yield rest.removeprefix("\ufeff")


def _encoding(start: bytes, rest: Iterable[bytes]) -> str:
    """Tell UTF-8, UTF-16 and Windows-1252 apart; the last is what is left."""
    for mark, encoding in MARKS:
        if start.startswith(mark):
            return encoding
    head = start[: 4096 & ~1]
    evens, odds = head[::2].count(0), head[1::2].count(0)
    if max(evens, odds) > len(head) // 4 > 4 * min(evens, odds):
        return "utf-16-le" if odds > evens else "utf-16-be"
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for piece in chain([start], rest):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _is_binary(text: str) -> bool:
    strange = sum(1 for char in text if char < " " and char not in "\t\n\r\f\x1f") + text.count(
        "\ufffd"
    )
    return strange > len(text) / 50


def _delimiter(lines: list[str]) -> str:
    """Choose the sign that cuts most of the lines into the same number of cells."""

    def fit(delimiter: str) -> tuple[float, int]:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter) if row)
        wide = [(many, width) for width, many in widths.items() if width > 1]
        most, width = max(wide, default=(0, 0))
        return most / max(sum(widths.values()), 1), width

    try:
        fits = {delimiter: fit(delimiter) for delimiter in DELIMITERS}
    except csv.Error:
        return ","
    best = max(DELIMITERS, key=lambda delimiter: fits[delimiter])
    return best if fits[best][0] >= 0.5 else ONE_COLUMN
