"""Sending planned exports: those whose time has come, others out of turn, and what that covers."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from webapp.accounts.rules import Actor, ActorKind
from webapp.audit.service import record
from webapp.core.db import db, transaction
from webapp.core.dialect import database_now
from webapp.core.errors import NotFound
from webapp.core.words import counted
from webapp.exports.models import ExportSchedule
from webapp.exports.queries import schedule_of
from webapp.exports.rules import MAILED
from webapp.exports.schedules import plan_of, said
from webapp.tasks import service as tasks
from webapp.tasks.models import Task

# What is recorded takes a moment until it is committed. The next file begins where this one ends.
SETTLING = timedelta(minutes=2)


def send_now(schedule_id: int, actor: Actor) -> Task:
    """Send a planned export out of its turn, in the open transaction. Raises NotFound.

    The next in its turn holds what it would have held.
    """
    schedule = schedule_of(schedule_id, held=True)
    record(actor, "exports.sent_now", schedule_id=schedule_id, **said(schedule))
    return _start(schedule, actor, database_now(db.session()), in_turn=False)


def start_due() -> int:
    """Start whatever is due, each in a transaction of its own; gives how many.

    The due time moves on in the transaction that starts the task, with the row held, so that each
    is started once whoever looks. What was missed while nothing ran is made up for once.
    """
    due = ExportSchedule.active & (ExportSchedule.next_at <= database_now(db.session()))
    found = list(db.session.scalars(select(ExportSchedule.id).where(due)))
    db.session.rollback()
    return sum(transaction(lambda one=one: _start_one(one)) for one in found)  # type: ignore[misc]


def covered(schedule_id: int, params: Mapping[str, Any], until: datetime) -> None:
    """Let the next file of a planned export begin where this one ended, in the open transaction.

    `params` are of the task that mailed it: nothing happens where the planned export is gone, asks
    for another list by now, or does not go by what is new.
    """
    with suppress(NotFound):
        schedule = schedule_of(schedule_id, held=True)
        same = (schedule.params, schedule.only_new) == (params["list"], params["only_new"])
        if same and schedule.only_new:
            schedule.covers_from = max(until, schedule.covers_from or until)


def _start_one(schedule_id: int) -> bool:
    with suppress(NotFound):
        schedule, now = schedule_of(schedule_id, held=True), database_now(db.session())
        if schedule.active and schedule.next_at is not None and schedule.next_at <= now:
            schedule.next_at = plan_of(schedule).next_after(now)
            planned = Actor(ActorKind.SYSTEM, None, f"Planned by {schedule.made_by}")
            _start(schedule, planned, now, in_turn=True)
            return True
    return False


def _start(schedule: ExportSchedule, actor: Actor, now: datetime, *, in_turn: bool) -> Task:
    """Begin the task that makes and mails the file; it keeps all that it needs."""
    since = schedule.covers_from
    until = now - SETTLING
    params: dict[str, Any] = {
        **said(schedule),
        "schedule_id": schedule.id,
        "in_turn": in_turn,
        "plan": plan_of(schedule).said(),
        "made_by": schedule.made_by,
        "since": since.isoformat() if since else "",
        "until": (max(since, until) if since else until).isoformat(),
    }
    title = f"Email “{schedule.name}” to {counted(len(schedule.recipients), 'recipient')}"
    task = tasks.start(MAILED, title, actor, params)
    schedule.last_task_id, schedule.last_error = task.id, ""
    return task
