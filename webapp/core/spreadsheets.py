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
from sqlalchemy import ColumnElement, and_, case, func, literal_column

# Excel takes a file for the machine's own code page unless it begins with this mark.
BYTE_ORDER_MARK = "\ufeff"
# What spreadsheets take for the start of a formula (OWASP, CSV Injection).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
LONGEST_NUMBER = 15  # digits (E.164)
PHONE_NUMBER = re.compile(rf"\+[0-9]{{1,{LONGEST_NUMBER}}}")


def safe_cell(value: Any) -> str:
    """Give a value as the text of a cell that no spreadsheet takes for a formula.

    An apostrophe goes before what could be one. A phone number stays as it is: digits alone can
    do nothing, and whoever takes the file on (another system's exclusion list) needs it whole.
    """
    text = "" if value is None else str(value)
    harmless = PHONE_NUMBER.fullmatch(text) or not text.startswith(FORMULA_STARTS)
    return text if harmless else f"'{text}"


def guarded(text: ColumnElement[str]) -> ColumnElement[str]:
    """Give an expression for `safe_cell` of a text, NULL for NULL."""
    # Constants stand in the SQL itself: as parameters they would be many, and slower.
    one: ColumnElement[int] = literal_column("1")
    two: ColumnElement[int] = literal_column("2")
    most: ColumnElement[int] = literal_column(str(LONGEST_NUMBER + 1))
    first = func.substr(text, one, one)
    phone_number = and_(
        first == _sql_text("+"),
        func.length(text).between(two, most),
        func.ltrim(func.substr(text, two), _sql_text("0123456789")) == _sql_text(""),
    )
    dangerous = and_(first.in_([_sql_text(start) for start in FORMULA_STARTS]), ~phone_number)
    return case((dangerous, _sql_text("'").concat(text)), else_=text)


def _sql_text(text: str) -> ColumnElement[str]:
    """Write a text into SQL itself."""
    return literal_column("'" + text.replace("'", "''") + "'")


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
