"""Whether a file of a task names a person: as text, or as the parts of a packed workbook."""

from __future__ import annotations

import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from typing import IO

from sqlalchemy import delete, select, update

from webapp.core.db import db, transaction
from webapp.privacy.marks import Marks
from webapp.tasks import files
from webapp.tasks.models import Task, TaskFile

PACKED = b"PK\x03\x04"
OVERLAP = 4096  # bytes that two pieces share, so that nothing is cut in two
PIECE = 1024 * 1024  # bytes
IN_MEMORY = 8 * 1024 * 1024
WHY = "A file was removed, since somebody in it was erased."


def next_file(after: int) -> int | None:
    """Give the id of the file after this one, in the order of their ids."""
    query = select(TaskFile.id).where(TaskFile.id > after).order_by(TaskFile.id).limit(1)
    return transaction(lambda: db.session.scalar(query))


def file_names_person(file_id: int, marks: Marks) -> bool:
    """Tell whether a file holds an address of the person; reads it with no transaction open."""
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as copy:
        for piece in files.pieces_of(file_id):
            copy.write(piece)
        copy.seek(0)
        packed = copy.read(len(PACKED)) == PACKED
        copy.seek(0)
        pieces = _unpacked(copy) if packed else _pieces(copy)
        return any(marks.stand_in_bytes(piece) for piece in pieces)


def remove_file(file_id: int) -> None:
    """Delete a file whole in the open transaction; its task says why it is gone."""
    task_id = select(TaskFile.task_id).where(TaskFile.id == file_id).scalar_subquery()
    db.session.execute(
        update(Task)
        .where(Task.id == task_id)
        .values(error=WHY)
        .execution_options(synchronize_session=False)
    )
    db.session.execute(delete(TaskFile).where(TaskFile.id == file_id))


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    """Give a file in pieces, each with the end of the one before."""
    before = b""
    while piece := file.read(PIECE):
        yield before + piece
        before = piece[-OVERLAP:]


def _unpacked(file: IO[bytes]) -> Iterable[bytes]:
    """Give what is inside a packed file; as it stands where it cannot be unpacked."""
    try:
        with zipfile.ZipFile(file) as book:
            for member in book.infolist():
                with book.open(member) as part:
                    yield from _pieces(part)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError):
        file.seek(0)
        yield from _pieces(file)
