"""Exports: the files that were made of lists, and those that go out by email on a plan."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, current_app, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue

from webapp.accounts.access import actor, requires
from webapp.accounts.rules import Right
from webapp.audit.service import record
from webapp.core import clock
from webapp.core.config import Config
from webapp.core.db import db, transaction
from webapp.core.errors import Conflict, Invalid
from webapp.core.web import page_or_fragment, wants_fragment
from webapp.core.zones import reader_zone
from webapp.exports import queries, schedules
from webapp.pages import exports_forms, task_words
from webapp.pages.presentation import dialog_done, toast
from webapp.tasks import files
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
        alive=any(not export.task.status.ended for export in found),
        email_on=config.email_on,
        words=task_words,
        plan_of=schedules.plan_of,
        labels=exports_forms.labels,
        now=clock.now(),
    )


@blueprint.get("/<int:task_id>/file")
@requires(Right.WORK)
def file(task_id: int) -> ResponseReturnValue:
    """Send the file of an export, whoever had it made, once it is noted who took it."""
    found, who = queries.file_of(task_id), actor()
    name, size, kind, file_id = found.name, found.size, found.content_type, found.id
    db.session.rollback()  # on SQLite a transaction that has read may not write
    transaction(lambda: record(who, "exports.downloaded", task_id=task_id, file=name))
    answer = Response(stream_with_context(files.parts_of(file_id)), content_type=kind)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    answer.content_length = size
    return answer


@blueprint.get("/planned/new")
@requires(Right.ADMINISTER)
def new() -> ResponseReturnValue:
    """Show the form for a planned export."""
    return _form(exports_forms.fresh(reader_zone().key))


@blueprint.post("/planned/new")
@requires(Right.ADMINISTER)
def create() -> ResponseReturnValue:
    """Plan an export; 422 with the form where something is wrong."""
    form, who = request.form, actor()
    try:
        wanted = exports_forms.read(form)
        transaction(lambda: schedules.add(wanted, who))
    except (Invalid, Conflict) as error:
        return _form(form.to_dict(), {error.field or "": error.message}), error.status
    toast(f"“{wanted.name}” goes out {wanted.plan.said()}.")
    return dialog_done(_here(), event="heed:task")


@blueprint.get("/planned/<int:schedule_id>")
@requires(Right.ADMINISTER)
def edit(schedule_id: int) -> ResponseReturnValue:
    """Show the form of a planned export."""
    return _form(exports_forms.filled(queries.schedule_of(schedule_id)), schedule_id=schedule_id)


@blueprint.post("/planned/<int:schedule_id>")
@requires(Right.ADMINISTER)
def update(schedule_id: int) -> ResponseReturnValue:
    """Change a planned export; 422 with the form where something is wrong."""
    form, who = request.form, actor()
    try:
        wanted = exports_forms.read(form)
        transaction(lambda: schedules.change(schedule_id, wanted, who))
    except Invalid as error:
        errors = {error.field or "": error.message}
        return _form(form.to_dict(), errors, schedule_id=schedule_id), error.status
    toast(f"“{wanted.name}” was changed.")
    return dialog_done(_here(), event="heed:task")


@blueprint.post("/planned/<int:schedule_id>/send")
@requires(Right.ADMINISTER)
def send(schedule_id: int) -> ResponseReturnValue:
    """Send a planned export now; its turn stays as it is."""
    who = actor()
    task: Task = transaction(lambda: schedules.send_now(schedule_id, who))
    toast("It is being sent. Its next turn stays as it is.")
    return dialog_done(url_for("tasks.show", task_id=task.id), event="heed:task")


@blueprint.post("/planned/<int:schedule_id>/pause")
@requires(Right.ADMINISTER)
def pause(schedule_id: int) -> ResponseReturnValue:
    """Pause a planned export, or with `active=1` let it go on."""
    who, active = actor(), request.form.get("active") == "1"
    transaction(lambda: schedules.pause(schedule_id, who, active=active))
    toast("It goes out again." if active else "Paused. Nothing goes out until you resume it.")
    return dialog_done(_here(), event="heed:task")


@blueprint.get("/planned/<int:schedule_id>/delete")
@requires(Right.ADMINISTER)
def confirm_delete(schedule_id: int) -> ResponseReturnValue:
    """Ask before a planned export goes."""
    return page_or_fragment(
        "exports/delete_page.html",
        "exports/delete.html",
        schedule=queries.schedule_of(schedule_id),
        in_dialog=wants_fragment(),
        back=_here(),
    )


@blueprint.post("/planned/<int:schedule_id>/delete")
@requires(Right.ADMINISTER)
def delete(schedule_id: int) -> ResponseReturnValue:
    """Delete a planned export; the files that it made stay for their week."""
    who = actor()
    name = transaction(lambda: schedules.delete(schedule_id, who))
    toast(f"“{name}” was deleted.")
    return dialog_done(_here(), event="heed:task")


def _form(
    values: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
    *,
    schedule_id: int | None = None,
) -> Response:
    config: Config = current_app.extensions["heed"]
    return page_or_fragment(
        "exports/planned_page.html",
        "exports/planned.html",
        values=values,
        errors=errors or {},
        schedule_id=schedule_id,
        choices=exports_forms.choices(),
        email_on=config.email_on,
        in_dialog=wants_fragment(),
        back=_here(),
    )


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
