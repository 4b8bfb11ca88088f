"""Starting, running, cancelling and forgetting long work."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import ColumnElement, case, delete, select, update

from webapp.accounts.rules import Actor
from webapp.core.db import db, transaction
from webapp.core.dialect import database_now
from webapp.core.errors import Conflict, HeedError
from webapp.core.queue import after_commit
from webapp.tasks.models import Task, TaskFile
from webapp.tasks.queries import UNFINISHED, task_of
from webapp.tasks.rules import WHILE_AT_WORK, TaskStatus
from webapp.tasks.waking import RUN, job_id, wake
from webapp.tasks.work import NoLongerOurs, PutOff, TurnOver, Work, claim

log = structlog.get_logger(__name__)
TRIES = 3  # without any progress between them
# Times that a task is taken up without progress, where none of them came back to say why. More,
# since a process may be killed for what is not the task's fault.
TAKEN_UP = 6
# A turn that ended as it should is no attempt in vain, also where it only came nearer to a step.
UNCOUNTED = case((Task.attempts > 0, Task.attempts - 1), else_=0)
FILES_KEPT = timedelta(days=7)
TASKS_KEPT = timedelta(days=90)
GAVE_UP = "Heed could not finish this. What is done stays done; start it again for the rest."

Runner = Callable[[Work], None]


def start(
    kind: str,
    title: str,
    actor: Actor,
    params: Mapping[str, Any] | None = None,
    *,
    total: int | None = None,
) -> Task:
    """Add a task in the open transaction; it runs after the commit. Gives it with its id.

    `title` says in words what is done to what; `params` are JSON; `total` is how much there is to
    do, in the runner's own unit, where it is known already.
    """
    task = Task(
        kind=kind,
        title=title[:200],
        params=dict(params or {}),
        total=total,
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_name=actor.name,
    )
    db.session.add(task)
    db.session.flush()
    after_commit(RUN, task.id, job_id=job_id(task.id, task.beat_at))
    return task


def run(task_id: int, runners: Mapping[str, Runner]) -> None:
    """Go on with a task for one turn, if nobody else does; commits step by step.

    `runners` give what to do for each kind. A sentence for a person (HeedError) ends the task as
    failed at once; PutOff lets it wait; any other error is tried again, three times without
    progress between. What killed its process time after time is given up too.
    """
    lease = secrets.token_hex(16)
    work = claim(task_id, lease)
    if work is None:
        return
    if work.attempts > TAKEN_UP:
        _end(task_id, lease, TaskStatus.FAILED, GAVE_UP)
        return
    try:
        runners[work.kind](work)
    except TurnOver:
        wake(task_id, _let_go(task_id, lease, attempts=UNCOUNTED))
    except PutOff as later:
        _put_off(task_id, lease, later.delay)
    except NoLongerOurs:
        db.session.rollback()
    except HeedError as error:
        _end(task_id, lease, TaskStatus.FAILED, error.message)
    except Exception as error:
        db.session.rollback()
        log.exception("task.failed", task_id=task_id, kind=work.kind, error=repr(error))
        _again_or_never(task_id, lease)
    else:
        _end(task_id, lease, TaskStatus.DONE)


def cancel(task_id: int) -> None:
    """Stop a task in the open transaction: its next step does not happen, what is done stays.

    Raises NotFound, or Conflict where it has ended already.
    """
    now = database_now(db.session())
    unfinished = Task.status.in_(UNFINISHED)
    if not _set(unfinished & (Task.id == task_id), status=TaskStatus.CANCELLED, ended_at=now):
        task_of(task_id)
        raise Conflict("It has ended already.")
    _forget_working(task_id)


def forget_old() -> None:
    """Remove files and then tasks that have been kept long enough, in the open transaction."""
    now = database_now(db.session())
    ended = select(Task.id).where(Task.ended_at < now - FILES_KEPT)
    db.session.execute(delete(TaskFile).where(TaskFile.task_id.in_(ended)))
    db.session.execute(delete(Task).where(Task.ended_at < now - TASKS_KEPT))


def _let_go(task_id: int, lease: str, **values: Any) -> datetime:
    """Let others have a task; gives since when it is free."""

    def let_go() -> datetime:
        now = database_now(db.session())
        _set(_held(task_id, lease), lease=None, beat_at=now, **values)
        return now

    return transaction(let_go)


def _put_off(task_id: int, lease: str, delay: timedelta) -> None:
    """Let a task wait; it is woken as a forgotten one is, not before `delay` is over."""

    def wait() -> None:
        then = database_now(db.session()) + delay
        waits = {"status": TaskStatus.WAITING, "lease": None, "attempts": 0}
        _set(_held(task_id, lease), beat_at=then, **waits)

    db.session.rollback()
    transaction(wait)


def _end(task_id: int, lease: str, status: TaskStatus, error: str = "") -> None:
    def end() -> None:
        now = database_now(db.session())
        if _set(_held(task_id, lease), status=status, error=error, ended_at=now, lease=None):
            _forget_working(task_id)

    db.session.rollback()
    transaction(end)


def _forget_working(task_id: int) -> None:
    """Forget in the open transaction what a task had to know only until it ended."""
    kept = dict(task_of(task_id).params)
    if kept.pop(WHILE_AT_WORK, None) is not None:
        _set(Task.id == task_id, params=kept, position={})


def _again_or_never(task_id: int, lease: str) -> None:
    attempts = transaction(lambda: task_of(task_id).attempts)
    if attempts >= TRIES:
        _end(task_id, lease, TaskStatus.FAILED, GAVE_UP)
    else:
        _let_go(task_id, lease)  # the reconciler wakes it in a while


def _held(task_id: int, lease: str) -> ColumnElement[bool]:
    return (Task.id == task_id) & (Task.lease == lease) & (Task.status == TaskStatus.RUNNING)


def _set(where: ColumnElement[bool], **values: Any) -> bool:
    """Change a task where it still stands as it should; tells whether it did."""
    changed = db.session.scalars(
        update(Task)
        .where(where)
        .values({"beat_at": database_now(db.session()), **values})
        .returning(Task.id)
        .execution_options(synchronize_session=False)
    )
    return bool(changed.all())
