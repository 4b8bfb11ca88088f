"""The first look at an uploaded list: how it is written, how it is read, how long it is."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any, Generic, Protocol, Self, TypeVar

from webapp.core.db import db
from webapp.core.errors import Invalid
from webapp.imports import stores
from webapp.imports.lists import is_blank
from webapp.imports.tables import SAMPLE_ROWS, Form, form_of, is_workbook, rows_of
from webapp.imports.workbooks import sheet_rows
from webapp.tasks import files
from webapp.tasks.work import Step, Work

MOST_ROWS = 1_000_000
MOST_BYTES = 200 * 1024 * 1024  # of a workbook's rows
TOGETHER = 5000  # rows of a workbook that are written at once
TOO_LONG = f"This list has more than {MOST_ROWS:,} rows. Cut it into several files."


class Read(Protocol):
    """How a list is read, whatever it holds: see `lists.Reading`."""

    @property
    def titles(self) -> tuple[str, ...]:
        """The cells of the header."""

    @property
    def header_row(self) -> int:
        """The row that it is; 0 where there is none."""

    def params(self) -> dict[str, Any]:
        """Give it as JSON."""

    def completed(self, rows: Sequence[Sequence[str]]) -> Self:
        """Give it with what was left open guessed from the list's first rows."""


Reading = TypeVar("Reading", bound=Read)
ReadingOf = Callable[[Mapping[str, Any]], Reading]


@dataclass(frozen=True)
class Opened(Generic[Reading]):
    """A list that has been looked at: where its rows are, how it is written and read."""

    file_id: int
    form: Form
    reading: Reading

    def rows(self, after: int = 0) -> Iterator[tuple[int, list[str]]]:
        """Give the rows under the header that hold something, with their numbers, after one."""
        return self._numbered(files.pieces_of(self.file_id), after)

    def rows_within(self) -> Iterator[tuple[int, list[str]]]:
        """Give the same in the open transaction, which goes on."""
        return self._numbered(files.parts_of(self.file_id), 0)

    def _numbered(self, pieces: Iterator[bytes], after: int) -> Iterator[tuple[int, list[str]]]:
        read = rows_of(pieces, self.form)
        for number, row in enumerate(read, start=1):
            if number > max(after, self.reading.header_row) and not is_blank(row):
                yield number, row


def opened(work: Work, reading_of: ReadingOf[Reading]) -> Opened[Reading]:
    """Look at the list of a task, unless that is done. Raises Invalid for what is no list.

    `reading_of` reads from JSON how it is read.
    """
    if "reading" not in work.result:
        _look(work, reading_of)
    found = opened_before(work.task_id, work.result, reading_of)
    db.session.rollback()  # what has read holds SQLite's lock
    return found


def opened_before(
    task_id: int, result: Mapping[str, Any], reading_of: ReadingOf[Reading]
) -> Opened[Reading]:
    """Give the list that a task has looked at, by the result of that. Raises NotFound."""
    rows = files.file_of(task_id, result["rows_in"]).id
    return Opened(rows, Form(**result["form"]), reading_of(result["reading"]))


def _look(work: Work, reading_of: ReadingOf[Reading]) -> None:
    role = stores.UPLOAD
    source = files.file_of(work.task_id, role).id
    if is_workbook(files.pieces_of(source)):
        role, form = stores.ROWS, Form()
        _unpack(work, source)
    else:
        form = form_of(files.pieces_of(source))
    rows = files.file_of(work.task_id, role).id
    sample = list(islice(rows_of(files.pieces_of(rows), form), SAMPLE_ROWS))
    found = Opened(rows, form, reading_of(work.params).completed(sample))
    total = sum(1 for _ in islice(found.rows(), MOST_ROWS + 1))
    if not total:
        raise Invalid("There are no rows in this file, or only a header.")
    if total > MOST_ROWS:
        raise Invalid(TOO_LONG)
    work.note(lambda: _begin(work, role, found, total))


def _begin(work: Work, role: str, found: Opened[Reading], total: int) -> Step:
    """Begin the files that are written while the list is read."""
    stores.begin_plan(work.task_id, stores.PLAN)
    refused = files.begin(work.task_id, stores.REFUSED, "refused-rows.csv", "text/csv")
    files.append(refused, stores.refused_header(found.reading.titles))
    facts = {"rows_in": role, "form": found.form.params(), "reading": found.reading.params()}
    return Step(position={"row": 0}, facts=facts, total=total)


def _unpack(work: Work, source: int) -> None:
    """Write a workbook's rows down as CSV, unless an earlier check has done so.

    A reader of workbooks cannot begin in the middle: what a crash cut off is begun anew.
    """
    if work.params.get("unpacked") or work.result.get("unpacked"):
        return
    file_id = _begin_rows(work)
    with tempfile.TemporaryFile() as local:
        for piece in files.pieces_of(source):
            local.write(piece)
        rows, spent = sheet_rows(local), 0
        while part := list(islice(rows, TOGETHER)):
            content = stores.csv_bytes(part)
            spent += len(content)
            if spent > MOST_BYTES:
                raise Invalid("This Excel file is too large inside. Save the list as CSV.")
            work.note(partial(_append, file_id, content))
    work.note(lambda: Step(facts={"unpacked": True}))


def _begin_rows(work: Work) -> int:
    begun: list[int] = []

    def begin() -> Step:
        begun[:] = [files.begin(work.task_id, stores.ROWS, "rows.csv", "text/csv")]
        return Step()

    work.note(begin)
    return begun[0]


def _append(file_id: int, content: bytes) -> Step:
    files.append(file_id, content)
    return Step()
