"""A running task as its runner sees it: one step after the other, each with its progress."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from webapp.accounts.rules import Actor
from webapp.core.db import db, transaction
from webapp.core.dialect import database_now
from webapp.tasks.models import Task
from webapp.tasks.queries import free
from webapp.tasks.rules import TaskStatus

Commit = Callable[[Callable[[], "Step"]], "Step"]  # as Work.step and Work.note do a step
TURN = 20.0  # seconds after which a task lets others have their turn


class TurnOver(Exception):
    """The task has worked long enough for now; it goes on later from its position."""


class PutOff(Exception):
    """The work waits for something outside; it goes on from its position after `delay`."""

    def __init__(self, delay: timedelta) -> None:
        super().__init__()
        self.delay = delay


class NoLongerOurs(Exception):
    """The task was cancelled, or another process has taken it up: stop without a word."""


@dataclass(frozen=True)
class Step:
    """What a step came to.

    `done` of the total, `position` to go on from (None: as before), `counts` to add to the result
    by name, `facts` to set in it, `total` where it became known. `draft`: after a crash it would be
    done anew, so nothing is won yet.
    """

    done: int = 0
    position: dict[str, Any] | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    total: int | None = None
    draft: bool = False


class Work:
    """A claimed task in the hands of its runner.

    The runner calls `step` until all is done, and returns. What it needs to go on after a crash
    stands in `position`; what a step did is committed with it, so nothing happens twice.
    """

    def __init__(self, task: Task, lease: str) -> None:
        self.task_id = task.id
        self.kind = task.kind
        self.params: dict[str, Any] = dict(task.params)
        self.position: dict[str, Any] = dict(task.position)
        self.result: dict[str, Any] = dict(task.result)
        self.total = task.total
        self.attempts = task.attempts  # with this one, since there was progress
        self.actor = Actor(task.actor_kind, task.actor_id, task.actor_name)
        self._lease = lease
        self._turn_ends = time.monotonic() + TURN

    def step(self, effect: Callable[[], Step]) -> Step:
        """Do one step: `effect` and its progress commit together, or neither.

        A step lasts a few seconds at most. `effect` may run more than once (deadlocks), so it
        does its reading inside. Raises TurnOver before it starts where the turn is over, and
        NoLongerOurs, with nothing done, where the task was cancelled or taken over.
        """
        self.give_way()
        return self.note(effect)

    def give_way(self) -> None:
        """Raise TurnOver where the turn is over: for runners whose work is not all in steps.

        Each turn must bring the work on before, else it would never end.
        """
        if time.monotonic() > self._turn_ends:
            raise TurnOver

    def note(self, effect: Callable[[], Step]) -> Step:
        """Do a step that no turn may come before: the one that completes the work."""
        step = transaction(lambda: self._record(effect()))
        self.position = step.position if step.position is not None else self.position
        self.total = step.total if step.total is not None else self.total
        self._add(self.result, step)
        return step

    def beat(self) -> None:
        """Say that the work goes on, where one step takes long. Raises NoLongerOurs."""
        transaction(lambda: self._record(Step()))

    def _record(self, step: Step) -> Step:
        result = dict(self.result)
        self._add(result, step)
        values: dict[str, Any] = {"done": Task.done + step.done, "result": result}
        if self._is_progress(step):
            values["attempts"] = 0
        if step.position is not None:
            values["position"] = step.position
        if step.total is not None:
            values["total"] = step.total
        kept = db.session.scalars(
            update(Task)
            .where(
                Task.id == self.task_id,
                Task.lease == self._lease,
                Task.status == TaskStatus.RUNNING,
            )
            .values(beat_at=database_now(db.session()), **values)
            .returning(Task.id)
            .execution_options(synchronize_session=False)
        ).all()
        if not kept:
            raise NoLongerOurs
        return step

    def _is_progress(self, step: Step) -> bool:
        on = step.position is not None and step.position != self.position
        return not step.draft and (on or step.done > 0)

    @staticmethod
    def _add(result: dict[str, Any], step: Step) -> None:
        for name, count in step.counts.items():
            result[name] = result.get(name, 0) + count
        result.update(step.facts)


def claim(task_id: int, lease: str) -> Work | None:
    """Take a task that waits, or whose process fell silent; None where there is nothing to do.

    Commits.
    """

    def take() -> Work | None:
        now = database_now(db.session())
        taken = db.session.scalars(
            update(Task)
            .where(Task.id == task_id, free(now))
            .values(status=TaskStatus.RUNNING, lease=lease, beat_at=now, attempts=Task.attempts + 1)
            .returning(Task.id)
            .execution_options(synchronize_session=False)
        ).all()
        if not taken:
            return None
        task = db.session.scalars(
            select(Task).where(Task.id == task_id).execution_options(populate_existing=True)
        ).one()
        return Work(task, lease)

    return transaction(take)
