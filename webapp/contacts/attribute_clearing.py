"""Taking an attribute's values from the contacts, or writing them as another kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, select, update

from webapp.accounts.acting import ensure_still
from webapp.accounts.rules import Actor, Right
from webapp.audit.service import record
from webapp.contacts.activities import note
from webapp.contacts.definitions import definitions
from webapp.contacts.models import Contact
from webapp.core import clock
from webapp.core.db import db, table_of
from webapp.events.service import publish
from webapp.tasks import service as tasks
from webapp.tasks.models import Task
from webapp.tasks.work import Step, Work

KIND = "attributes.clear"
STEP = 500  # contacts that a step looks at; those without the attribute are not written
CONTACTS = table_of(Contact)
_WRITE = (
    update(CONTACTS)
    .where(CONTACTS.c.id == bindparam("contact_id"))
    .values(attributes=bindparam("kept"), updated_at=bindparam("now"))
)

Attributes = Mapping[str, Any]


def start(name: str, label: str, actor: Actor, total: int | None) -> Task:
    """Begin a task that takes an attribute's values from all contacts, in the open transaction."""
    params = {"name": name, "label": label}
    return tasks.start(KIND, f"Removing “{label}” from all contacts", actor, params, total=total)


def run(work: Work) -> None:
    """Go through the contacts by id; stops where somebody has defined the attribute again."""
    commit = work.note  # in each turn a step is done, however short it is
    while commit(lambda: _step(work)).done:
        commit = work.step
    if not work.position.get("told"):
        work.note(lambda: _tell(work))


def _step(work: Work) -> Step:
    ensure_still(work.actor, Right.WORK)
    name = work.params["name"]
    if name in {definition.name for definition in definitions()}:
        return Step()
    rows = read(work.position.get("after", 0), STEP)
    having = [(number, values) for number, values in rows if name in values]
    write(having, lambda values: without(values, name), work.actor)
    last = rows[-1][0] if rows else work.position.get("after", 0)
    return Step(len(rows), {"after": last}, {"changed": len(having)})


def _tell(work: Work) -> Step:
    record(work.actor, "attribute.cleared", name=work.params["name"], counts=dict(work.result))
    return Step(position={**work.position, "told": True})


def read(after: int, limit: int) -> list[tuple[int, dict[str, Any]]]:
    """Give the next contacts by id with their attributes, held as who edits one does."""
    query = select(CONTACTS.c.id, CONTACTS.c.attributes).where(CONTACTS.c.id > after)
    query = query.order_by(CONTACTS.c.id).limit(limit).with_for_update()
    return [(row.id, dict(row.attributes or {})) for row in db.session.execute(query)]


def write(
    having: Sequence[tuple[int, Attributes]],
    change: Callable[[Attributes], Attributes],
    actor: Actor,
) -> None:
    """Write the changed attributes of contacts, in the open transaction, and tell their timelines."""
    if not having:
        return
    now = clock.now()
    rows = [{"contact_id": number, "kept": change(v), "now": now} for number, v in having]
    db.session.connection().execute(_WRITE, rows)
    for number, _ in having:
        note(number, "edited", actor, parts=["attributes"])
    publish("contacts.edited", count=len(having))


def without(values: Attributes, name: str) -> Attributes:
    """Give attributes without one of them."""
    return {each: value for each, value in values.items() if each != name}
