"""Uploading a list of contacts, checking it, and having it recorded."""

from __future__ import annotations

from dataclasses import replace
from typing import IO

from webapp.accounts.rules import Actor, Right
from webapp.audit.service import record as audit
from webapp.contacts.definitions import definitions
from webapp.contacts.rules import State
from webapp.core.errors import Conflict
from webapp.imports import contact_checking, contact_recording, stores, uploads
from webapp.imports.contact_queries import upload_of
from webapp.imports.contact_reading import ContactReading
from webapp.tasks import files
from webapp.tasks import service as tasks
from webapp.tasks.models import Task
from webapp.tasks.rules import TaskStatus

CONSENT_RIGHTS = {State.OPTED_IN: Right.OPT_IN, State.OPTED_OUT: Right.OPT_OUT}


def upload(stream: IO[bytes], name: str, region: str | None, zone: str, actor: Actor) -> Task:
    """Keep a list and look at it, in the open transaction; what its columns hold is guessed.

    `stream` is read piece by piece, from its beginning: the transaction may be tried again.
    Raises Invalid, with the field.
    """
    name = uploads.file_name(name)
    known = tuple((definition.name, definition.label) for definition in definitions())
    reading = ContactReading(region, zone, known=known)
    params = {**reading.params(), "file": name, contact_checking.LOOK: True}
    task = tasks.start(contact_checking.KIND, f"Read {name}", actor, params)
    size = uploads.keep(task.id, stream, name)
    audit(actor, "contacts.uploaded", task_id=task.id, file=name, size=size)
    return task


def check(task_id: int, reading: ContactReading, actor: Actor) -> Task:
    """Have a list checked as it is to be read, in the open transaction.

    Raises NotFound, or Conflict where somebody has gone on with it.
    """
    before = _that_stands(task_id)
    params = {
        **reading.params(),
        "file": before.params["file"],
        contact_checking.UPLOADED: _uploaded(before),
    }
    task = tasks.start(contact_checking.KIND, f"Check {before.params['file']}", actor, params)
    return uploads.take_along(before, task)


def record(task_id: int, actor: Actor) -> Task:
    """Have a checked list recorded, in the open transaction. Raises NotFound or Conflict."""
    check = _that_stands(task_id)
    if check.status is not TaskStatus.DONE or check.params.get(contact_checking.LOOK):
        raise Conflict("This list has not been checked to its end.")
    name, total = check.params["file"], check.result.get("rows", 0)
    reading = replace(ContactReading.of(check.result["reading"]), samples=())
    params = {
        "file": name,
        "check": check.id,
        "reading": reading.params(),
        contact_checking.UPLOADED: _uploaded(check),
    }
    task = tasks.start(
        contact_recording.KIND,
        f"Import contacts from {name}",
        actor,
        params,
        total=total + check.result.get("nos", 0),
    )
    uploads.take_plan(check, task)
    files.hand_over(check.id, stores.REFUSED, task.id)
    audit(actor, "contacts.import_confirmed", task_id=task.id, file=name, rows=total)
    return uploads.follow(check, task)


def rights_needed(check: Task) -> list[Right]:
    """Give the rights that recording a checked list takes beside that to work."""
    return [
        right for state, right in CONSENT_RIGHTS.items() if check.result.get(f"asks.{state}", 0)
    ]


def _uploaded(before: Task) -> str:
    """Say when the list of a task came: who was erased since is in it, and stays erased."""
    said: str | None = before.params.get(contact_checking.UPLOADED)
    return said or before.created_at.isoformat()


def _that_stands(task_id: int) -> Task:
    return uploads.ensure_it_stands(upload_of(task_id), contact_checking.KIND)
