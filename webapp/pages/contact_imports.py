"""Imports of contacts: uploading a list, saying what its columns hold, a dry run, recording."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.accounts.access import actor, ensure, requires
from webapp.accounts.rules import Right
from webapp.core.db import transaction
from webapp.core.errors import Invalid
from webapp.core.web import page_or_fragment, see_other
from webapp.core.zones import reader_zone
from webapp.imports import contact_service
from webapp.imports.contact_queries import upload_of
from webapp.imports.contact_reading import ContactReading
from webapp.pages import contact_imports_mapping as mapping
from webapp.pages.contact_imports_forms import read_reading
from webapp.pages.contact_imports_view import Upload
from webapp.pages.contact_imports_view import upload as view_of
from webapp.pages.imports_forms import read_file, read_region
from webapp.pages.presentation import toast
from webapp.pages.upload_steps import form_page, send_refused, shown, take_lists

blueprint = Blueprint("contact_imports", __name__, url_prefix="/imports/contacts")

take_lists(blueprint)


@blueprint.get("/new")
@requires(Right.WORK)
def new() -> ResponseReturnValue:
    """Show the form for a list of contacts."""
    return form_page("contact_imports", {})


@blueprint.post("/new")
@requires(Right.WORK)
def create() -> ResponseReturnValue:
    """Keep a list and have it looked at; 422 with the form where something is wrong."""
    who, zone = actor(), reader_zone().key
    try:
        file = read_file(request.files.get("file"))
        region, name = read_region(request.form), file.filename or ""
        task = transaction(lambda: contact_service.upload(file.stream, name, region, zone, who))
    except Invalid as error:
        return form_page("contact_imports", {error.field or "": error.message}), error.status
    return see_other(url_for("contact_imports.upload", task_id=task.id))


@blueprint.get("/<id:task_id>")
@requires(Right.WORK)
def upload(task_id: int) -> ResponseReturnValue:
    """Show how an import stands; its part fetches itself every second while it goes on."""
    task = upload_of(task_id)
    if "next" in task.params:
        return see_other(url_for("contact_imports.upload", task_id=task.params["next"]))
    return page_or_fragment(
        "contact_imports/upload_page.html",
        "contact_imports/upload.html",
        **_shown(view_of(task)),
    )


@blueprint.post("/<id:task_id>/check")
@requires(Right.WORK)
def check(task_id: int) -> ResponseReturnValue:
    """Have a list checked with what its columns are said to hold."""
    form, who, zone = request.form, actor(), reader_zone()
    before = view_of(upload_of(task_id))
    reading, errors = read_reading(form, before.reading, zone)
    if errors:
        said = _shown(before, reading, errors)
        return render_template("contact_imports/upload_page.html", **said), 422
    again = transaction(lambda: contact_service.check(task_id, reading, who))
    return see_other(url_for("contact_imports.upload", task_id=again.id))


@blueprint.post("/<id:task_id>/record")
@requires(Right.WORK)
def record(task_id: int) -> ResponseReturnValue:
    """Have a checked list recorded; consent in it takes the right to it too."""
    who = actor()
    for right in contact_service.rights_needed(upload_of(task_id)):
        ensure(right)
    task = transaction(lambda: contact_service.record(task_id, who))
    toast("The import has begun. It goes on if you leave this page.")
    return see_other(url_for("contact_imports.upload", task_id=task.id))


@blueprint.get("/<id:task_id>/refused.csv")
@requires(Right.WORK)
def refused(task_id: int) -> ResponseReturnValue:
    """Send the rows that were refused, each with its reason, as a CSV file.

    To who started it or an admin, once it is noted who took it.
    """
    task = upload_of(task_id)
    if "next" in task.params:
        return see_other(url_for("contact_imports.refused", task_id=task.params["next"]))
    return send_refused(task)


def _shown(
    upload: Upload, reading: ContactReading | None = None, errors: dict[str, str] | None = None
) -> dict[str, Any]:
    return {
        **shown(upload, errors),
        "mapping": mapping,
        "reading": reading or upload.reading,
        "zone": reader_zone().key,
    }
