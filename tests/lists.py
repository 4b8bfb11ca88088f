"""Lists of opt-outs for the tests: uploaded, checked and recorded, as a person has it done."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from jobs.tasks import RUNNERS
from tests.people import add_user
from webapp.accounts.models import User
from webapp.accounts.rules import Actor, Role
from webapp.contacts.rules import Channel
from webapp.core.db import db, transaction
from webapp.imports import service, stores
from webapp.imports.lists import Reading
from webapp.tasks import files, queries
from webapp.tasks import service as tasks
from webapp.tasks.models import Task
from webapp.tasks.rules import TaskStatus

NUMBERS = (Channel.SMS,)


def marketer() -> Actor:
    """Give somebody who may import."""
    user = db.session.scalars(select(User)).first() or add_user(Role.MARKETER)
    found = user.actor()
    db.session.rollback()
    return found


def upload(
    content: bytes | str,
    channels: Iterable[Channel] = NUMBERS,
    *,
    name: str = "stops.csv",
    note: str = "",
    **reading: Any,
) -> int:
    """Upload a list; gives the task that checks it."""
    raw = content.encode() if isinstance(content, str) else content
    how, who = Reading(tuple(channels), **reading), marketer()
    task = transaction(lambda: service.upload(io.BytesIO(raw), name, how, note, who))
    return task.id


def run(task_id: int) -> Task:
    """Let a task run until it ends; gives it as it stands then."""
    while not queries.task_of(task_id).status.ended:
        db.session.rollback()
        tasks.run(task_id, RUNNERS)
    task = queries.task_of(task_id)
    db.session.expunge(task)
    db.session.rollback()
    return task


def checked(content: bytes | str, channels: Iterable[Channel] = NUMBERS, **more: Any) -> Task:
    """Upload a list and check it."""
    return run(upload(content, channels, **more))


def recorded(content: bytes | str, channels: Iterable[Channel] = NUMBERS, **more: Any) -> Task:
    """Upload a list, check it and record it."""
    check = checked(content, channels, **more)
    assert check.status is TaskStatus.DONE, check.error
    return run(confirm(check.id))


def confirm(check_id: int) -> int:
    """Confirm a check; gives the task that records."""
    who = marketer()
    return transaction(lambda: service.record(check_id, who)).id


def refusals(check: Task) -> list[str]:
    """Give the lines of the refused rows, without their header."""
    file = files.file_of(check.id, stores.REFUSED)
    text = b"".join(files.pieces_of(file.id)).decode("utf-8-sig")
    return text.splitlines()[1:]
