"""Notes about a contact, written and removed on their page."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.accounts.access import actor, allowed, requires
from webapp.accounts.rules import Right
from webapp.contacts.notes import add_note, remove_note
from webapp.contacts.queries import contact_of
from webapp.core.db import transaction
from webapp.core.errors import Invalid
from webapp.core.web import see_other, wants_fragment
from webapp.pages.presentation import dialog_done, toast
from webapp.pages.timeline import read_many, timeline_of

blueprint = Blueprint("notes", __name__)


@blueprint.post("/contacts/<id:contact_id>/notes")
@requires(Right.WORK)
def add(contact_id: int) -> ResponseReturnValue:
    """Write a note; 422 with what was written where it cannot be kept."""
    text, who, problem, status = request.form.get("note", ""), actor(), "", 200
    try:
        transaction(lambda: add_note(contact_id, text, who))
    except Invalid as error:
        problem, status = error.message, error.status
    if not wants_fragment():
        toast(problem or "The note was kept.")
        return see_other(_back(contact_id))
    shown = timeline_of(contact_id, read_many(request.form))
    said = render_template(
        "contacts/activity.html",
        contact=contact_of(contact_id),
        timeline=shown,
        note=text if problem else "",
        problem=problem,
    )
    return said, status


@blueprint.post("/contacts/<id:contact_id>/notes/<id:note_id>/remove")
@requires(Right.WORK)
def remove(contact_id: int, note_id: int) -> ResponseReturnValue:
    """Remove a note: one's own; an admin removes anybody's."""
    who, anybodys = actor(), allowed(Right.ADMINISTER)
    transaction(lambda: remove_note(contact_id, note_id, who, anybodys=anybodys))
    toast("The note was removed.")
    return dialog_done(_back(contact_id))


def _back(contact_id: int) -> str:
    return url_for("contacts.show", contact_id=contact_id, _anchor="activity")
