"""Waking tasks: the job that takes one up, and finding those that nobody takes up."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from webapp.core.db import db
from webapp.core.dialect import database_now
from webapp.core.queue import jobs
from webapp.tasks.models import Task
from webapp.tasks.queries import free

RUN = "jobs.tasks.run"
REST = timedelta(seconds=5)  # before somebody looks whether a free task was forgotten
AGAIN = timedelta(minutes=10)  # where the job that was to take a task up never did


def job_id(task_id: int, free_since: datetime, waited: timedelta = timedelta()) -> str:
    """Give the id of the RQ job that wakes a task.

    It is another one each time that the task is free anew: what a killed worker had in hand keeps
    its id for hours, and RQ takes no second job of that id. Else it stays the same, so that nobody
    who wakes the task again meanwhile adds to the queue.
    """
    moment = round(free_since.timestamp() * 1_000_000)
    return f"task-{task_id}-{moment}-{waited // AGAIN}"


def wake(task_id: int, free_since: datetime, waited: timedelta = timedelta()) -> None:
    """Queue a task that is free, and has been since then, unless it is queued already."""
    jobs().enqueue(RUN, task_id, job_id=job_id(task_id, free_since, waited))


def wake_forgotten() -> int:
    """Wake tasks whose job was lost or whose process died; gives how many."""
    now = database_now(db.session())
    rested = Task.beat_at < now - REST
    query = select(Task.id, Task.beat_at).where(free(now), rested).limit(100)
    found = db.session.execute(query).all()
    db.session.rollback()
    for task_id, beat_at in found:
        wake(task_id, beat_at, now - beat_at)
    return len(found)
