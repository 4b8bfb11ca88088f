"""A file of a task, sent piece by piece once it is noted who took it."""

from __future__ import annotations

from flask import Response, stream_with_context

from webapp.accounts.access import actor
from webapp.audit.service import record
from webapp.core.db import db, transaction
from webapp.exports.rules import ROLE
from webapp.tasks import files
from webapp.tasks.models import TaskFile


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
