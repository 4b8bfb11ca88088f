"""Imports: uploading a list of opt-outs, seeing what it would change, having it recorded."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.accounts.access import actor, requires
from webapp.accounts.rules import Right
from webapp.core import clock
from webapp.core.db import transaction
from webapp.core.errors import Invalid
from webapp.core.web import page_or_fragment, see_other
from webapp.core.zones import reader_zone
from webapp.imports import queries, service
from webapp.imports.lists import Reading
from webapp.imports.uploads import check_of
from webapp.pages import task_words
from webapp.pages.imports_forms import read_again, read_file, read_new
from webapp.pages.imports_view import moment_of
from webapp.pages.imports_view import upload as view_of
from webapp.pages.presentation import toast
from webapp.pages.upload_steps import form_page, send_refused, shown, take_lists
from webapp.tasks.models import Task

blueprint = Blueprint("imports", __name__, url_prefix="/imports")
take_lists(blueprint)


@blueprint.get("")
@requires(Right.WORK)
def show() -> ResponseReturnValue:
    """Show the newest uploads."""
    return page_or_fragment(
        "imports/page.html",
        "imports/rows.html",
        uploads=queries.uploads(),
        words=task_words,
        now=clock.now(),
    )


@blueprint.get("/opt-outs/new")
@requires(Right.WORK)
def new() -> ResponseReturnValue:
    """Show the form for a list of opt-outs."""
    return form_page("imports", {})


@blueprint.post("/opt-outs/new")
@requires(Right.WORK)
def create() -> ResponseReturnValue:
    """Keep a list and have it checked; 422 with the form where something is wrong."""
    form, who = request.form, actor()
    try:
        file = read_file(request.files.get("file"))
        reading = read_new(form, reader_zone().key)
        note, name = form.get("note", ""), file.filename or ""
        task = transaction(lambda: service.upload(file.stream, name, reading, note, who))
    except Invalid as error:
        return form_page("imports", {error.field or "": error.message}), error.status
    return see_other(url_for("imports.upload", task_id=task.id))


@blueprint.get("/<id:task_id>")
@requires(Right.WORK)
def upload(task_id: int) -> ResponseReturnValue:
    """Show how an upload stands; its part fetches itself every second while it goes on."""
    task = queries.upload_of(task_id)
    if "next" in task.params:
        return see_other(url_for("imports.upload", task_id=task.params["next"]))
    return page_or_fragment("imports/upload_page.html", "imports/upload.html", **_shown(task))


@blueprint.post("/<id:task_id>/check")
@requires(Right.WORK)
def check(task_id: int) -> ResponseReturnValue:
    """Have a list read in another way."""
    form, who = request.form, actor()
    task = queries.upload_of(task_id)
    before = Reading.of(task.result.get("reading") or task.params)
    try:
        reading = read_again(form, before)
    except Invalid as error:
        said = _shown(task, {error.field or "": error.message})
        return render_template("imports/upload_page.html", **said), error.status
    again = transaction(lambda: service.check_again(task_id, reading, who))
    return see_other(url_for("imports.upload", task_id=again.id))


@blueprint.post("/<id:task_id>/record")
@requires(Right.OPT_OUT)
def record(task_id: int) -> ResponseReturnValue:
    """Have a checked list recorded."""
    who = actor()
    task = transaction(lambda: service.record(task_id, who))
    toast("Recording has begun. It goes on if you leave this page.")
    return see_other(url_for("imports.upload", task_id=task.id))


@blueprint.get("/<id:task_id>/refused.csv")
@requires(Right.WORK)
def refused(task_id: int) -> ResponseReturnValue:
    """Send the rows that were refused, each with its reason, as a CSV file: its check keeps them.

    To who started it or an admin, once it is noted who took it.
    """
    task = queries.upload_of(task_id)
    if "next" in task.params:
        return see_other(url_for("imports.refused", task_id=task.params["next"]))
    return send_refused(check_of(task) or task)


def _shown(task: Task, errors: dict[str, str] | None = None) -> dict[str, Any]:
    return {**shown(view_of(task), errors), "moment_of": moment_of}
