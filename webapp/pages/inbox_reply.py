"""Answering in a conversation: text or template, past a seen warning where that may be."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.accounts.access import actor, requires
from webapp.accounts.rules import Right
from webapp.core.db import db, transaction
from webapp.core.errors import Conflict, Invalid
from webapp.core.web import local_path, see_other, wants_fragment
from webapp.delivery.sentences import explain
from webapp.events.service import change_number
from webapp.inbox.talks import talk_of
from webapp.inbox.writing import answer
from webapp.outbox.models import Message
from webapp.outbox.rules import SENTENCES, Status
from webapp.pages.inbox import shown
from webapp.pages.inbox_view import CHOICES, anyway, list_view, talk_view
from webapp.pages.inbox_words import template_words
from webapp.pages.presentation import toast

blueprint = Blueprint("inbox_reply", __name__)
blueprint.context_processor(lambda: dict(template_words()))

FIELDS = ("text", "subject")


@blueprint.get("/inbox/<id:conversation_id>/reply")
@requires(Right.WORK)
def write(conversation_id: int) -> ResponseReturnValue:
    """Show the composer for the template that was chosen, or past the opt-out that was seen."""
    return _composer(conversation_id, {})


@blueprint.post("/inbox/<id:conversation_id>/reply")
@requires(Right.WORK)
def send(conversation_id: int) -> ResponseReturnValue:
    """Send by hand, now; what was written stays where it cannot be sent."""
    override, who = anyway(), actor()
    try:
        message = transaction(lambda: answer(conversation_id, request.form, who, override))
    except (Invalid, Conflict) as error:
        field = error.field or ""
        known = field in FIELDS or field.startswith("variable_")
        return _composer(conversation_id, {field if known else "": error.message}), error.status
    toast(_say(message, override))
    return _sent(conversation_id)


def _say(message: Message, override: int | None) -> str:
    """Say what became of an answer that was just written."""
    if message.status is not Status.SCHEDULED:
        return explain(message)
    if message.reason is not None:
        return f"It waits. {SENTENCES[message.reason]}"
    if override is not None:
        return "On its way, past the opt-out: the message says that you saw the warning."
    return "On its way."


def _composer(conversation_id: int, errors: dict[str, str]) -> Response:
    """Answer with the composer as the form has it, or with what stands in its place by now."""
    db.session.rollback()  # what was read before is not what stands now
    talk = talk_view(talk_of(conversation_id))
    said = shown(talk, errors)
    override = anyway()
    if override == talk.stance.override:
        said["anyway"] = override
    if wants_fragment():
        return make_response(render_template("inbox/composer.html", **said))
    page = {"change_number": change_number(), "view": list_view(conversation_id)}
    return make_response(render_template("inbox/page.html", choices=CHOICES, **page, **said))


def _sent(conversation_id: int) -> ResponseReturnValue:
    """Answer with an empty composer."""
    here = url_for("inbox.thread", conversation_id=conversation_id)
    if not wants_fragment():
        return see_other(local_path(request.form.get("next"), here))
    talk = talk_view(talk_of(conversation_id))
    said = shown(talk, empty=True)
    result = make_response(render_template("inbox/sent.html", **said))
    result.headers["HX-Trigger"] = "heed:change"
    return result
