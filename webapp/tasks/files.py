"""The files of tasks, kept in the database in pieces."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import delete, func, insert, select, update

from webapp.core.db import db
from webapp.core.errors import NotFound
from webapp.tasks.models import TaskFile, TaskFilePart
from webapp.tasks.rules import DRAFT

PART = 1024 * 1024  # bytes


def begin(task_id: int, role: str, name: str, content_type: str) -> int:
    """Add an empty file to a task in the open transaction; gives its id.

    Another of the same role goes away: it was left by an attempt that did not end.
    """
    same = (TaskFile.task_id == task_id) & (TaskFile.role == role)
    db.session.execute(delete(TaskFile).where(same))
    file = TaskFile(task_id=task_id, role=role, name=name[:200], content_type=content_type)
    db.session.add(file)
    db.session.flush()
    return file.id


def publish(file_id: int, role: str) -> None:
    """Give a file that was made as a DRAFT its role, in the open transaction: it is whole."""
    db.session.execute(
        update(TaskFile)
        .where(TaskFile.id == file_id)
        .values(role=role)
        .execution_options(synchronize_session=False)
    )


def append(file_id: int, content: bytes) -> None:
    """Add to the end of a file in the open transaction; up to some megabytes a call."""
    last = select(func.max(TaskFilePart.number)).where(TaskFilePart.file_id == file_id)
    first = (db.session.scalar(last) or 0) + 1
    parts = [content[start : start + PART] for start in range(0, len(content), PART)]
    if not parts:
        return
    db.session.execute(
        insert(TaskFilePart),
        [
            {"file_id": file_id, "number": number, "content": part}
            for number, part in enumerate(parts, start=first)
        ],
    )
    db.session.execute(
        update(TaskFile)
        .where(TaskFile.id == file_id)
        .values(size=TaskFile.size + len(content))
        .execution_options(synchronize_session=False)
    )


def file_of(task_id: int, role: str) -> TaskFile:
    """Give a task's file of a role. Raises NotFound, also for one that is not whole yet."""
    found = db.session.scalars(
        select(TaskFile).where(
            TaskFile.task_id == task_id, TaskFile.role == role, TaskFile.role != DRAFT
        )
    ).first()
    if found is None:
        raise NotFound("That file is not there any more. Files are kept for a week.")
    return found


def has(task_id: int, role: str) -> bool:
    """Tell whether a task has a whole file of a role."""
    try:
        file_of(task_id, role)
    except NotFound:
        return False
    return True


def hand_over(task_id: int, role: str, to_task_id: int) -> bool:
    """Let another task have a file, in the open transaction; tells whether it was still there.

    Of two who ask at once one gets it.
    """
    moved = db.session.scalars(
        update(TaskFile)
        .where(TaskFile.task_id == task_id, TaskFile.role == role)
        .values(task_id=to_task_id)
        .returning(TaskFile.id)
        .execution_options(synchronize_session=False)
    )
    return bool(moved.all())


def parts_of(file_id: int) -> Iterator[bytes]:
    """Give a file's content, a piece at a time, each read by itself."""
    number = 0
    while True:
        number += 1
        part = db.session.scalar(
            select(TaskFilePart.content).where(
                TaskFilePart.file_id == file_id, TaskFilePart.number == number
            )
        )
        if part is None:
            return
        yield part


def pieces_of(file_id: int) -> Iterator[bytes]:
    """Give the same with no transaction open in between: for work that goes on for long."""
    for piece in parts_of(file_id):
        db.session.rollback()
        yield piece
    db.session.rollback()
