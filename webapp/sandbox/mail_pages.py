"""The mailbox, to look at: what Heed sent by email, whoever it was for."""

from __future__ import annotations

from flask import Blueprint, Response, abort, render_template, request

from webapp.sandbox import mailbox
from webapp.sandbox.mailbox import Mail
from webapp.sandbox.state import sandbox

blueprint = Blueprint("mailbox", __name__, url_prefix="/mail")


@blueprint.get("")
def index() -> str:
    """List the emails, the newest first."""
    return _list("sandbox/mails.html")


@blueprint.get("/list")
def show_list() -> str | tuple[str, int]:
    """Show the list alone, if there is a newer email than `seen`; for the page that polls."""
    with sandbox().store.read() as db:
        newest = mailbox.newest(db)
    if request.args.get("seen") == str(newest):
        return "", 204
    return _list("sandbox/_mails.html")


@blueprint.get("/<int:mail_id>")
def show(mail_id: int) -> str:
    """Show an email: its headers, its text, its files."""
    return render_template("sandbox/mail.html", mail=_mail(mail_id))


@blueprint.get("/<int:mail_id>/<int:place>")
def attachment(mail_id: int, place: int) -> Response:
    """Give a file of an email, never to be opened in the browser itself."""
    found = next((file for file in _mail(mail_id).attachments if file.place == place), None)
    if found is None:
        abort(404)
    response = Response(found.content, mimetype="application/octet-stream")
    response.headers.set("Content-Disposition", "attachment", filename=found.name)
    return response


def _mail(mail_id: int) -> Mail:
    with sandbox().store.read() as db:
        return mailbox.mail(db, mail_id) or abort(404)


def _list(template: str) -> str:
    search, page = request.args.get("q", ""), max(request.args.get("page", 1, type=int), 1)
    with sandbox().store.read() as db:
        newest = mailbox.newest(db)
        found, count = mailbox.mails(db, search, page)
    return render_template(
        template,
        mails=found,
        newest=newest,
        search=search,
        page=page,
        last_page=max((count - 1) // mailbox.PAGE + 1, 1),
    )
