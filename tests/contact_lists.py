"""Lists of contacts for the tests: uploaded, checked and recorded, as a person has it done."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from tests.lists import marketer, run
from webapp.contacts.models import Contact
from webapp.core.db import db, transaction
from webapp.imports import contact_service, stores
from webapp.imports.contact_reading import ContactReading
from webapp.tasks import files
from webapp.tasks.models import Task
from webapp.tasks.rules import TaskStatus

RECORD = {
    "how": "Web form",
    "when": "2026-01-02T10:00:00+00:00",
    "where": "shop.example",
    "wording": "Yes, message me.",
}


def looked_at(content: bytes | str, *, name: str = "people.csv", region: str | None = None) -> Task:
    """Upload a list and let it be looked at."""
    raw, who = content.encode() if isinstance(content, str) else content, marketer()
    task = transaction(
        lambda: contact_service.upload(io.BytesIO(raw), name, region, "Europe/Berlin", who)
    )
    return run(task.id)


def check_of(look: Task, **changes: Any) -> int:
    """Have a list checked as it was guessed, but for `changes`; gives the task."""
    assert look.status is TaskStatus.DONE, look.error
    reading, who = replace(ContactReading.of(look.result["reading"]), **changes), marketer()
    return transaction(lambda: contact_service.check(look.id, reading, who)).id


def checked(content: bytes | str, *, region: str | None = None, **changes: Any) -> Task:
    """Upload a list and check it."""
    return run(check_of(looked_at(content, region=region), **changes))


def confirm(check_id: int) -> int:
    """Confirm a check; gives the task that records."""
    who = marketer()
    return transaction(lambda: contact_service.record(check_id, who)).id


def recorded(content: bytes | str, *, region: str | None = None, **changes: Any) -> Task:
    """Upload a list, check it and record it."""
    check = checked(content, region=region, **changes)
    assert check.status is TaskStatus.DONE, check.error
    return run(confirm(check.id))


def refusals(task: Task) -> list[str]:
    """Give the lines of the refused rows, without their header."""
    file = files.file_of(task.id, stores.REFUSED)
    text = b"".join(files.pieces_of(file.id)).decode("utf-8-sig")
    return text.splitlines()[1:]


def people() -> dict[str, Contact]:
    """Give all contacts by name, as they stand now."""
    db.session.rollback()
    found = {who.name: who for who in db.session.scalars(select(Contact))}
    db.session.expunge_all()
    db.session.rollback()
    return found
