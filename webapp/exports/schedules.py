"""Planned exports: the exclusion list by email, again and again; planning and stopping them."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from webapp.accounts.rules import Actor
from webapp.audit.service import record
from webapp.contacts.rules import Channel, Source
from webapp.core.db import db
from webapp.core.dialect import database_now
from webapp.core.errors import Conflict, NotFound
from webapp.exports.models import ExportSchedule
from webapp.exports.queries import schedule_of, schedules, under_way
from webapp.exports.times import Every, Plan
from webapp.tasks import service as tasks

MOST = 50


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


def said(schedule: ExportSchedule) -> dict[str, Any]:
    """Give what is sent to whom, as JSON."""
    return {
        "name": schedule.name,
        "list": schedule.params,
        "only_new": schedule.only_new,
        "file": schedule.file_type,
        "recipients": schedule.recipients,
        "zone": schedule.time_zone,
    }


def add(wanted: Wanted, actor: Actor) -> ExportSchedule:
    """Plan an export, in the open transaction. Raises Conflict where there are many."""
    if len(schedules()) >= MOST:
        raise Conflict(f"There are {MOST} planned exports already. Delete one that nobody needs.")
    schedule = ExportSchedule(made_by=actor.name)
    _fill(schedule, wanted)
    db.session.add(schedule)
    db.session.flush()
    record(actor, "exports.planned", schedule_id=schedule.id, **said(schedule))
    return schedule


def change(schedule_id: int, wanted: Wanted, actor: Actor) -> bool:
    """Change a planned export, in the open transaction. Raises NotFound.

    What is under way stops, since it goes by what was asked before: tells whether something did.
    The next turn covers it.
    """
    schedule = schedule_of(schedule_id, held=True)
    stopped = _stop(schedule)
    _fill(schedule, wanted)
    record(actor, "exports.plan_changed", schedule_id=schedule_id, **said(schedule))
    return stopped


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


def _stop(schedule: ExportSchedule) -> bool:
    """Cancel all that is under way, also what was begun out of turn; tells whether there was any."""
    found = under_way(schedule.id)
    for task_id in found:
        with suppress(Conflict, NotFound):
            tasks.cancel(task_id)
    return bool(found)
