"""A list as a file, at once or begun as a task, and who is noted for it."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Response, url_for
from flask.typing import ResponseReturnValue

from webapp.accounts.access import actor
from webapp.accounts.rules import Actor
from webapp.audit.service import record
from webapp.core.db import db, transaction
from webapp.core.spreadsheets import csv_download
from webapp.core.web import see_other
from webapp.exports import csv_files, service, workbooks
from webapp.exports.asked import Asked
from webapp.exports.lists import Listed
from webapp.tasks.models import Task


def send_csv(asked: Asked) -> Response:
    """Send what is asked for as a CSV file, row by row, once it is noted who took it."""
    listed, who = asked.listed(), actor()
    _writing()
    transaction(lambda: _note(asked, who, csv_files.ENDING))
    return csv_download(listed.file_name(csv_files.ENDING), csv_files.csv_pieces(listed))


def send_workbook(asked: Asked) -> ResponseReturnValue:
    """Send what is asked for as an Excel file; a large one is made in a task, whose page answers."""
    listed, who = asked.listed(), actor()
    small = service.is_small(listed)
    _writing()
    if not small:
        task = transaction(lambda: _started(asked, who))
        return see_other(url_for("tasks.show", task_id=task.id))
    transaction(lambda: _note(asked, who, workbooks.ENDING))
    return _workbook(listed)


def _workbook(listed: Listed) -> Response:
    with TemporaryDirectory(prefix="heed-") as folder:
        path = Path(folder) / "list.xlsx"
        workbooks.write_workbook(listed, path)
        response = Response(path.read_bytes(), content_type=workbooks.CONTENT_TYPE)
    name = listed.file_name(workbooks.ENDING)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _started(asked: Asked, who: Actor) -> Task:
    task = service.start_workbook(asked, who)
    _note(asked, who, workbooks.ENDING, task_id=task.id)
    return task


def _note(asked: Asked, who: Actor, file_type: str, **more: int) -> None:
    """Note who exports what, in the open transaction, before the first row leaves."""
    record(who, asked.audited, asked=asked.as_json()["asked"], file=file_type, **more)


def _writing() -> None:
    """End what was read for the page: on SQLite a transaction that has read may not write."""
    db.session.rollback()
