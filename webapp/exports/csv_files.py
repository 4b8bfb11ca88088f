"""A list as a CSV file."""

from __future__ import annotations

from collections.abc import Callable, Generator

from webapp.core.csv_streams import stream_csv
from webapp.core.spreadsheets import BYTE_ORDER_MARK, csv_line
from webapp.exports.columns import in_csv
from webapp.exports.lists import Listed

ENDING = "csv"
CONTENT_TYPE = "text/csv; charset=utf-8"


def csv_pieces(listed: Listed, say: Callable[[int], None] | None = None) -> Generator[bytes]:
    """Give the file piece by piece, in UTF-8, while the database still reads; memory stays flat.

    RFC 4180, with a byte order mark, times in the list's zone with their offset.
    `say` hears after each piece how many rows have left.
    """
    header = BYTE_ORDER_MARK + csv_line(column.header for column in listed.columns)
    rows = in_csv(listed.columns, listed.rows)
    return stream_csv(header, rows, listed.zone, say)
