"""Reading imports of contacts."""

from __future__ import annotations

from webapp.core.errors import NotFound
from webapp.imports import contact_checking, contact_recording
from webapp.tasks import queries
from webapp.tasks.models import Task

KINDS = (contact_checking.KIND, contact_recording.KIND)


def upload_of(task_id: int) -> Task:
    """Give a task that checks or records a list of contacts. Raises NotFound."""
    task = queries.task_of(task_id)
    if task.kind not in KINDS:
        raise NotFound("That import is not there.")
    return task


def check_of(task: Task) -> Task | None:
    """Give the check that a recording followed, or the check itself; None where it is forgotten."""
    if task.kind == contact_checking.KIND:
        return task
    try:
        return queries.task_of(task.params["check"])
    except NotFound:
        return None
