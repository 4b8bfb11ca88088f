"""The task that follows an erasure: it searches the copies that no key leads to, bit by bit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from webapp.accounts.rules import Actor
from webapp.consent.locks import lock_keys
from webapp.core.db import run, transaction
from webapp.core.reading import reading
from webapp.privacy import files
from webapp.privacy.forgetting import Trail, being_sent, forget
from webapp.privacy.marks import Marks
from webapp.privacy.places import ITEMS, KIND, PLACES, TASKS, WEBHOOKS, Place, Row
from webapp.tasks import service as tasks
from webapp.tasks.models import Task
from webapp.tasks.queries import UNFINISHED
from webapp.tasks.rules import WHILE_AT_WORK
from webapp.tasks.work import PutOff, Step, Work

ROWS = 500  # read at once
WRITTEN = 50  # at most in one transaction
SOON = timedelta(seconds=2)
FIRST_PAUSE, LONGEST_PAUSE = 30, 600  # seconds
FILES = "files"  # among what waits

Waiting = dict[str, list[Any]]  # by table, the keys of rows; the ids of files


def start(erasure_id: int, trail: Trail, marks: Marks, actor: Actor) -> int:
    """Start the search in the open transaction; gives the task's id.

    The task knows what it looks for until it ends, in whatever way, and forgets it then.
    """
    sought = {
        "keys": [key.hex() for key in trail.keys],
        "until": trail.until.isoformat() if trail.until else None,
        "marks": marks.as_json(),
    }
    who = f"contact {trail.contact_id}" if trail.contact_id else "what a backup brought back"
    params = {"erasure": erasure_id, WHILE_AT_WORK: sought}
    return tasks.start(KIND, f"Erase {who} everywhere", actor, params).id


def trace(work: Work) -> None:
    """Search every place and file once; what is still at work is looked at again later, alone."""
    marks, trail = _sought(work.params)
    if marks:
        if "waiting" not in work.position:
            work.note(lambda: Step(position={"waiting": {TASKS.name: _at_work(trail)}}))
        for place in PLACES:
            _read(work, place, marks, trail.until)
        _read_files(work, marks, trail.until)
        _look_again(work, marks)
    if transaction(lambda: being_sent(trail)):
        raise PutOff(SOON)
    if any(work.position.get("waiting", {}).values()):
        pause = min(work.position.get("pause", FIRST_PAUSE), LONGEST_PAUSE)
        work.note(lambda: Step(position={**work.position, "pause": pause * 2}))
        raise PutOff(timedelta(seconds=pause))
    if marks:
        _read(work, ITEMS, marks, None)
    work.note(lambda: _end(trail))


def _sought(params: dict[str, Any]) -> tuple[Marks, Trail]:
    sought = params[WHILE_AT_WORK]
    keys = tuple(bytes.fromhex(key) for key in sought["keys"])
    until = datetime.fromisoformat(sought["until"]) if sought["until"] else None
    return Marks.from_json(sought["marks"]), Trail(None, keys, until)


def _at_work(trail: Trail) -> list[list[int]]:
    """Give the tasks that began before the erasure and may still write what they have read."""
    found = select(Task.id).where(
        Task.status.in_(UNFINISHED), Task.kind != KIND, trail.before(Task.created_at)
    )
    return [[task_id] for task_id in run(found).scalars()]


def _read(work: Work, place: Place, marks: Marks, until: datetime | None) -> None:
    """Search the rows of a place from where it ended; reads and compares beside all writers."""
    while place.name not in work.position.get("done", []):
        work.give_way()
        with reading() as connection:
            query = place.following(work.position.get("after"), until).limit(ROWS)
            rows = [row._asdict() for row in connection.execute(query)]
        found = [place.key(row) for row in rows if place.holds(row, marks)]
        for at in range(0, len(found), WRITTEN):
            part = found[at : at + WRITTEN]
            work.note(lambda p=part: _clear(work, place, p, marks))  # type: ignore[misc]
        work.note(lambda found=rows: _on(work, place, found))  # type: ignore[misc]


def _on(work: Work, place: Place, rows: Sequence[Row]) -> Step:
    """Go on after these rows; after the last ones the place is done."""
    after, done = None, work.position.get("done", [])
    if len(rows) == ROWS:
        after = place.key(rows[-1])
    done = done if after else [*done, place.name]
    return Step(done=len(rows), position={**work.position, "after": after, "done": done})


def _clear(work: Work, place: Place, keys: Sequence[list[Any]], marks: Marks) -> Step:
    """Take the person out of rows in the open transaction, each as it stands now.

    What is still at work waits; once a task is not, its files are looked at again too.
    """
    waiting, counts = _waiting(work), Counter[str]()
    before: list[Any] = waiting.get(place.name, [])
    after = [key for key in before if key not in keys]
    for key in keys:
        row = place.row(key)
        if row is not None and place.waits(row):
            after.append(key)
            continue
        if row is not None and place.holds(row, marks):
            counts[place.name if place.clear(place, row, marks) else "unread"] += 1
        if place is TASKS and key in before:
            waiting[FILES] = [*waiting.get(FILES, []), *files.files_of(key[0])]
    waiting[place.name] = after
    return Step(position={**work.position, "waiting": waiting}, counts=counts)


def _waiting(work: Work) -> Waiting:
    return {name: list(found) for name, found in work.position.get("waiting", {}).items()}


def _read_files(work: Work, marks: Marks, until: datetime | None) -> None:
    while (file_id := files.next_file(work.position.get("file", 0), until)) is not None:
        _read_file(work, file_id, marks, {"file": file_id})


def _read_file(work: Work, file_id: int, marks: Marks, position: dict[str, Any]) -> None:
    work.give_way()
    named = not files.waits(file_id) and files.names_person(file_id, marks, work.beat)
    work.note(lambda: _pass(work, file_id, named, position))


def _pass(work: Work, file_id: int, named: bool, position: dict[str, Any]) -> Step:
    """Delete a file that names the person in the open transaction, unless it is needed now."""
    waiting = _waiting(work)
    others = [other for other in waiting.get(FILES, []) if other != file_id]
    needed = files.is_needed(file_id)
    waiting[FILES] = [*others, file_id] if needed else others
    removed = named and not needed
    if removed:
        files.remove(file_id)
    counts = {"files": 1} if removed else {}
    return Step(1, {**work.position, **position, "waiting": waiting}, counts)


def _look_again(work: Work, marks: Marks) -> None:
    """Look at what waited, and only at that."""
    for place in (WEBHOOKS, TASKS):
        keys = _waiting(work).get(place.name, [])
        for at in range(0, len(keys), WRITTEN):
            part = keys[at : at + WRITTEN]
            work.note(lambda p=part, t=place: _clear(work, t, p, marks))  # type: ignore[misc]
    for file_id in _waiting(work).get(FILES, []):
        _read_file(work, file_id, marks, {})


def _end(trail: Trail) -> Step:
    """Take what came of answers and webhooks that were under way."""
    lock_keys(trail.keys)
    return Step(counts={f"late_{name}": count for name, count in forget(trail).items() if count})
