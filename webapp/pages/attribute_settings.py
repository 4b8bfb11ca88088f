"""The attributes page: what contacts may have besides name and addresses."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.accounts.access import actor, requires
from webapp.accounts.rules import Right
from webapp.contacts import attribute_settings
from webapp.contacts.attributes import Kind
from webapp.contacts.definitions import definitions
from webapp.core.db import db, transaction
from webapp.core.errors import Conflict, Invalid
from webapp.core.web import page_or_fragment
from webapp.pages.attribute_dialogs import KINDS, delete_dialog, drafted, form_dialog
from webapp.pages.presentation import dialog_done, toast
from webapp.pages.setting_words import task_words_of
from webapp.pages.task_words import tell

blueprint = Blueprint("attributes", __name__, url_prefix="/settings/attributes")


@blueprint.get("")
@requires(Right.SEE)
def show() -> ResponseReturnValue:
    """Show every attribute that contacts may have."""
    return page_or_fragment(
        "attributes/page.html", "attributes/rows.html", attributes=definitions(), kinds=KINDS
    )


@blueprint.get("/<id:definition_id>/count")
@requires(Right.SEE)
def count(definition_id: int) -> ResponseReturnValue:
    """Give how many contacts have it; fetched after the page, which never waits for it."""
    found = attribute_settings.having(attribute_settings.definition_of(definition_id).name)
    return render_template("segments/count.html", count=found)


@blueprint.get("/new")
@requires(Right.WORK)
def new() -> ResponseReturnValue:
    """Show the form for a new attribute."""
    return form_dialog(None, {"kind": Kind.TEXT.value}, {})


@blueprint.post("/new")
@requires(Right.WORK)
def create() -> ResponseReturnValue:
    """Define an attribute; 422 with the form where that cannot be."""
    form, who = request.form, actor()
    try:
        draft = drafted(form)
        made = transaction(lambda: attribute_settings.add(draft, form.get("name", ""), who))
    except Invalid as error:
        db.session.rollback()
        return form_dialog(None, form, {error.field or "": error.message}), error.status
    toast(f"“{made.label}” was added.")
    return dialog_done(url_for("attributes.show"))


@blueprint.get("/<id:definition_id>/edit")
@requires(Right.WORK)
def edit_form(definition_id: int) -> ResponseReturnValue:
    """Show the form of an attribute's label, kind and choices."""
    found = attribute_settings.definition_of(definition_id)
    said = {"label": found.label, "kind": found.kind, "choices": "\n".join(found.choices)}
    return form_dialog(found, said, {})


@blueprint.post("/<id:definition_id>/edit")
@requires(Right.WORK)
def edit(definition_id: int) -> ResponseReturnValue:
    """Change an attribute; 422 or 409 with the form where that cannot be."""
    form, who = request.form, actor()
    attribute_settings.definition_of(definition_id)
    try:
        draft = drafted(form)
        edited = transaction(lambda: attribute_settings.edit(definition_id, draft, who))
    except (Invalid, Conflict) as error:
        db.session.rollback()
        found = attribute_settings.definition_of(definition_id)
        return form_dialog(found, form, {error.field or "": error.message}), error.status
    toast(f"“{edited.label}” was saved.")
    return dialog_done(url_for("attributes.show"))


@blueprint.get("/<id:definition_id>/delete")
@requires(Right.WORK)
def delete_form(definition_id: int) -> ResponseReturnValue:
    """Ask before an attribute goes, and say from how many."""
    return delete_dialog(definition_id)


@blueprint.post("/<id:definition_id>/delete")
@requires(Right.WORK)
def delete(definition_id: int) -> ResponseReturnValue:
    """Delete an attribute with all its values."""
    who = actor()
    try:
        task = transaction(lambda: attribute_settings.delete(definition_id, who))
    except Conflict as error:
        db.session.rollback()
        return delete_dialog(definition_id), error.status
    toast("The attribute was deleted." if task is None else f"{task.title}: see Tasks.")
    return dialog_done(url_for("attributes.show"))


tell("attributes.", task_words_of("attributes.show", "Contacts without it now"))
