"""Reading tasks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select

from webapp.core.db import db
from webapp.core.errors import NotFound
from webapp.tasks.models import Task, TaskFile
from webapp.tasks.rules import DRAFT, NAMELESS, TaskStatus

SILENT = timedelta(seconds=60)  # after which the process of a running task is taken for dead
UNFINISHED = (TaskStatus.WAITING, TaskStatus.RUNNING)


def free(now: datetime) -> ColumnElement[bool]:
    """Give the condition "waits for somebody to go on with it"."""
    silent = or_(Task.lease.is_(None), Task.beat_at < now - SILENT)
    return and_(Task.status.in_(UNFINISHED), silent)


def task_of(task_id: int) -> Task:
    """Give a task as it stands now. Raises NotFound."""
    task = db.session.get(Task, task_id, populate_existing=True)
    if task is None:
        raise NotFound("That task is not there. Old ones are cleared away.")
    return task


def recent(kinds: Sequence[str] = (), limit: int = 50) -> list[Task]:
    """Give the newest tasks, of some kinds or of all."""
    query = select(Task).order_by(Task.id.desc()).limit(limit)
    return list(db.session.scalars(query.where(Task.kind.in_(kinds)) if kinds else query))


def running(limit: int = 5) -> list[Task]:
    """Give tasks that have not ended, the oldest first."""
    query = select(Task).where(Task.status.in_(UNFINISHED)).order_by(Task.id).limit(limit)
    return list(db.session.scalars(query))


def files_of(task_id: int) -> list[TaskFile]:
    """Give the files of a task that are whole and for people, in the order in which they came."""
    ours = (TaskFile.task_id == task_id, TaskFile.role != DRAFT, TaskFile.name != NAMELESS)
    return list(db.session.scalars(select(TaskFile).where(*ours).order_by(TaskFile.id)))
