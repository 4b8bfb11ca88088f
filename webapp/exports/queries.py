"""Reading exports."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from webapp.core.db import db
from webapp.core.dialect import database_now
from webapp.core.errors import NotFound
from webapp.exports.models import ExportSchedule
from webapp.exports.rules import KINDS, MAILED, ROLE
from webapp.tasks import files, queries
from webapp.tasks.models import Task, TaskFile
from webapp.tasks.service import FILES_KEPT

SHOWN = 100


@dataclass(frozen=True)
class Export:
    """A file that was made, or is: its task, and the file once it is whole."""

    task: Task
    file: TaskFile | None


@dataclass(frozen=True)
class Planned:
    """A planned export with the task that sent it last, or tries to."""

    schedule: ExportSchedule
    task: Task | None


def recent() -> list[Export]:
    """Give the exports whose files are still kept, the newest first."""
    oldest = database_now(db.session()) - FILES_KEPT
    found = [task for task in queries.recent(KINDS, SHOWN) if task.created_at > oldest]
    ours = TaskFile.task_id.in_([task.id for task in found])
    made = db.session.scalars(select(TaskFile).where(ours, TaskFile.role == ROLE))
    by_task = {file.task_id: file for file in made}
    return [Export(task, by_task.get(task.id)) for task in found]


def schedules() -> list[ExportSchedule]:
    """Give all planned exports, in the order in which they were made."""
    return list(db.session.scalars(select(ExportSchedule).order_by(ExportSchedule.id)))


def schedule_of(schedule_id: int, *, held: bool = False) -> ExportSchedule:
    """Give a planned export as it stands now, `held` until the open transaction ends.

    Raises NotFound.
    """
    found = db.session.get(
        ExportSchedule, schedule_id, populate_existing=True, with_for_update=held or None
    )
    if found is None:
        raise NotFound("That planned export is not there any more.")
    return found


def under_way(schedule_id: int) -> list[int]:
    """Give the tasks, by id, that are still to mail a planned export."""
    unfinished = Task.status.in_(queries.UNFINISHED) & (Task.kind == MAILED)
    found = db.session.scalars(select(Task).where(unfinished).order_by(Task.id))
    return [task.id for task in found if task.params["schedule_id"] == schedule_id]


def planned() -> list[Planned]:
    """Give all planned exports."""
    found = schedules()
    ids = [schedule.last_task_id for schedule in found if schedule.last_task_id is not None]
    by_id = {task.id: task for task in db.session.scalars(select(Task).where(Task.id.in_(ids)))}
    return [Planned(one, by_id.get(one.last_task_id or 0)) for one in found]


def file_of(task_id: int) -> TaskFile:
    """Give the file of an export. Raises NotFound."""
    if queries.task_of(task_id).kind not in KINDS:
        raise NotFound("That export is not there.")
    return files.file_of(task_id, ROLE)
