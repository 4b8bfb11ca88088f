"""An uploaded list, whatever its rows hold: kept once, and handed on from task to task."""

from __future__ import annotations

from collections.abc import Collection
from typing import IO

from webapp.core.db import db
from webapp.core.errors import Conflict, Invalid, NotFound
from webapp.imports import stores
from webapp.tasks import files, queries
from webapp.tasks import service as tasks
from webapp.tasks.models import Task

MOST_BYTES = 50 * 1024 * 1024
LONGEST_NAME = 150
TAKEN = "Somebody has gone on with this list already, or it is no longer kept. Upload it again."


def file_name(text: str) -> str:
    """Give what an uploaded file is called, of the name that a browser sent."""
    return one_line(text.replace("\\", "/").rsplit("/")[-1], LONGEST_NAME) or "list"


def one_line(text: str, longest: int) -> str:
    """Give a text in one line of so many characters, without what no database can hold."""
    return " ".join(text.replace("\x00", "").split())[:longest]


def too_large() -> str:
    """Say that a file is too large, and what to do."""
    return f"A list may be up to {MOST_BYTES // 1024**2} MB. Cut this one into several files."


def keep(task_id: int, stream: IO[bytes], name: str) -> int:
    """Keep what was uploaded for a task, in the open transaction; gives its size in bytes.

    `stream` is read piece by piece, from its beginning. Raises Invalid, with the field.
    """
    stream.seek(0)
    file_id = files.begin(task_id, stores.UPLOAD, name, "application/octet-stream")
    size = 0
    while piece := stream.read(files.PART):
        size += len(piece)
        if size > MOST_BYTES:
            raise Invalid(too_large(), field="file")
        files.append(file_id, piece)
    if not size:
        raise Invalid("This file is empty.", field="file")
    return size


def task_of(task_id: int, kinds: Collection[str], absent: str) -> Task:
    """Give a task of one of these kinds. Raises NotFound, with the sentence `absent`."""
    task = queries.task_of(task_id)
    if task.kind not in kinds:
        raise NotFound(absent)
    return task


def check_of(task: Task) -> Task | None:
    """Give the check that a recording followed, or the check itself; None where it is forgotten."""
    if "check" not in task.params:
        return task
    try:
        return queries.task_of(task.params["check"])
    except NotFound:
        return None


def ensure_it_stands(task: Task, kind: str) -> Task:
    """Give a check, a task of `kind`, locked: of two who would go on with it, one finds it gone.

    Raises Conflict where somebody has gone on with it, or where it is no check.
    """
    db.session.refresh(task, with_for_update=True)
    if task.kind != kind or "next" in task.params:
        raise Conflict(TAKEN)
    return task


def take_along(before: Task, task: Task) -> Task:
    """Hand the list of a check to the task that checks it anew, in the open transaction.

    Cancels the check where it still goes on. Raises Conflict where the list is no longer kept.
    """
    if not files.hand_over(before.id, stores.UPLOAD, task.id):
        raise Conflict(TAKEN)
    if before.result.get("unpacked") or before.params.get("unpacked"):
        files.hand_over(before.id, stores.ROWS, task.id)
        task.params = {**task.params, "unpacked": True}
    if not before.status.ended:
        tasks.cancel(before.id)
    return follow(before, task)


def take_plan(check: Task, task: Task) -> None:
    """Hand the plan of a check to the task that records it, in the open transaction.

    Raises Conflict where it is no longer kept.
    """
    if not files.hand_over(check.id, stores.PLAN, task.id):
        raise Conflict(TAKEN)


def follow(before: Task, task: Task) -> Task:
    """Remember which task went on with the list; gives that task."""
    before.params = {**before.params, "next": task.id}
    db.session.flush()
    return task
