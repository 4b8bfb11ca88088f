"""What the routes of both kinds of upload do alike: larger files, the form, the page, refusals."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from webapp.core import clock
from webapp.core.web import page_or_fragment
from webapp.core.words import counted
from webapp.imports import stores, uploads
from webapp.pages import task_words
from webapp.pages.countries import countries
from webapp.pages.task_files import ensure_mine, send_file
from webapp.pages.upload_view import UploadView
from webapp.tasks import files
from webapp.tasks.models import Task

ROOM = 64 * 1024  # bytes of a form beside its file


def take_lists(blueprint: Blueprint) -> None:
    """Let the `create` of a blueprint take files as large as a list may be.

    Of what is larger still none is kept: it is answered 413, with what to do about it.
    """
    creating = f"{blueprint.name}.create"

    def allow(endpoint: str | None, _values: dict[str, Any] | None) -> None:
        # Before anything reads the form.
        if endpoint == creating:
            request.max_content_length = uploads.MOST_BYTES + ROOM

    def too_large(_error: Exception) -> ResponseReturnValue:
        said = {"status": 413, "message": uploads.too_large()}
        return render_template("errors/page.html", **said), 413

    blueprint.url_value_preprocessor(allow)
    blueprint.register_error_handler(413, too_large)


def form_page(folder: str, errors: dict[str, str]) -> Response:
    """Show the form for a list, of the templates in a folder, with what is wrong by field."""
    return page_or_fragment(
        f"{folder}/new_page.html",
        f"{folder}/new.html",
        errors=errors,
        said=request.values,
        countries=countries(),
        most=uploads.MOST_BYTES,
    )


def shown(upload: UploadView, errors: dict[str, str] | None = None) -> dict[str, Any]:
    """Give what the page of every upload is rendered with."""
    return {
        "upload": upload,
        "countries": countries(),
        "counted": counted,
        "words": task_words,
        "now": clock.now(),
        "errors": errors or {},
    }


def send_refused(task: Task) -> Response:
    """Send the rows that the task which has them refused, each with its reason, as a CSV file.

    To who started it or an admin, once it is noted who took it. Raises Forbidden or NotFound.
    """
    ensure_mine(task)
    return send_file(files.file_of(task.id, stores.REFUSED))
