"""Tasks: long work that somebody started, its progress and its result."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.accounts.access import actor, requires
from webapp.accounts.rules import Right
from webapp.audit.service import record
from webapp.core import clock
from webapp.core.db import transaction
from webapp.core.web import local_path, page_or_fragment, read_id
from webapp.pages import task_words
from webapp.pages.presentation import dialog_done, toast
from webapp.pages.task_files import ensure_mine, has_started, is_mine, send_file
from webapp.tasks import files, queries, service
from webapp.tasks.models import Task

blueprint = Blueprint("tasks", __name__, url_prefix="/tasks")


@blueprint.get("")
@requires(Right.SEE)
def index() -> ResponseReturnValue:
    """Show the newest tasks."""
    found = queries.recent()
    return page_or_fragment("tasks/index.html", "tasks/rows.html", tasks=found, **_words())


@blueprint.get("/<id:task_id>")
@requires(Right.SEE)
def show(task_id: int) -> ResponseReturnValue:
    """Show a task; the page fetches its own part again and again until it has ended."""
    task = queries.task_of(task_id)
    back = local_path(request.args.get("next"), task_words.back_of(task) or url_for("tasks.index"))
    return page_or_fragment(
        "tasks/page.html",
        "tasks/task.html",
        task=task,
        mine=is_mine(task),
        files=queries.files_of(task_id) if is_mine(task) else [],
        back=back,
        **_words(),
    )


@blueprint.post("/<id:task_id>/cancel")
@requires(Right.WORK)
def cancel(task_id: int) -> ResponseReturnValue:
    """Stop a task before its next step; what is done stays done."""
    task = _own(task_id)

    def stop() -> None:
        service.cancel(task_id)
        record(actor(), "task.cancelled", task_id=task_id, kind=task.kind, done=task.done)

    transaction(stop)
    toast("Cancelled. What is done stays done.")
    back = local_path(request.form.get("next"), url_for("tasks.show", task_id=task_id))
    return dialog_done(back, event="heed:task")


@blueprint.get("/<id:task_id>/files/<role>")
@requires(Right.WORK)
def file(task_id: int, role: str) -> ResponseReturnValue:
    """Send a file of a task to who started it or an admin, once it is noted who took it."""
    _own(task_id)
    return send_file(files.file_of(task_id, role))


@blueprint.get("/strip")
@requires(Right.SEE)
def strip() -> ResponseReturnValue:
    """Give the strip of a page: the oldest of one's own tasks that go on, else how the last ended.

    `watching` is the task that the strip showed before.
    """
    mine = [task for task in queries.running(limit=50) if has_started(task)]
    task = mine[0] if mine else _watched(request.args.get("watching", ""))
    return render_template("tasks/strip.html", task=task, others=len(mine) - 1, **_words())


def _watched(text: str) -> Task | None:
    task_id = read_id(text)
    if task_id is None:
        return None
    task = queries.task_of(task_id)
    return task if has_started(task) else None


def _own(task_id: int) -> Task:
    task = queries.task_of(task_id)
    ensure_mine(task)
    return task


def _words() -> dict[str, Any]:
    return {"words": task_words, "now": clock.now()}
