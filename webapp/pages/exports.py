"""Exports: the files that were made of lists, and those that go out by email on a plan."""

from __future__ import annotations

from flask import Blueprint, current_app, url_for
from flask.typing import ResponseReturnValue

from webapp.accounts.access import requires
from webapp.accounts.rules import Right
from webapp.core import clock
from webapp.core.config import Config
from webapp.core.web import page_or_fragment
from webapp.exports import queries, schedules
from webapp.pages import exports_forms, task_words
from webapp.pages.task_files import send_file
from webapp.tasks.models import Task

blueprint = Blueprint("exports", __name__, url_prefix="/exports")


@blueprint.get("")
@requires(Right.SEE)
def show() -> ResponseReturnValue:
    """Show the exports of the last week, and the planned ones."""
    found, planned = queries.recent(), queries.planned()
    config: Config = current_app.extensions["heed"]
    return page_or_fragment(
        "exports/page.html",
        "exports/lists.html",
        exports=found,
        planned=planned,
        tasks=[export.task for export in found],
        email_on=config.email_on,
        words=task_words,
        plan_of=schedules.plan_of,
        labels=exports_forms.labels,
        now=clock.now(),
    )


@blueprint.get("/<id:task_id>/file")
@requires(Right.WORK)
def file(task_id: int) -> ResponseReturnValue:
    """Send the file of an export, whoever had it made, once it is noted who took it."""
    return send_file(queries.file_of(task_id))


def _here() -> str:
    return url_for("exports.show")


def _lines(task: Task) -> list[task_words.Line]:
    """Tell what came of an export."""
    said = {
        "rows": "Rows in the file",
        "sent": "Recipients",
        "refused": "Recipients it was refused for",
    }
    return [
        task_words.Line(task.result[name], text)
        for name, text in said.items()
        if name in task.result
    ]


task_words.tell("export.", task_words.Words(_lines, lambda _task: _here()))
