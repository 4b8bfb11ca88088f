"""Making a planned export's file and mailing it, each recipient once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import update

from webapp.audit.service import record
from webapp.consent.exclusions import ExclusionFilter
from webapp.contacts.rules import Channel, Source
from webapp.core import mail
from webapp.core.config import Config
from webapp.core.days import EVER, Days
from webapp.core.db import db, transaction
from webapp.core.dialect import database_now
from webapp.core.errors import Conflict, NotFound
from webapp.exports.beating import beating
from webapp.exports.letters import ATTACHED_AT_MOST, Made, addressed, letter
from webapp.exports.lists import Listed, opt_outs
from webapp.exports.making import make
from webapp.exports.models import ExportSchedule
from webapp.exports.rules import ROLE
from webapp.tasks import files
from webapp.tasks.work import PutOff, Step, Work

# How long it waits after each time that the mail server cannot take it; then it gives up.
PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240)]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def mail_list(work: Work) -> None:
    """Make the file of a planned export, unless an attempt before did, and mail it.

    Who was served is noted after each, so that a crash repeats one email at most, under the same
    Message-ID. Raises PutOff while the mail server takes nothing, Conflict when that went on for
    too long or it takes it for nobody.
    """
    if not transaction(lambda: _is_made(work)):
        make(work, _listed(work.params), work.params["file"])
    message = transaction(lambda: _letter(work))
    for recipient in work.params["recipients"]:
        if recipient not in work.position.get("told", {}):
            _tell(work, message, recipient)
    refused = {to: said for to, said in work.position["told"].items() if said}
    if len(refused) == len(work.params["recipients"]):
        _fail(work, "; ".join(f"{to}: {said}" for to, said in refused.items()))
    work.note(lambda: _finish(work, refused))


def _tell(work: Work, message: EmailMessage, recipient: str) -> None:
    """Mail it to one; note that, or why they can never have it."""
    said = ""
    try:
        _send(work, message, recipient)
    except mail.NotTaken as error:
        if not error.for_good:
            _wait(work, str(error))
        said = str(error)
    told = {**work.position.get("told", {}), recipient: said}
    sent = {"sent": 1} if not said else {"refused": 1}
    work.note(lambda: Step(position={**work.position, "told": told}, counts=sent))


def _send(work: Work, message: EmailMessage, recipient: str) -> None:
    """Hand it over; a mail server may take longer than a task may be silent."""
    config: Config = current_app.extensions["heed"]
    addressed(message, recipient, work.task_id, config.email_from)
    beating(work, partial(mail.send, config, message, recipient))


def _wait(work: Work, said: str) -> None:
    """Put the rest off, or give it up when that was done often enough."""
    tries = work.position.get("tries", 0)
    if tries == len(PAUSES):
        _fail(work, f"{said} Tried {tries + 1} times.")

    def put_off() -> Step:
        _note(work, last_error=said)
        return Step(position={**work.position, "tries": tries + 1}, facts={"tries": tries + 1})

    work.note(put_off)
    raise PutOff(PAUSES[tries])


def _fail(work: Work, said: str) -> None:
    transaction(lambda: _note(work, last_error=said))
    raise Conflict(f"It could not be mailed. {said}")


def _finish(work: Work, refused: dict[str, str]) -> Step:
    params = work.params
    values: dict[str, Any] = {"last_at": database_now(db.session())}
    values["last_error"] = "; ".join(f"Not to {to}: {said}" for to, said in refused.items())
    if params["in_turn"] and params["only_new"]:
        values["covers_from"] = datetime.fromisoformat(params["until"])
    _note(work, **values)
    served = [to for to in params["recipients"] if to not in refused]
    what = {name: params[name] for name in ("name", "list", "only_new", "file")}
    record(work.actor, "exports.mailed", task_id=work.task_id, recipients=served, **what)
    return Step()


def _note(work: Work, **values: Any) -> None:
    """Change the planned export, if it is still there."""
    db.session.execute(
        update(ExportSchedule)
        .where(ExportSchedule.id == work.params["schedule_id"])
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def _listed(params: dict[str, Any]) -> Listed:
    """Give the list that is to be mailed: all of it, or what was recorded since the last."""
    channel, source = params["list"]["channel"], params["list"]["source"]
    asked = (Channel(channel) if channel else None, Source(source) if source else None)
    zone = ZoneInfo(params["zone"])
    if not params["only_new"]:
        return opt_outs(ExclusionFilter(*asked), zone, EVER)
    since = datetime.fromisoformat(params["since"]) if params["since"] else EPOCH
    until = datetime.fromisoformat(params["until"])
    first = since.astimezone(zone).date() if params["since"] else None
    days = Days(first, until.astimezone(zone).date())
    return opt_outs(ExclusionFilter(*asked, recorded=(since, until)), zone, days)


def _is_made(work: Work) -> bool:
    try:
        files.file_of(work.task_id, ROLE)
    except NotFound:
        return False
    return True


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
