"""Reading uploads."""

from __future__ import annotations

from itertools import islice

from webapp.imports import checking, contact_queries, recording, stores
from webapp.imports.tables import Form, rows_of
from webapp.imports.uploads import task_of
from webapp.tasks import files, queries
from webapp.tasks.models import Task

KINDS = (checking.KIND, recording.KIND)
SHOWN = 100


def uploads(limit: int = 50) -> list[Task]:
    """Give the newest uploads of every kind, each as the task that has it now."""
    found = queries.recent((*KINDS, *contact_queries.KINDS), limit * 3)
    return [task for task in found if "next" not in task.params][:limit]


def upload_of(task_id: int) -> Task:
    """Give a task that checks or records a list. Raises NotFound."""
    return task_of(task_id, KINDS, "That upload is not there.")


def refused_rows(task_id: int, limit: int = SHOWN) -> list[list[str]]:
    """Give the first refused rows of a check: number, reason, cells. Raises NotFound."""
    file = files.file_of(task_id, stores.REFUSED)
    return list(islice(rows_of(files.parts_of(file.id), Form(skip=1)), 1, limit + 1))
