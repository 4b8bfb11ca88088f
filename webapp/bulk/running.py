"""A bulk action as a task: contact after contact by id, a few with each step."""

from __future__ import annotations

from collections.abc import Iterator

from webapp.accounts.acting import ensure_still
from webapp.audit.service import record
from webapp.bulk import selection
from webapp.bulk.acts import Done, act
from webapp.bulk.asked import Asked, from_json
from webapp.contacts.matching import ids_after
from webapp.core.db import transaction
from webapp.core.reading import reading
from webapp.tasks.work import Commit, Step, Work

# Contacts whose ids are read at a time, and with each step. A step keeps their locks, and on
# SQLite every other writer, for as long as it lasts: a fraction of a second.
AHEAD = 2000
STEP = 50


def run(work: Work) -> None:
    """Do what the task asks to all whom it is for, from its position on.

    A step commits its changes together with its place, so that nobody is done twice whatever
    crashes, and waits then until nothing more can leave for those it opted out. Before each it
    asks whether who started it still may. Raises Forbidden or Invalid, which end the task.
    """
    asked = from_json(work.kind, work.params)
    # Finding whom it is for may have taken the whole turn: a step is always done.
    commit = work.note
    for ids in _all_ids(work):
        _step(work, asked, ids, commit)
        commit = work.step
    if not work.position.get("told"):
        work.note(lambda: _tell(work, asked))


def _all_ids(work: Work) -> Iterator[list[int]]:
    """Give who is still to be done, a step's worth at a time, in the order of their ids."""
    chosen, up_to = selection.from_json(work.params), int(work.params["up_to"])
    while True:
        after = int(work.position.get("after", 0))
        matching = transaction(chosen.conditions)
        with reading() as connection:
            ids = ids_after(connection, matching, after, up_to, AHEAD)
        for start in range(0, len(ids), STEP):
            yield ids[start : start + STEP]
        if len(ids) < AHEAD:
            return


def _step(work: Work, asked: Asked, ids: list[int], commit: Commit) -> None:
    done: list[Done] = []

    def effect() -> Step:
        ensure_still(work.actor, asked.deed.right)
        done[:] = [act(asked, ids, work.actor)]
        return Step(len(ids), {"after": ids[-1]}, done[0].counts())

    commit(effect)
    done[0].wait()


def _tell(work: Work, asked: Asked) -> Step:
    """Note in the audit log what came of it, once."""
    record(
        work.actor,
        asked.deed.audited,
        task_id=work.task_id,
        asked=work.params,
        counts=dict(work.result),
    )
    return Step(position={**work.position, "told": True})
