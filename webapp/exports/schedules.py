"""Planned exports: the exclusion list by email, again and again; who plans them and what is due."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from webapp.accounts.rules import Actor, ActorKind
from webapp.audit.service import record
from webapp.contacts.rules import Channel, Source
from webapp.core.db import db, transaction
from webapp.core.dialect import database_now
from webapp.core.errors import Conflict, NotFound
from webapp.core.words import counted
from webapp.exports.models import ExportSchedule
from webapp.exports.queries import schedule_of, schedules
from webapp.exports.rules import MAILED
from webapp.exports.times import Every, Plan
from webapp.tasks import service as tasks
from webapp.tasks.models import Task

MOST = 50
# What is recorded takes a moment until it is committed. The next file begins where this one ends.
SETTLING = timedelta(minutes=2)


@dataclass(frozen=True)
class Wanted:
    """A planned export as a form asks for it; no channel or source stands for all of them."""

    name: str
    channel: Channel | None
    source: Source | None
    only_new: bool
    file_type: str
    recipients: tuple[str, ...]
    plan: Plan


def plan_of(schedule: ExportSchedule) -> Plan:
    """Give when a planned export is due."""
    zone = ZoneInfo(schedule.time_zone)
    return Plan(Every(schedule.every), schedule.on_day, schedule.at_hour, zone)


def add(wanted: Wanted, actor: Actor) -> ExportSchedule:
    """Plan an export, in the open transaction. Raises Conflict where there are many."""
    if len(schedules()) >= MOST:
        raise Conflict(f"There are {MOST} planned exports already. Delete one that nobody needs.")
    schedule = ExportSchedule(made_by=actor.name)
    _fill(schedule, wanted)
    db.session.add(schedule)
    db.session.flush()
    record(actor, "exports.planned", schedule_id=schedule.id, **_said(schedule))
    return schedule


def change(schedule_id: int, wanted: Wanted, actor: Actor) -> None:
    """Change a planned export, in the open transaction. Raises NotFound."""
    schedule = schedule_of(schedule_id, held=True)
    _fill(schedule, wanted)
    record(actor, "exports.plan_changed", schedule_id=schedule_id, **_said(schedule))


def pause(schedule_id: int, actor: Actor, *, active: bool) -> None:
    """Stop a planned export or let it go on, in the open transaction. Raises NotFound.

    What is under way stops too; what was due meanwhile is not made up for.
    """
    schedule = schedule_of(schedule_id, held=True)
    schedule.active = active
    schedule.next_at = plan_of(schedule).next_after(database_now(db.session())) if active else None
    if not active:
        _stop(schedule)
    action = "exports.plan_resumed" if active else "exports.plan_paused"
    record(actor, action, schedule_id=schedule_id, name=schedule.name)


def delete(schedule_id: int, actor: Actor) -> str:
    """Delete a planned export with what is under way, in the open transaction; gives its name.

    Raises NotFound.
    """
    schedule = schedule_of(schedule_id, held=True)
    _stop(schedule)
    record(actor, "exports.plan_deleted", schedule_id=schedule_id, name=schedule.name)
    db.session.delete(schedule)
    return schedule.name


def send_now(schedule_id: int, actor: Actor) -> Task:
    """Send a planned export out of its turn, in the open transaction. Raises NotFound.

    The next in its turn holds what it would have held.
    """
    schedule = schedule_of(schedule_id, held=True)
    record(actor, "exports.sent_now", schedule_id=schedule_id, **_said(schedule))
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
        **_said(schedule),
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


def _fill(schedule: ExportSchedule, wanted: Wanted) -> None:
    plan = wanted.plan
    params = {"channel": wanted.channel or "", "source": wanted.source or ""}
    if (schedule.params, schedule.only_new) != (params, wanted.only_new):
        schedule.covers_from = None  # another list: the next file begins anew
    schedule.name, schedule.params, schedule.only_new = wanted.name, params, wanted.only_new
    schedule.file_type, schedule.recipients = wanted.file_type, list(wanted.recipients)
    schedule.every, schedule.on_day, schedule.at_hour = plan.every, plan.on_day, plan.at_hour
    schedule.time_zone = plan.zone.key
    if schedule.active is not False:
        schedule.next_at = plan.next_after(database_now(db.session()))


def _said(schedule: ExportSchedule) -> dict[str, Any]:
    """Give what is sent to whom, as JSON."""
    return {
        "name": schedule.name,
        "list": schedule.params,
        "only_new": schedule.only_new,
        "file": schedule.file_type,
        "recipients": schedule.recipients,
        "zone": schedule.time_zone,
    }


def _stop(schedule: ExportSchedule) -> None:
    if schedule.last_task_id is not None:
        with suppress(Conflict, NotFound):
            tasks.cancel(schedule.last_task_id)
