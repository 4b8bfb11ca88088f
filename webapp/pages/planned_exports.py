"""Planned exports: the exclusion list by email, again and again; admins plan them."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, current_app, request, url_for
from flask.typing import ResponseReturnValue

from webapp.accounts.access import actor, requires
from webapp.accounts.rules import Right
from webapp.core.config import Config
from webapp.core.db import transaction
from webapp.core.errors import Conflict, Invalid
from webapp.core.web import page_or_fragment, wants_fragment
from webapp.core.zones import reader_zone
from webapp.exports import queries, schedules, turns
from webapp.pages import exports_forms
from webapp.pages.presentation import dialog_done, toast
from webapp.tasks.models import Task

blueprint = Blueprint("planned_exports", __name__, url_prefix="/exports/planned")


@blueprint.get("/new")
@requires(Right.ADMINISTER)
def new() -> ResponseReturnValue:
    """Show the form for a planned export."""
    return _form(exports_forms.fresh(reader_zone().key))


@blueprint.post("/new")
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


@blueprint.get("/<id:schedule_id>")
@requires(Right.ADMINISTER)
def edit(schedule_id: int) -> ResponseReturnValue:
    """Show the form of a planned export."""
    return _form(exports_forms.filled(queries.schedule_of(schedule_id)), schedule_id=schedule_id)


@blueprint.post("/<id:schedule_id>")
@requires(Right.ADMINISTER)
def update(schedule_id: int) -> ResponseReturnValue:
    """Change a planned export; 422 with the form where something is wrong."""
    form, who = request.form, actor()
    try:
        wanted = exports_forms.read(form)
        stopped = transaction(lambda: schedules.change(schedule_id, wanted, who))
    except Invalid as error:
        errors = {error.field or "": error.message}
        return _form(form.to_dict(), errors, schedule_id=schedule_id), error.status
    more = " What was under way was stopped: the next turn covers it." if stopped else ""
    toast(f"“{wanted.name}” was changed.{more}")
    return dialog_done(_here(), event="heed:task")


@blueprint.post("/<id:schedule_id>/send")
@requires(Right.ADMINISTER)
def send(schedule_id: int) -> ResponseReturnValue:
    """Send a planned export now; its turn stays as it is."""
    who = actor()
    task: Task = transaction(lambda: turns.send_now(schedule_id, who))
    toast("It is being sent. Its next turn stays as it is.")
    return dialog_done(url_for("tasks.show", task_id=task.id), event="heed:task")


@blueprint.post("/<id:schedule_id>/pause")
@requires(Right.ADMINISTER)
def pause(schedule_id: int) -> ResponseReturnValue:
    """Pause a planned export, or with `active=1` let it go on."""
    who, active = actor(), request.form.get("active") == "1"
    transaction(lambda: schedules.pause(schedule_id, who, active=active))
    toast("It goes out again." if active else "Paused. Nothing goes out until you resume it.")
    return dialog_done(_here(), event="heed:task")


@blueprint.get("/<id:schedule_id>/delete")
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


@blueprint.post("/<id:schedule_id>/delete")
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
