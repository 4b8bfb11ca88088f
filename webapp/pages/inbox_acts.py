"""What is done with a conversation as a whole: read, unread, assigned, an opt-out reported."""

from __future__ import annotations

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from webapp.accounts.access import actor, requires
from webapp.accounts.queries import names_of
from webapp.accounts.rules import ActorKind, Right
from webapp.contacts.rules import Channel
from webapp.conversations import unread
from webapp.conversations.assignment import Assigned, assign
from webapp.core.db import transaction
from webapp.core.errors import Invalid
from webapp.core.web import local_path, read_id, see_other, wants_fragment
from webapp.inbox import subscriptions
from webapp.inbox.talks import locked_talk, talk_of
from webapp.pages import reports
from webapp.pages.presentation import dialog_done, toast

blueprint = Blueprint("inbox_acts", __name__)


@blueprint.post("/inbox/<id:conversation_id>/seen")
@requires(Right.WORK)
def seen(conversation_id: int) -> ResponseReturnValue:
    """Mark as read what the page has shown, up to its newest message."""
    newest = read_id(request.form.get("inbound", ""))
    if newest is None:
        raise Invalid("Say which message was shown last.", field="inbound")
    transaction(lambda: unread.mark_seen(conversation_id, newest))
    return ("", 204) if wants_fragment() else see_other(_back(conversation_id))


@blueprint.post("/inbox/<id:conversation_id>/unread")
@requires(Right.WORK)
def mark_unread(conversation_id: int) -> ResponseReturnValue:
    """Mark a conversation as unread, and go back to the list."""
    transaction(lambda: unread.mark_unread(conversation_id))
    toast("Marked as unread.")
    return see_other(local_path(request.form.get("next"), url_for("inbox.show")))


@blueprint.post("/inbox/<id:conversation_id>/assign")
@requires(Right.WORK)
def give(conversation_id: int) -> ResponseReturnValue:
    """Assign a conversation to a user or to nobody; of two who do so at once the last wins."""
    asked = request.form.get("user", "")
    user_id = read_id(asked)
    if asked and user_id is None:
        raise Invalid("There is no such user.", field="user")
    done = transaction(lambda: assign(conversation_id, user_id))
    toast(_say(done, read_id(request.form.get("shown", ""))))
    return dialog_done(_back(conversation_id))


@blueprint.get("/inbox/<id:conversation_id>/report")
@requires(Right.REPORT_OPT_OUT)
def ask_report(conversation_id: int) -> ResponseReturnValue:
    """Ask what the person said, before an opt-out of the conversation's channel is reported."""
    return reports.ask_report(*_reported(conversation_id))


@blueprint.post("/inbox/<id:conversation_id>/report")
@requires(Right.REPORT_OPT_OUT)
def report(conversation_id: int) -> ResponseReturnValue:
    """Hold the marketing on the conversation's channel until an admin decides."""
    who = actor()
    return reports.report(
        *_reported(conversation_id),
        lambda said: subscriptions.report(locked_talk(conversation_id), who, said),
    )


def _reported(conversation_id: int) -> tuple[str, Channel, str, str]:
    """Give what the dialog of a report needs: name, channel, its form's address, the way back."""
    talk = talk_of(conversation_id)
    here = url_for("inbox_acts.report", conversation_id=conversation_id)
    return talk.name, talk.channel, here, _back(conversation_id)


def _say(done: Assigned, shown: int | None) -> str:
    """Say whose a conversation is, and whose it had become unseen."""
    me = actor().id
    names = names_of((ActorKind.USER, number) for number in (done.before, done.now) if number)

    def name(number: int | None) -> str:
        return names[ActorKind.USER, number] if number else "Nobody"

    said = "Nobody has this conversation now."
    if done.now:
        said = f"{'You have' if done.now == me else f'{name(done.now)} has'} this conversation now."
    if done.changed and done.before and done.before != shown and done.before != me:
        said += f" {name(done.before)} had taken it a moment before."
    return said


def _back(conversation_id: int) -> str:
    here = url_for("inbox.thread", conversation_id=conversation_id)
    return local_path(request.values.get("next"), here)
