"""Uploading a list of opt-outs, checking it again, and having it recorded."""

from __future__ import annotations

from typing import IO

from webapp.accounts.rules import Actor
from webapp.audit.service import record as audit
from webapp.core.db import db
from webapp.core.errors import Conflict, Invalid
from webapp.imports import checking, recording, stores
from webapp.imports.lists import Reading
from webapp.imports.queries import upload_of
from webapp.tasks import files
from webapp.tasks import service as tasks
from webapp.tasks.models import Task
from webapp.tasks.rules import TaskStatus

MOST_BYTES = 50 * 1024 * 1024
LONGEST_NOTE = 500
TAKEN = "Somebody has gone on with this list already, or it is no longer kept. Upload it again."


def upload(stream: IO[bytes], name: str, reading: Reading, note: str, actor: Actor) -> Task:
    """Keep a list and have it checked, in the open transaction. Raises Invalid, with the field.

    `stream` is read piece by piece, from its beginning: the transaction may be tried again.
    `note` says where the list comes from.
    """
    name, note = file_name(name), _plain(note, LONGEST_NOTE)
    task = _check(name, note, reading, actor)
    size = keep(task.id, stream, name)
    audit(actor, "opt_outs.uploaded", task_id=task.id, file=name, size=size)
    return task


def file_name(text: str) -> str:
    """Give what an uploaded file is called, of the name that a browser sent."""
    return _plain(text.replace("\\", "/").rsplit("/")[-1], 150) or "list"


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


def check_again(task_id: int, reading: Reading, actor: Actor) -> Task:
    """Have a list read in another way, in the open transaction. Raises NotFound or Conflict."""
    before = _check_that_stands(task_id)
    task = _check(before.params["file"], before.params["note"], reading, actor)
    if not files.hand_over(before.id, stores.UPLOAD, task.id):
        raise Conflict(TAKEN)
    if before.result.get("unpacked") or before.params.get("unpacked"):
        files.hand_over(before.id, stores.ROWS, task.id)
        task.params = {**task.params, "unpacked": True}
    if not before.status.ended:
        tasks.cancel(before.id)
    return follow(before, task)


def record(task_id: int, actor: Actor) -> Task:
    """Have a checked list recorded, in the open transaction. Raises NotFound or Conflict."""
    check = _check_that_stands(task_id)
    if check.status is not TaskStatus.DONE:
        raise Conflict("This list has not been checked to its end.")
    said = check.result
    total = sum(said.get(outcome, 0) for outcome in ("out", "stands", "already"))
    params = {"file": check.params["file"], "note": check.params["note"], "check": check.id}
    title = f"Opt out everybody in {check.params['file']}"
    task = tasks.start(recording.KIND, title, actor, params, total=total)
    if not files.hand_over(check.id, stores.PLAN, task.id):
        raise Conflict(TAKEN)
    audit(actor, "opt_outs.confirmed", task_id=task.id, file=check.params["file"], rows=total)
    return follow(check, task)


def too_large() -> str:
    """Say that a file is too large, and what to do."""
    return f"A list may be up to {MOST_BYTES // 1024**2} MB. Cut this one into several files."


def _check(name: str, note: str, reading: Reading, actor: Actor) -> Task:
    params = {**reading.params(), "file": name, "note": note}
    return tasks.start(checking.KIND, f"Check {name}", actor, params)


def _check_that_stands(task_id: int) -> Task:
    """Give a check that nobody has gone on with, locked: of two who would, one finds it gone."""
    task = upload_of(task_id)
    db.session.refresh(task, with_for_update=True)
    if task.kind != checking.KIND or "next" in task.params:
        raise Conflict(TAKEN)
    return task


def follow(before: Task, task: Task) -> Task:
    """Remember which task went on with the list."""
    before.params = {**before.params, "next": task.id}
    db.session.flush()
    return task


def _plain(text: str, longest: int) -> str:
    """Give a text in one line, without what no database can hold."""
    return " ".join(text.replace("\x00", "").split())[:longest]
