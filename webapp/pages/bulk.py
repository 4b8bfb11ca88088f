"""Bulk actions on the audience: dialogs that say what they will do, and doing it."""

from __future__ import annotations

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from webapp.accounts.access import actor, allowed, requires
from webapp.accounts.rules import Right
from webapp.bulk import service
from webapp.bulk.asked import Deed
from webapp.bulk.people import ids_of
from webapp.core.db import transaction
from webapp.core.errors import Invalid, NotFound
from webapp.core.web import see_other, wants_fragment
from webapp.pages.bulk_dialogs import dialog, sized, unconfirmed
from webapp.pages.bulk_forms import Chosen, Form, read_chosen, read_deed
from webapp.pages.bulk_words import say_done
from webapp.pages.presentation import Undo, dialog_done, toast, undo_of

blueprint = Blueprint("bulk", __name__, url_prefix="/audience/bulk")


@blueprint.get("/opt-out")
@requires(Right.OPT_OUT)
def opt_out() -> ResponseReturnValue:
    """Show the dialog that opts out."""
    return dialog(Deed.OPT_OUT)


@blueprint.post("/opt-out")
@requires(Right.OPT_OUT)
def mark_opted_out() -> ResponseReturnValue:
    """Opt out a page at once, or more as a task."""
    return _do(Deed.OPT_OUT)


@blueprint.get("/opt-in")
@requires(Right.OPT_IN)
def opt_in() -> ResponseReturnValue:
    """Show the dialog that opts in, with one record of consent for all."""
    return dialog(Deed.OPT_IN)


@blueprint.post("/opt-in")
@requires(Right.OPT_IN)
def mark_opted_in() -> ResponseReturnValue:
    """Opt in a page at once, or more as a task."""
    return _do(Deed.OPT_IN)


@blueprint.get("/tag")
@requires(Right.WORK)
def tag() -> ResponseReturnValue:
    """Show the dialog that adds a tag."""
    return dialog(Deed.TAG)


@blueprint.post("/tag")
@requires(Right.WORK)
def add_tag() -> ResponseReturnValue:
    """Add a tag to a page at once, or to more as a task."""
    return _do(Deed.TAG)


@blueprint.get("/untag")
@requires(Right.WORK)
def untag() -> ResponseReturnValue:
    """Show the dialog that removes a tag."""
    return dialog(Deed.UNTAG)


@blueprint.post("/untag")
@requires(Right.WORK)
def remove_tag() -> ResponseReturnValue:
    """Remove a tag from a page at once, or from more as a task."""
    return _do(Deed.UNTAG)


@blueprint.get("/size")
@requires(Right.WORK)
def size() -> ResponseReturnValue:
    """Give the numbers of a dialog over all that match; fetched when it stands already."""
    deed = request.args.get("deed")
    if deed not in set(Deed):
        raise NotFound("There is no such action.")
    return sized(Deed(deed))


def _do(deed: Deed) -> ResponseReturnValue:
    chosen, form = read_chosen(request.form), read_deed(deed, request.form)
    if form.errors:
        return dialog(deed, form.errors)
    try:
        ids = chosen.selection.ids_at_once()
        return _task(chosen, form) if ids is None else _now(chosen, form, ids)
    except Invalid as error:
        field = {"evidence": "when"}.get(error.field or "", error.field or "")
        return dialog(deed, {field: error.message})
    except NotFound as error:
        return dialog(deed, {error.field or "": error.message})


def _now(chosen: Chosen, form: Form, ids: list[int]) -> ResponseReturnValue:
    """Do it to a page, and answer when nothing more can leave."""
    who = actor()
    done = transaction(lambda: service.do_now(form.asked, ids, who))
    done.wait()
    undo: Undo | None = None
    if done.acts is not None and allowed(Right.OPT_IN):
        undo = undo_of(done.acts.event_ids)
    elif done.tagged is not None and done.tagged.changed:
        back = "bulk.remove_tag" if form.asked.deed is Deed.TAG else "bulk.add_tag"
        fields = [("id", str(number)) for number in done.tagged.changed]
        undo = Undo(url_for(back), [*fields, ("tag", form.asked.tag)])
    toast(say_done(form.asked, done.counts()), undo=undo)
    return dialog_done(chosen.back, event="heed:change, heed:chosen")


def _task(chosen: Chosen, form: Form) -> ResponseReturnValue:
    """Begin a task; of very many, once their number is written down."""
    people, who = ids_of(chosen.selection), actor()
    if wrong := unconfirmed(form.asked.deed, len(people)):
        return dialog(form.asked.deed, {"confirm": wrong})
    task = transaction(lambda: service.start(form.asked, chosen.selection, people, who))
    if wants_fragment():
        return dialog_done(chosen.back, event="heed:task, heed:chosen")
    return see_other(url_for("tasks.show", task_id=task.id, next=chosen.back))
