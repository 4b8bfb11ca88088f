"""The files of an upload: what came, and what Heed wrote while reading it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from webapp.core.spreadsheets import BYTE_ORDER_MARK, safe_cell
from webapp.imports.lists import plan_line, planned
from webapp.imports.rules import OptOut
from webapp.tasks import files

UPLOAD = "upload"  # what came
ROWS = "rows"  # a workbook's rows as CSV
PLAN = "plan"  # each channel and address once, when last opted out; a line of JSON a row
REFUSED = "refused"  # rows that cannot be taken, each with its reason, as CSV
MOST_CELLS = 50  # of a refused row that are given back
LONGEST_CELL = 300


def begin_plan(task_id: int, role: str) -> int:
    """Begin a plan in the open transaction, as PLAN or to take its place; gives the file's id."""
    return files.begin(task_id, role, "plan.jsonl", "application/x-ndjson")


def plan_bytes(opt_outs: Iterable[OptOut]) -> bytes:
    """Write opt-outs down as lines of the plan."""
    lines = (json.dumps(plan_line(o), ensure_ascii=False, separators=(",", ":")) for o in opt_outs)
    return "".join(f"{line}\n" for line in lines).encode()


def read_plan(file_id: int, skip: int = 0) -> Iterator[OptOut]:
    """Give the opt-outs of a plan from a line on."""
    return map(planned, read_lines(file_id, skip))


def read_lines(file_id: int, skip: int = 0) -> Iterator[list[Any]]:
    """Give the lines of a plan (JSON) from one on."""
    number, rest = 0, b""
    for piece in files.pieces_of(file_id):
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            number += 1
            if number > skip:
                yield json.loads(line)


def refused_header(titles: Sequence[str]) -> bytes:
    """Write the first line of the refused rows: what is wrong, then the list's own columns."""
    return (BYTE_ORDER_MARK + _csv([("row", "reason", *titles[:MOST_CELLS])])).encode()


def refused_bytes(rows: Iterable[tuple[int, Sequence[str], str]]) -> bytes:
    """Write refused rows down: their number, cells and reason; no cell can act as a formula."""
    return _csv(
        (number, reason, *(cell[:LONGEST_CELL] for cell in cells[:MOST_CELLS]))
        for number, cells, reason in rows
    ).encode("utf-8", "replace")


def csv_bytes(rows: Iterable[Sequence[str]]) -> bytes:
    """Write rows as CSV for Heed itself to read, each in one line whatever its cells hold."""
    buffer = io.StringIO()
    csv.writer(buffer).writerows(map(_in_line, row) for row in rows)
    return buffer.getvalue().encode("utf-8", "replace")


def _in_line(cell: str) -> str:
    return " ".join(cell.splitlines()) if "\n" in cell or "\r" in cell else cell


def _csv(rows: Iterable[Sequence[object]]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerows(map(safe_cell, row) for row in rows)
    return buffer.getvalue()
