"""A bulk action as a task: contact after contact by id, a few with each step."""

from __future__ import annotations

from itertools import islice

from webapp.accounts.acting import ensure_still
from webapp.audit.service import record
from webapp.bulk.acts import Done, act
from webapp.bulk.asked import Asked, from_json
from webapp.bulk.people import kept
from webapp.tasks.work import Commit, Step, Work

# Contacts with each step. It keeps their locks, and on SQLite every other writer, for as long as it
# lasts: a fraction of a second.
STEP = 50


def run(work: Work) -> None:
    """Do what the task asks to all whom it is for, from its position on.

    A step commits its changes together with its place, so that nobody is done twice whatever
    crashes, and waits then until nothing more can leave for those it opted out. Before each it
    asks whether who started it still may. Raises Forbidden or Invalid, which end the task.
    """
    asked = from_json(work.kind, work.params)
    still = kept(work.task_id, work.position.get("nth", 0))
    commit = work.note  # in each turn a step is done, however short it is
    while ids := list(islice(still, STEP)):
        _step(work, asked, ids, commit)
        commit = work.step
    if not work.position.get("told"):
        work.note(lambda: _tell(work, asked))


def _step(work: Work, asked: Asked, ids: list[int], commit: Commit) -> None:
    done: list[Done] = []
    nth = work.position.get("nth", 0) + len(ids)

    def effect() -> Step:
        ensure_still(work.actor, asked.deed.right)
        done[:] = [act(asked, ids, work.actor)]
        return Step(len(ids), {"nth": nth}, done[0].counts())

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
