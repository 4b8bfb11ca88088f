"""Files that a spreadsheet program opens as they are meant: UTF-8, and never a formula.

The rule for a cell of a CSV file stands here twice, since files of lists are made inside the
database: `safe_cell` in Python, `guarded` in SQL. A test holds them together on both databases.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from typing import Any

from flask import Response
from sqlalchemy import ColumnElement, and_, case, func, literal_column, or_

# Excel takes a file for the machine's own code page unless it begins with this mark.
BYTE_ORDER_MARK = "\ufeff"
# What spreadsheets take for the start of a formula (OWASP, CSV Injection).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
LONGEST_NUMBER = 15  # digits (E.164)
PHONE_NUMBER = re.compile(rf"\+[0-9]{{1,{LONGEST_NUMBER}}}")
NEGATIVE = re.compile(r"-[0-9]+(\.[0-9]+)?")


def safe_cell(value: Any) -> str:
    """Give a value as the text of a cell that no spreadsheet takes for a formula.

    An apostrophe goes before what could be one. A phone number stays as it is, and so does a number
    below nought: digits alone can do nothing, and whoever takes the file on (another system's
    exclusion list) needs them whole.
    """
    text = "" if value is None else str(value)
    number = PHONE_NUMBER.fullmatch(text) or NEGATIVE.fullmatch(text)
    return text if number or not text.startswith(FORMULA_STARTS) else f"'{text}"


def guarded(text: ColumnElement[str]) -> ColumnElement[str]:
    """Give an expression for `safe_cell` of a text, NULL for NULL."""
    first, rest = func.substr(text, ONE, ONE), func.substr(text, TWO)
    starts = first.in_([_sql_text(start) for start in FORMULA_STARTS])
    phone_number = and_(
        first == _sql_text("+"),
        func.length(text).between(TWO, literal_column(str(LONGEST_NUMBER + 1))),
        _are_digits(rest),
    )
    negative = and_(first == _sql_text("-"), rest != NONE, or_(_are_digits(rest), _is_broken(rest)))
    dangerous = and_(starts, ~phone_number, ~negative)
    return case((dangerous, _sql_text("'").concat(text)), else_=text)


def _are_digits(text: ColumnElement[str]) -> ColumnElement[bool]:
    """Give the condition "digits alone, or nothing"."""
    return func.ltrim(text, DIGITS) == NONE


def _is_broken(text: ColumnElement[str]) -> ColumnElement[bool]:
    """Give the condition "digits, a point, and digits"."""
    between = func.ltrim(func.rtrim(text, DIGITS), DIGITS) == POINT
    return and_(between, func.trim(text, POINT) == text)


def _sql_text(text: str) -> ColumnElement[str]:
    """Write a text into SQL itself."""
    return literal_column("'" + text.replace("'", "''") + "'")


# They stand in the SQL itself: as parameters they would be many, and slower.
ONE: ColumnElement[int] = literal_column("1")
TWO: ColumnElement[int] = literal_column("2")
NONE, POINT, DIGITS = map(_sql_text, ("", ".", "0123456789"))


def csv_line(cells: Iterable[Any]) -> str:
    """Give one line of a CSV file (RFC 4180), its cells guarded."""
    buffer = io.StringIO()
    csv.writer(buffer).writerow(map(safe_cell, cells))
    return buffer.getvalue()


def csv_download(name: str, pieces: Iterator[bytes]) -> Response:
    """Answer with a CSV file called `name`, sent piece by piece as they come."""
    response = Response(pieces, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    # Proxies that buffer a whole answer would hold back the first row until the last.
    response.headers["X-Accel-Buffering"] = "no"
    return response
