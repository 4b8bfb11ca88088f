"""Importing contacts from a CSV file: from the upload to the last one recorded, rows a second.

The dry run counts too: nobody imports without it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from random import randrange
from statistics import mean
from time import perf_counter

from sqlalchemy import func, select, text

from bench.figures import Figure, Target
from bench.fill import settle
from bench.floors.load import load_bare
from bench.places import Place
from jobs.tasks import RUNNERS
from webapp.accounts.models import User
from webapp.accounts.rules import Role
from webapp.contacts.models import Contact
from webapp.core.db import db, transaction
from webapp.imports import contact_service
from webapp.imports.contact_reading import ContactReading
from webapp.tasks import queries
from webapp.tasks import service as tasks
from webapp.tasks.models import Task
from webapp.tasks.rules import TaskStatus

TARGETS = {
    "import": Target(
        "Import of half as many contacts as there are (500,000 at a million)",
        0.3,
        at_least=True,
        largest_only=True,
    )
}
REGION = "DE"
LEAST = 5_000


def run(places: Sequence[Place]) -> list[Figure]:
    """Measure on each size, once: as many rows as half of its contacts. Leaves it as it was."""
    return [_measure(place) for place in places]


def _measure(place: Place) -> Figure:
    rows = max(place.contacts // 2, LEAST)
    content = list_of(rows)
    bare = [_bare(place, content, rows)]
    with place.app.app_context():
        highest = db.session.scalar(select(func.max(Contact.id))) or 0
        db.session.rollback()
        begun = perf_counter()
        task = imported(content)
        heed = perf_counter() - begun
    try:
        assert task.status is TaskStatus.DONE, task.error
        assert task.result["created"] == rows, task.result
    finally:
        _take_back(place, highest)
    # Before and after: the machine is not as fast at all times, nor is a table that has grown.
    bare.append(_bare(place, content, rows))
    named = (place.database, place.contacts)
    return Figure("import", *named, "rows/s", rows / heed, rows / mean(bare), turns=1)


def _bare(place: Place, content: bytes, rows: int) -> float:
    begun = perf_counter()
    assert load_bare(place, content, REGION) == rows, "rows are missing"
    taken = perf_counter() - begun
    settle(place.engine)
    return taken


def list_of(rows: int) -> bytes:
    """Write a CSV file of so many people whom nobody knows; every other number is a national one."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(("Name", "Mobile", "Email"))
    first = randrange(90) * 1_000_000  # others than those that a run which broke off left
    for n in range(first, first + rows):
        number = f"0176 {n:08}" if n % 2 else f"+49176{n:08}"
        writer.writerow((f"Kim Number{n % 9973}", number, f"kim.{n}@import.example"))
    return buffer.getvalue().encode()


def imported(content: bytes) -> Task:
    """Have a list looked at, checked and recorded; gives the last task as it ended."""
    wanted = select(User).where(User.role == Role.MARKETER).limit(1)
    who = transaction(lambda: db.session.scalars(wanted).one().actor())
    stream = io.BytesIO(content)
    task = transaction(
        lambda: contact_service.upload(stream, "people.csv", REGION, "Europe/Berlin", who)
    )
    look = _ended(task.id)
    reading = ContactReading.of(look.result["reading"])
    check = _ended(transaction(lambda: contact_service.check(look.id, reading, who)).id)
    return _ended(transaction(lambda: contact_service.record(check.id, who)).id)


def _ended(task_id: int) -> Task:
    """Let a task run to its end, as a worker does; gives it."""
    while True:
        tasks.run(task_id, RUNNERS)
        task = transaction(lambda: queries.task_of(task_id))
        if task.status.ended:
            return task


def _take_back(place: Place, highest: int) -> None:
    with place.engine.begin() as connection:
        for table, column in (("activities", "contact_id"), ("contacts", "id")):
            gone = f"DELETE FROM {table} WHERE {column} > :highest"
            connection.execute(text(gone), {"highest": highest})
        connection.execute(text("DELETE FROM tasks WHERE kind LIKE 'imports.contacts.%'"))
    settle(place.engine)
