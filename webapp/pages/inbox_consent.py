"""The subscription status beside a conversation: Modify, a choice per channel, and Save."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from flask import Blueprint, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from webapp.accounts.access import actor, allowed, ensure, requires
from webapp.accounts.rules import Right
from webapp.consent.foreseen import stops_all
from webapp.consent.forms import HOW, read_record
from webapp.consent.service import settle
from webapp.consent.toggles import Record
from webapp.contacts.owners import owner_of_id
from webapp.contacts.rules import State
from webapp.core.db import db, transaction
from webapp.core.errors import Conflict, Invalid
from webapp.core.web import see_other, wants_fragment
from webapp.core.zones import reader_zone
from webapp.events.service import change_number
from webapp.inbox.subscriptions import Saved, Standing, read_wanted, save, standing_of
from webapp.inbox.talks import locked_talk, talk_of
from webapp.pages.consent_words import say_opted_in, say_opted_out, say_stands
from webapp.pages.inbox import shown
from webapp.pages.inbox_view import CHOICES, list_view, talk_view
from webapp.pages.inbox_words import template_words
from webapp.pages.presentation import toast, undo_of

blueprint = Blueprint("inbox_consent", __name__)
blueprint.context_processor(lambda: dict(template_words()))

Errors = dict[str, str]


@blueprint.get("/inbox/<id:conversation_id>/subscription")
@requires(Right.OPT_OUT)
def modify(conversation_id: int) -> ResponseReturnValue:
    """Show the channels to choose from, with the record where one is to be opted in."""
    return _form(conversation_id, {})


@blueprint.get("/inbox/<id:conversation_id>/subscription/status")
@requires(Right.SEE)
def status(conversation_id: int) -> ResponseReturnValue:
    """Show the status again as it stands: Modify was cancelled."""
    talk = talk_view(talk_of(conversation_id))
    if not wants_fragment():
        return see_other(talk.back)
    return render_template("inbox/subscription.html", talk=talk)


@blueprint.post("/inbox/<id:conversation_id>/subscription")
@requires(Right.OPT_OUT)
def change(conversation_id: int) -> ResponseReturnValue:
    """Save what was chosen, opt-outs settled before the answer; 422 or 409 with the form."""
    form = request.form
    record, errors = read_record(form, reader_zone())
    try:
        name, done = transaction(lambda: _save(conversation_id, form, record))
    except Invalid as error:
        return _form(conversation_id, errors or {error.field or "": error.message}, form), 422
    except Conflict as error:
        return _form(conversation_id, {"": error.message}, {}), 409
    settle(done.changes, also=done.places)
    _say(done, name)
    if record is not None and (stands := say_stands(done.into, record)):
        # A stranger has no name in the sentence.
        whose = "" if done.into.acts[0].owner else name
        return _form(conversation_id, {}, {}, [f"{whose}{why}" for _, why in stands]), 409
    return _done(conversation_id)


def _save(
    conversation_id: int, form: Mapping[str, str], record: Record | None
) -> tuple[str, Saved]:
    """Change what differs from what stands under the lock; opting in takes its own right.

    Gives what to call the person, and what came of it.
    """
    talk = locked_talk(conversation_id)
    wanted = read_wanted(form, standing_of(talk))
    if wanted.into:
        ensure(Right.OPT_IN)
    return talk.name, save(talk, wanted, record, actor())


def _say(done: Saved, name: str) -> None:
    said = []
    if done.out.acts:
        said.append(say_opted_out(done.out, name))
    if done.into.acts:
        said.append(say_opted_in(done.into, name))
    former = [owner.display_name for one in done.former if (owner := owner_of_id(one))]
    said += [f"It counts for {who} too, who left this address." for who in former]
    # Theirs would stay as it is: an undo asks who has the address now.
    undo = undo_of(done.event_ids) if allowed(Right.OPT_IN) and not former else None
    if text := " ".join(filter(None, said)):
        toast(text, undo=undo)
    elif not done.into.acts:
        toast("Nothing was changed.")


def _done(conversation_id: int) -> ResponseReturnValue:
    talk = talk_view(talk_of(conversation_id))
    if not wants_fragment():
        return see_other(talk.back)
    answer = make_response(render_template("inbox/subscription_saved.html", talk=talk))
    answer.headers["HX-Trigger"] = "heed:change"
    return answer


def _form(
    conversation_id: int,
    errors: Errors,
    chosen: Mapping[str, str] | None = None,
    stands: Collection[str] = (),
) -> Response:
    db.session.rollback()  # what was read before is not what stands now
    talk = talk_view(talk_of(conversation_id))
    values = request.args if chosen is None else chosen
    said = {
        **shown(talk),
        "chosen": values,
        "into": _into(values, talk.standing),
        "record_errors": errors,
        "stands": stands,
        "ways": [(how, how) for how in HOW],
        "zone": reader_zone().key,
        "stops_all": stops_all(),
        "editing": True,
    }
    if wants_fragment():
        return make_response(render_template("inbox/subscription_form.html", **said))
    page = {"change_number": change_number(), "view": list_view(conversation_id)}
    return make_response(render_template("inbox/page.html", choices=CHOICES, **page, **said))


def _into(values: Mapping[str, str], standing: list[Standing]) -> list[str]:
    """Give the channels which the form would opt in, for which it asks the record."""
    return [
        each.channel.label
        for each in standing
        if each.state is not State.OPTED_IN
        and values.get(f"state.{each.channel}") == State.OPTED_IN
    ]
