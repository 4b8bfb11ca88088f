"""Making the files of exports in a task. A file that was begun and not ended is made anew."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from flask import current_app

from webapp.accounts.acting import ensure_still
from webapp.accounts.rules import Right
from webapp.core.config import Config
from webapp.core.db import transaction
from webapp.exports import csv_files, workbooks
from webapp.exports.asked import from_json
from webapp.exports.beating import beating
from webapp.exports.lists import Listed
from webapp.exports.rules import ROLE
from webapp.tasks import files
from webapp.tasks.rules import DRAFT
from webapp.tasks.work import Step, Work

PIECE = 4 * 1024 * 1024  # bytes that one transaction adds to a file
SAID_EVERY = 1.0  # seconds between two words about the progress


def make_workbook(work: Work) -> None:
    """Make the Excel file that a task asks for, and keep it with the task.

    Raises Forbidden where who asked for it may no longer export, Invalid where a filter names
    what is not there any more.
    """
    listed = transaction(lambda: _allowed(work))
    make(work, listed, workbooks.ENDING)


def make(work: Work, listed: Listed, ending: str) -> None:
    """Make a list's file of a type, `csv` or `xlsx`, and keep it with the task, unless it has it.

    Commits as it goes; `done` and `total` are rows, which the result tells too. The file is shown
    once it is whole. It cannot go on from its middle, which would be of another moment than its
    start: after a crash it begins again.
    """
    if transaction(lambda: files.has(work.task_id, ROLE)):
        return
    progress = _Progress(work, listed.count())
    name = listed.file_name(ending)
    if ending == csv_files.ENDING:
        pieces: Iterable[bytes] = csv_files.csv_pieces(listed, progress.say)
        file_id = _keep(work, name, csv_files.CONTENT_TYPE, pieces)
    else:
        with _folder_of(work) as folder:
            path = folder / name
            workbooks.write_workbook(listed, path, progress.say, partial(beating, work))
            file_id = _keep(work, name, workbooks.CONTENT_TYPE, _pieces_of(path))
    progress.end(lambda: files.publish(file_id, ROLE))


class _Progress:
    """How many rows are written, said now and then; also a sign that the work goes on."""

    def __init__(self, work: Work, total: int) -> None:
        self._work = work
        self._noted: int = work.position.get("rows", 0)  # by an attempt that did not end
        self.rows = 0
        self._note(total)

    def say(self, rows: int) -> None:
        """Hear that so many rows are written. Raises NoLongerOurs."""
        self.rows = rows
        if time.monotonic() - self._said > SAID_EVERY:
            self._note()

    def end(self, publish: Callable[[], None]) -> None:
        """Say that all is written, together with `publish`."""
        self._note(self.rows, publish)

    def _note(self, total: int | None = None, effect: Callable[[], None] | None = None) -> None:
        position = {**self._work.position, "rows": self.rows}
        facts = {"rows": self.rows}

        def noted() -> Step:
            if effect:
                effect()
            done = self.rows - self._noted
            return Step(done, position, facts=facts, total=total, draft=effect is None)

        self._work.note(noted)
        self._noted, self._said = self.rows, time.monotonic()


def _allowed(work: Work) -> Listed:
    ensure_still(work.actor, Right.WORK)
    return from_json(work.params).listed()


def _keep(work: Work, name: str, content_type: str, pieces: Iterable[bytes]) -> int:
    """Store a draft with the task, some megabytes at a time; gives its id.

    What an attempt that did not end left goes away.
    """
    begun: list[int] = []

    def begin() -> Step:
        begun[:] = [files.begin(work.task_id, DRAFT, name, content_type)]
        return Step(draft=True)

    work.note(begin)
    for piece in _gathered(pieces):
        work.note(partial(_appended, begun[0], piece))
    return begun[0]


def _appended(file_id: int, piece: bytes) -> Step:
    files.append(file_id, piece)
    return Step(draft=True)


def _gathered(pieces: Iterable[bytes]) -> Iterator[bytes]:
    gathered = bytearray()
    for piece in pieces:
        gathered += piece
        if len(gathered) >= PIECE:
            yield bytes(gathered)
            gathered.clear()
    yield bytes(gathered)


def _pieces_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


@contextmanager
def _folder_of(work: Work) -> Iterator[Path]:
    """Give a folder for the time of the work; what a killed attempt left in it is gone."""
    config: Config = current_app.extensions["heed"]
    folder = config.data / "making" / str(work.task_id)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
