"""Making a planned export's file and mailing it, each recipient once."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.message import EmailMessage
from functools import partial
from typing import Any

from flask import current_app
from sqlalchemy import update

from webapp.audit.service import record
from webapp.core import mail
from webapp.core.config import Config
from webapp.core.db import db, transaction
from webapp.core.dialect import database_now
from webapp.core.errors import Conflict
from webapp.exports.asked import planned_list
from webapp.exports.beating import beating
from webapp.exports.letters import ATTACHED_AT_MOST, Made, addressed, letter
from webapp.exports.making import make
from webapp.exports.models import ExportSchedule
from webapp.exports.rules import ROLE
from webapp.exports.turns import covered
from webapp.tasks import files
from webapp.tasks.work import PutOff, Step, Work

# How long it waits after each round in which the mail server could not serve somebody; then it
# gives them up.
PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240)]


def mail_list(work: Work) -> None:
    """Make the file of a planned export, unless an attempt before did, and mail it.

    What came of it is noted after each recipient, so that a crash repeats one email at most, under
    the same Message-ID. Whom the mail server cannot serve now waits until all others had theirs,
    and is refused when that went on for too long. Gives way between recipients. Raises PutOff
    while somebody waits, Conflict when the mail server takes it for nobody.
    """
    make(work, planned_list(work.params), work.params["file"])
    message = transaction(lambda: _letter(work))
    for nth, recipient in enumerate(_left(work)):
        if nth:
            work.give_way()
        _tell(work, message, recipient)
    if work.position.get("later"):
        _wait(work)
    refused = {to: said for to, said in work.position["told"].items() if said}
    if len(refused) == len(work.params["recipients"]):
        _fail(work, _each(refused))
    work.note(lambda: _finish(work, refused))


def _left(work: Work) -> list[str]:
    """Give whom this round has still to try: `told` are done with, `later` are put off."""
    tried = {**work.position.get("told", {}), **work.position.get("later", {})}
    return [to for to in work.params["recipients"] if to not in tried]


def _tell(work: Work, message: EmailMessage, recipient: str) -> None:
    """Mail it to one; note that, or why they cannot have it, now or ever."""
    said, where = "", "told"
    try:
        _send(work, message, recipient)
    except mail.NotTaken as error:
        said, where = str(error), "told" if error.for_good else "later"
    position = {**work.position, where: {**work.position.get(where, {}), recipient: said}}
    counts = {"refused" if said else "sent": 1} if where == "told" else {}
    work.note(lambda: Step(position=position, counts=counts))


def _send(work: Work, message: EmailMessage, recipient: str) -> None:
    """Hand it over; a mail server may take longer than a task may be silent."""
    config: Config = current_app.extensions["heed"]
    addressed(message, recipient, work.task_id, config.email_from)
    beating(work, partial(mail.send, config, message, recipient))


def _wait(work: Work) -> None:
    """Put off who waits, or note them as refused when that was done often enough."""
    later, tries = work.position["later"], work.position.get("tries", 0)
    position = {**work.position, "later": {}}
    if tries == len(PAUSES):
        given_up = {
            to: f"{said.rstrip('.')}. Tried {tries + 1} times." for to, said in later.items()
        }
        position["told"] = {**position.get("told", {}), **given_up}
        work.note(lambda: Step(position=position, counts={"refused": len(later)}))
        return

    def put_off() -> Step:
        _note(work, last_error=_each(later))
        return Step(position={**position, "tries": tries + 1}, facts={"tries": tries + 1})

    work.note(put_off)
    raise PutOff(PAUSES[tries])


def _fail(work: Work, said: str) -> None:
    transaction(lambda: _note(work, last_error=said))
    raise Conflict(f"It could not be mailed. {said}")


def _finish(work: Work, refused: dict[str, str]) -> Step:
    params = work.params
    _note(work, last_at=database_now(db.session()), last_error=_each(refused))
    if params["in_turn"]:
        covered(params["schedule_id"], params, datetime.fromisoformat(params["until"]))
    served = [to for to in params["recipients"] if to not in refused]
    what = {name: params[name] for name in ("name", "list", "only_new", "file")}
    record(work.actor, "exports.mailed", task_id=work.task_id, recipients=served, **what)
    return Step()


def _each(said: dict[str, str]) -> str:
    """Say why each of some recipients has not got it."""
    return "; ".join(f"Not to {to}: {why}" for to, why in said.items())


def _note(work: Work, **values: Any) -> None:
    """Change the planned export, if it is still there."""
    db.session.execute(
        update(ExportSchedule)
        .where(ExportSchedule.id == work.params["schedule_id"])
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def _letter(work: Work) -> EmailMessage:
    config: Config = current_app.extensions["heed"]
    file = files.file_of(work.task_id, ROLE)
    small = file.size <= ATTACHED_AT_MOST
    page = f"{config.public_url}/exports"
    made = Made(
        file.name,
        file.content_type,
        file.size,
        work.result["rows"],
        f"{page}/{work.task_id}/file",
        b"".join(files.parts_of(file.id)) if small else b"",
    )
    return letter(work.params, made, page, file.created_at)
