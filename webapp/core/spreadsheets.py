"""CSV files that a spreadsheet program opens as they are meant: UTF-8, and never a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from flask import Response, stream_with_context

# Excel takes a file for the machine's own code page unless it begins with this mark.
BYTE_ORDER_MARK = "\ufeff"
# What spreadsheets take for the start of a formula (OWASP, CSV Injection).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
PHONE_NUMBER = re.compile(r"\+[0-9]{1,15}")  # E.164
CHUNK = 500


def safe_cell(value: Any) -> str:
    """Give a value as the text of a cell that no spreadsheet takes for a formula.

    An apostrophe goes before what could be one. A phone number stays as it is: digits alone can
    do nothing, and whoever takes the file on (another system's exclusion list) needs it whole.
    """
    text = "" if value is None else str(value)
    harmless = PHONE_NUMBER.fullmatch(text) or not text.startswith(FORMULA_STARTS)
    return text if harmless else f"'{text}"


def csv_chunks(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Give a CSV file (RFC 4180) piece by piece: its header at once, then some rows a piece."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(map(safe_cell, header))
    yield BYTE_ORDER_MARK + _taken(buffer)
    for number, row in enumerate(rows, start=1):
        writer.writerow(map(safe_cell, row))
        if number % CHUNK == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def csv_download(name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Response:
    """Answer with a CSV file called `name`, sent while `rows` are read; memory stays flat."""
    response = Response(
        stream_with_context(csv_chunks(header, rows)), content_type="text/csv; charset=utf-8"
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    # Proxies that buffer a whole answer would hold back the first row until the last.
    response.headers["X-Accel-Buffering"] = "no"
    return response


def _taken(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text
