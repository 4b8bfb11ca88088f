"""Bulk actions: a page of contacts at once, more as a task."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import replace

from webapp.accounts.rules import Actor
from webapp.audit.service import record
from webapp.bulk.acts import Done, act
from webapp.bulk.asked import Asked, Deed, sentence
from webapp.bulk.people import keep
from webapp.bulk.selection import Selection
from webapp.consent.toggles import Record
from webapp.contacts.tagging import tag_called
from webapp.core.db import db
from webapp.core.dialect import database_now
from webapp.core.errors import Invalid
from webapp.tasks import service as tasks
from webapp.tasks.models import Task

FUTURE = "An opt-in cannot be dated in the future."


def do_now(asked: Asked, ids: Sequence[int], actor: Actor) -> Done:
    """Do it to a page of contacts at most, in the open transaction, and note who did.

    After the commit `Done.wait()`. Raises Invalid, or NotFound for a tag that is not there.
    """
    done = act(asked, ids, actor)
    record(actor, asked.deed.audited, ids=list(ids), asked=asked.as_json(), counts=done.counts())
    return done


def start(asked: Asked, selection: Selection, people: array[int], actor: Actor) -> Task:
    """Begin a task that does it to `people`, all who match now by id, in the open transaction.

    Whoever comes to match later is not among them: nobody has agreed to that. A
    record of consent without a moment is one of now: what comes after it stands against it.
    Raises Invalid, or NotFound for a tag that is not there.
    """
    asked = replace(asked, record=_dated(asked.record))
    if asked.deed is Deed.UNTAG:
        tag_called(asked.tag)
    params, many = {**selection.as_json(), **asked.as_json()}, len(people)
    task = tasks.start(asked.deed.value, sentence(asked, many), actor, params, total=many)
    keep(task.id, people)
    record(actor, "bulk.started", task_id=task.id, kind=task.kind, people=many, asked=params)
    return task


def _dated(given: Record | None) -> Record | None:
    if given is None:
        return None
    now = database_now(db.session())
    if given.when is not None and given.when > now:
        raise Invalid(FUTURE, field="when")
    return replace(given, when=given.when or now)
