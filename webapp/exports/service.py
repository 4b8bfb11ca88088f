"""Lists as Excel files: at once where they are small, else as a task."""

from __future__ import annotations

from webapp.accounts.rules import Actor
from webapp.exports.asked import Asked
from webapp.exports.lists import Listed
from webapp.exports.rules import WORKBOOK
from webapp.tasks import queries
from webapp.tasks import service as tasks
from webapp.tasks.models import Task

AT_ONCE = 5_000  # rows that a request may write into an Excel file: a fraction of a second


def is_small(listed: Listed) -> bool:
    """Tell whether an Excel file of this list can be made while somebody waits."""
    return listed.count(at_most=AT_ONCE) <= AT_ONCE


def start_workbook(asked: Asked, actor: Actor) -> Task:
    """Begin a task that makes an Excel file, in the open transaction.

    Where the same person's task for the same is still to end, that one is given.
    """
    params = asked.as_json()
    for task in queries.recent([WORKBOOK]):
        same = (task.actor_kind, task.actor_id, task.params) == (actor.kind, actor.id, params)
        if same and not task.status.ended:
            return task
    return tasks.start(WORKBOOK, asked.title, actor, params)
