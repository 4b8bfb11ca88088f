"""The files of tasks: which name a person, as text or packed in a workbook, and removing them."""

from __future__ import annotations

import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import IO

from sqlalchemy import Select, and_, delete, or_, select, true, update
from sqlalchemy.orm import aliased

from webapp.core.db import run
from webapp.core.reading import reading
from webapp.privacy.marks import EDGE, Marks
from webapp.tasks.models import Task, TaskFile, TaskFilePart
from webapp.tasks.queries import UNFINISHED
from webapp.tasks.rules import TaskStatus

PACKED = b"PK\x03\x04"
OVERLAP = 4096  # bytes that two pieces share, so that nothing is cut in two
PIECE = 1024 * 1024  # bytes
IN_MEMORY = 8 * 1024 * 1024
BEAT_AFTER = 16  # pieces
WHY = "A file was removed, since somebody in it was erased."
# A check of a list of opt-outs, and its file that waits to be recorded, as imports call them.
CHECK, PLAN = "imports.check", "plan"
_PLAN = aliased(TaskFile)

# A task that goes on, or a checked list that may still be recorded: without its file its opt-outs
# would be lost. Whoever has it recorded hands the file over; what nobody takes goes in a week.
AT_WORK = or_(
    Task.status.in_(UNFINISHED),
    and_(
        Task.kind == CHECK,
        Task.status == TaskStatus.DONE,
        Task.params["next"].as_integer().is_(None),
        select(_PLAN.id).where(_PLAN.task_id == Task.id, _PLAN.role == PLAN).exists(),
    ),
)


def is_at_work(task_id: int) -> bool:
    """Tell whether a task needs what it knows, in the open transaction."""
    return run(select(Task.id).where(Task.id == task_id, AT_WORK)).first() is not None


def next_file(after: int, until: datetime | None) -> int | None:
    """Give the id of the file after this one, of those that an erasure reaches."""
    of_then = or_(TaskFile.created_at <= until, Task.created_at <= until) if until else true()
    query = select(TaskFile.id).join(Task, Task.id == TaskFile.task_id)
    found = query.where(TaskFile.id > after, of_then).order_by(TaskFile.id).limit(1)
    with reading() as connection:
        return connection.scalar(found)


def files_of(task_id: int) -> list[int]:
    """Give the ids of a task's files, in the open transaction."""
    return list(run(select(TaskFile.id).where(TaskFile.task_id == task_id)).scalars())


def waits(file_id: int) -> bool:
    """Tell whether the task of a file is still at work, beside those who write."""
    with reading() as connection:
        return connection.execute(_needing(file_id)).first() is not None


def is_needed(file_id: int) -> bool:
    """Tell the same in the open transaction, and keep the file from being handed over until then."""
    owner = select(TaskFile.task_id).where(TaskFile.id == file_id).scalar_subquery()
    run(select(Task.id).where(Task.id == owner).with_for_update())
    return run(_needing(file_id)).first() is not None


def _needing(file_id: int) -> Select[int]:
    query = select(Task.id).join(TaskFile, TaskFile.task_id == Task.id)
    return query.where(TaskFile.id == file_id, AT_WORK)


def names_person(file_id: int, marks: Marks, beat: Callable[[], None]) -> bool:
    """Tell whether a file holds an address of the person; `beat` is called now and then."""
    with reading() as connection:
        name = connection.scalar(select(TaskFile.name).where(TaskFile.id == file_id))
    if marks.stand_in(name or ""):
        return True
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as copy:
        for part in _parts(file_id):
            copy.write(part)
        copy.seek(0)
        packed = copy.read(len(PACKED)) == PACKED
        copy.seek(0)
        for number, piece in enumerate(_unpacked(copy) if packed else _pieces(copy), start=1):
            if marks.inside(piece):
                return True
            if number % BEAT_AFTER == 0:
                beat()
    return False


def remove(file_id: int) -> None:
    """Delete a file whole in the open transaction; its task says why it is gone."""
    task_id = select(TaskFile.task_id).where(TaskFile.id == file_id).scalar_subquery()
    run(update(Task).where(Task.id == task_id).values(error=WHY))
    run(delete(TaskFile).where(TaskFile.id == file_id))


def _parts(file_id: int) -> Iterator[bytes]:
    """Give a file's content beside those who write, each part by itself."""
    part = TaskFilePart
    query = select(part.content, part.number).where(part.file_id == file_id)
    number = -1
    while True:
        with reading() as connection:
            beyond = query.where(part.number > number).order_by(part.number)
            found = connection.execute(beyond.limit(1)).first()
        if found is None:
            return
        number = found.number
        yield found.content


def _pieces(file: IO[bytes]) -> Iterator[str]:
    """Give a file in pieces, each with the end of the one before; the outermost have an edge."""
    edge = "\n" * EDGE
    before, tail, piece = edge, b"", file.read(PIECE)
    while piece:
        following = file.read(PIECE)
        yield before + _text(tail + piece) + ("" if following else edge)
        before, tail, piece = "", (tail + piece)[-OVERLAP:], following


def _text(content: bytes) -> str:
    """Read bytes in UTF-8, UTF-16 or an older code, as far as addresses go."""
    return content.replace(b"\0", b"").decode("utf-8", "replace")


def _unpacked(file: IO[bytes]) -> Iterable[str]:
    """Give what is inside a packed file; as it stands where it cannot be unpacked."""
    try:
        with zipfile.ZipFile(file) as book:
            for member in book.infolist():
                with book.open(member) as part:
                    yield from _pieces(part)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError):
        file.seek(0)
        yield from _pieces(file)
