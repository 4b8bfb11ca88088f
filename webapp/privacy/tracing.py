"""The task that follows an erasure: it reads all that no key leads to, a piece at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, Table, select, tuple_, update

from webapp.accounts.rules import Actor
from webapp.consent.locks import lock_keys
from webapp.contacts.rules import Channel
from webapp.core.db import db, run, transaction
from webapp.privacy.forgetting import Trail, being_sent, forget
from webapp.privacy.marks import Marks
from webapp.privacy.searching import file_names_person, next_file, remove_file
from webapp.privacy.traces import Trace, clear, names_person, tables, texts_of
from webapp.tasks import service as tasks
from webapp.tasks.models import Task
from webapp.tasks.queries import UNFINISHED
from webapp.tasks.work import PutOff, Step, Work

KIND = "erasure"
ROWS = 500  # looked at in one step
SOON = timedelta(seconds=2)
LATER = timedelta(seconds=30)


def start(erasure_id: int, trail: Trail, marks: Marks, actor: Actor) -> int:
    """Start the search in the open transaction; gives the task's id.

    The task knows what it looks for until it has looked everywhere, and forgets it then.
    """
    params = {
        "erasure": erasure_id,
        "keys": [key.hex() for key in trail.keys],
        "until": trail.until.isoformat() if trail.until else None,
        "marks": marks.as_json(),
    }
    who = f"contact {trail.contact_id}" if trail.contact_id else "what a backup brought back"
    return tasks.start(KIND, f"Erase {who} everywhere", actor, params).id


def trace(work: Work) -> None:
    """Look through every table and every file; what is still at work is looked at again later."""
    marks = Marks.from_json(work.params["marks"])
    if marks:
        _read_tables(work, marks)
        _read_files(work, marks)
    trail = _trail(work.params)
    if transaction(lambda: being_sent(trail)):
        raise PutOff(SOON)
    if work.position.get("waiting") or (marks and transaction(lambda: _others_at_work(trail))):
        work.note(lambda: Step(position={}))
        raise PutOff(LATER)
    work.note(lambda: _end(work, trail))


def _trail(params: dict[str, Any]) -> Trail:
    keys = tuple(bytes.fromhex(key) for key in params["keys"])
    until = datetime.fromisoformat(params["until"]) if params["until"] else None
    # By key alone: SQLite may have given the contact's id to somebody who came since.
    return Trail(None, keys, until)


def _read_tables(work: Work, marks: Marks) -> None:
    wanted = [table for table in tables() if texts_of(table)]
    while (at := work.position.get("table", 0)) < len(wanted):
        work.step(lambda at=at: _read_rows(work, wanted[at], marks))  # type: ignore[misc]


def _read_rows(work: Work, table: Table, marks: Marks) -> Step:
    """Clear the next rows of a table; after its last one the next table follows."""
    rows = run(_next_rows(table, work.position.get("after"))).all()
    columns = texts_of(table)
    found = [row._asdict() for row in rows if not _is_search(table, row)]
    named = [row for row in found if names_person(row, columns, marks)]
    traces = [clear(table, row, columns, marks) for row in named]
    position = dict(work.position)
    if len(rows) < ROWS:
        position |= {"table": position.get("table", 0) + 1, "after": None}
    else:
        position["after"] = [rows[-1]._mapping[column.name] for column in table.primary_key]
    if Trace.WAITS in traces:
        position["waiting"] = True
    facts = {"unread": traces.count(Trace.KEPT)} if Trace.KEPT in traces else {}
    counts = {table.name: cleared} if (cleared := traces.count(Trace.CLEARED)) else {}
    return Step(done=len(rows), position=position, counts=counts, facts=facts)


def _is_search(table: Table, row: Row[Any]) -> bool:
    """Tell whether a row is a task like this one, which knows what it looks for."""
    return table.name == Task.__tablename__ and row._mapping["kind"] == KIND


def _next_rows(table: Table, after: Sequence[Any] | None) -> Select[Any]:
    place = list(table.primary_key)
    query = select(table).order_by(*place).limit(ROWS)
    if not after:
        return query
    if len(place) == 1:
        return query.where(place[0] > after[0])
    return query.where(tuple_(*place) > tuple_(*after))


def _read_files(work: Work, marks: Marks) -> None:
    while (file_id := next_file(work.position.get("file", 0))) is not None:
        work.give_way()
        named = file_names_person(file_id, marks)
        work.note(lambda f=file_id, n=named: _pass_file(work, f, n))  # type: ignore[misc]


def _pass_file(work: Work, file_id: int, named: bool) -> Step:
    if named:
        remove_file(file_id)
    counts = {"files": 1} if named else {}
    return Step(done=1, position={**work.position, "file": file_id}, counts=counts)


def _others_at_work(trail: Trail) -> bool:
    """Tell whether a task that began before the erasure may still write what it has read."""
    found = select(Task.id).where(
        Task.status.in_(UNFINISHED), Task.kind != KIND, trail.before(Task.created_at)
    )
    return db.session.scalar(found.limit(1)) is not None


def _end(work: Work, trail: Trail) -> Step:
    """Take what came of answers and webhooks that were under way, and forget what was looked for."""
    lock_keys((channel, key) for channel in Channel for key in trail.keys)
    late = {f"late_{name}": count for name, count in forget(trail).items() if count}
    db.session.execute(
        update(Task)
        .where(Task.id == work.task_id)
        .values(params={"erasure": work.params["erasure"]})
        .execution_options(synchronize_session=False)
    )
    return Step(position={"ended": True}, counts=late)
