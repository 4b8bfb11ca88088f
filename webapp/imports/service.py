"""Uploading a list of opt-outs, checking it again, and having it recorded."""

from __future__ import annotations

from typing import IO

from webapp.accounts.rules import Actor
from webapp.audit.service import record as audit
from webapp.core.errors import Conflict
from webapp.imports import checking, recording, uploads
from webapp.imports.lists import Reading
from webapp.imports.queries import upload_of
from webapp.tasks import service as tasks
from webapp.tasks.models import Task
from webapp.tasks.rules import TaskStatus

LONGEST_NOTE = 500


def upload(stream: IO[bytes], name: str, reading: Reading, note: str, actor: Actor) -> Task:
    """Keep a list and have it checked, in the open transaction. Raises Invalid, with the field.

    `stream` is read piece by piece, from its beginning: the transaction may be tried again.
    `note` says where the list comes from.
    """
    name, note = uploads.file_name(name), uploads.one_line(note, LONGEST_NOTE)
    task = _check(name, note, reading, actor)
    size = uploads.keep(task.id, stream, name)
    audit(actor, "opt_outs.uploaded", task_id=task.id, file=name, size=size)
    return task


def check_again(task_id: int, reading: Reading, actor: Actor) -> Task:
    """Have a list read in another way, in the open transaction. Raises NotFound or Conflict."""
    before = _check_that_stands(task_id)
    task = _check(before.params["file"], before.params["note"], reading, actor)
    return uploads.take_along(before, task)


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
    uploads.take_plan(check, task)
    audit(actor, "opt_outs.confirmed", task_id=task.id, file=check.params["file"], rows=total)
    return uploads.follow(check, task)


def _check(name: str, note: str, reading: Reading, actor: Actor) -> Task:
    params = {**reading.params(), "file": name, "note": note}
    return tasks.start(checking.KIND, f"Check {name}", actor, params)


def _check_that_stands(task_id: int) -> Task:
    return uploads.ensure_it_stands(upload_of(task_id), checking.KIND)
