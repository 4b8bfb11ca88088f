"""Excel files as a spreadsheet program sees them, read without the library that wrote them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
FIRST_DAY = datetime(1899, 12, 30)  # noqa: DTZ001  # a sheet knows no zones
ESCAPED = re.compile(r"_x([0-9A-F]{4})_")


class Moment(str):
    """A date and time, of no zone."""


@dataclass(frozen=True)
class Sheet:
    """One sheet: its rows, texts as str, numbers as float, dates as Moment; `formulas` are any.

    `frozen` rows at the top stay in sight, `filtered` is the range that can be filtered.
    """

    name: str
    rows: list[list[Any]]
    formulas: list[str]
    frozen: int
    filtered: str


def sheets(content: bytes) -> list[Sheet]:
    """Read an Excel file."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert book.testzip() is None
        names = [
            found.attrib["name"] for found in _parsed(book, "xl/workbook.xml").iter(f"{MAIN}sheet")
        ]
        dated = _dated(_parsed(book, "xl/styles.xml"))
        return [
            _sheet(_parsed(book, f"xl/worksheets/sheet{number}.xml"), name, dated)
            for number, name in enumerate(names, start=1)
        ]


def _sheet(root: ElementTree.Element, name: str, dated: set[int]) -> Sheet:
    rows = [list(_row(row, dated)) for row in root.iter(f"{MAIN}row")]
    formulas = [found.text or "" for found in root.iter(f"{MAIN}f")]
    pane, filtered = root.find(f".//{MAIN}pane"), root.find(f"{MAIN}autoFilter")
    return Sheet(
        name,
        rows,
        formulas,
        int(pane.attrib["ySplit"]) if pane is not None else 0,
        filtered.attrib["ref"] if filtered is not None else "",
    )


def _row(row: ElementTree.Element, dated: set[int]) -> Iterator[Any]:
    place = 0
    for cell in row:
        column = _column(cell.attrib["r"])
        yield from [None] * (column - place)
        yield _value(cell, dated)
        place = column + 1


def _column(name: str) -> int:
    found = 0
    for letter in name.rstrip("0123456789"):
        found = found * 26 + ord(letter) - 64
    return found - 1


def _value(cell: ElementTree.Element, dated: set[int]) -> Any:
    if cell.attrib.get("t") == "inlineStr":
        text = "".join(part.text or "" for part in cell.iter(f"{MAIN}t"))
        return ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    number = float(cell.findtext(f"{MAIN}v") or "nan")
    if int(cell.attrib.get("s", "0")) in dated:
        return Moment(f"{FIRST_DAY + timedelta(seconds=round(number * 86_400)):%Y-%m-%d %H:%M:%S}")
    return number


def _dated(root: ElementTree.Element) -> set[int]:
    """Give the styles by which a number is a date."""
    formats = {
        one.attrib["numFmtId"] for one in root.iter(f"{MAIN}numFmt") if "yyyy" in str(one.attrib)
    }
    styles = root.find(f"{MAIN}cellXfs")
    assert styles is not None
    return {n for n, style in enumerate(styles) if style.attrib["numFmtId"] in formats}


def _parsed(book: zipfile.ZipFile, name: str) -> ElementTree.Element:
    return ElementTree.fromstring(book.read(name))
