"""Whose a task is, and its files: sent piece by piece once it is noted who took them."""

from __future__ import annotations

from flask import Response, stream_with_context

from webapp.accounts.access import actor, allowed
from webapp.accounts.rules import Right
from webapp.audit.service import record
from webapp.core.db import db, transaction
from webapp.core.errors import Forbidden
from webapp.exports.rules import ROLE
from webapp.tasks import files
from webapp.tasks.models import Task, TaskFile

NOT_YOURS = "Only who started it, or an admin, can do this."


def has_started(task: Task) -> bool:
    """Tell whether whoever asks started a task."""
    who = actor()
    return (task.actor_kind, task.actor_id) == (who.kind, who.id)


def is_mine(task: Task) -> bool:
    """Tell whether whoever asks may stop a task and have its files: who started it, or an admin."""
    return allowed(Right.WORK) and (has_started(task) or allowed(Right.ADMINISTER))


def ensure_mine(task: Task) -> None:
    """Raise Forbidden unless whoever asks may stop a task and have its files."""
    if not is_mine(task):
        raise Forbidden(NOT_YOURS)


def send_file(found: TaskFile) -> Response:
    """Send a file of a task to whoever asks, who has been found to have the right to it.

    Commits a note of it to the audit log before: `exports.downloaded` for an export's file,
    `task.file_downloaded` for any other.
    """
    who, task_id, role, name = actor(), found.task_id, found.role, found.name
    size, kind, file_id = found.size, found.content_type, found.id
    action = "exports.downloaded" if role == ROLE else "task.file_downloaded"
    db.session.rollback()  # on SQLite a transaction that has read may not write
    transaction(lambda: record(who, action, task_id=task_id, file=name))
    answer = Response(stream_with_context(files.parts_of(file_id)), content_type=kind)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    answer.content_length = size
    return answer
