"""The attributes page: what contacts may have besides name and addresses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.accounts.access import actor, requires
from webapp.accounts.rules import Right
from webapp.contacts import attribute_settings
from webapp.contacts.attributes import Kind
from webapp.contacts.definitions import definitions
from webapp.contacts.models import AttributeDefinition
from webapp.contacts.segment_uses import with_attribute
from webapp.core.db import db, transaction
from webapp.core.errors import Conflict, Invalid
from webapp.core.web import page_or_fragment, wants_fragment
from webapp.pages.presentation import dialog_done, toast
from webapp.pages.setting_words import task_words_of
from webapp.pages.task_words import tell

blueprint = Blueprint("attributes", __name__, url_prefix="/settings/attributes")
KINDS = {
    Kind.TEXT: "Text",
    Kind.NUMBER: "Number",
    Kind.DATE: "Date",
    Kind.BOOLEAN: "Yes or no",
    Kind.CHOICE: "Choice",
}


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
    return _form(None, {"kind": Kind.TEXT.value}, {})


@blueprint.post("/new")
@requires(Right.WORK)
def create() -> ResponseReturnValue:
    """Define an attribute; 422 with the form where that cannot be."""
    form, who = request.form, actor()
    try:
        draft = _draft(form)
        made = transaction(lambda: attribute_settings.add(draft, form.get("name", ""), who))
    except Invalid as error:
        db.session.rollback()
        return _form(None, form, {error.field or "": error.message}), error.status
    toast(f"“{made.label}” was added.")
    return dialog_done(url_for("attributes.show"))


@blueprint.get("/<id:definition_id>/edit")
@requires(Right.WORK)
def edit_form(definition_id: int) -> ResponseReturnValue:
    """Show the form of an attribute's label, kind and choices."""
    found = attribute_settings.definition_of(definition_id)
    said = {"label": found.label, "kind": found.kind, "choices": "\n".join(found.choices)}
    return _form(found, said, {})


@blueprint.post("/<id:definition_id>/edit")
@requires(Right.WORK)
def edit(definition_id: int) -> ResponseReturnValue:
    """Change an attribute; 422 or 409 with the form where that cannot be."""
    form, who = request.form, actor()
    attribute_settings.definition_of(definition_id)
    try:
        draft = _draft(form)
        edited = transaction(lambda: attribute_settings.edit(definition_id, draft, who))
    except (Invalid, Conflict) as error:
        db.session.rollback()
        found = attribute_settings.definition_of(definition_id)
        return _form(found, form, {error.field or "": error.message}), error.status
    toast(f"“{edited.label}” was saved.")
    return dialog_done(url_for("attributes.show"))


@blueprint.get("/<id:definition_id>/delete")
@requires(Right.WORK)
def delete_form(definition_id: int) -> ResponseReturnValue:
    """Ask before an attribute goes, and say from how many."""
    return _delete_form(definition_id)


@blueprint.post("/<id:definition_id>/delete")
@requires(Right.WORK)
def delete(definition_id: int) -> ResponseReturnValue:
    """Delete an attribute with all its values."""
    who = actor()
    try:
        task = transaction(lambda: attribute_settings.delete(definition_id, who))
    except Conflict as error:
        db.session.rollback()
        return _delete_form(definition_id), error.status
    toast("The attribute was deleted." if task is None else f"{task.title}: see Tasks.")
    return dialog_done(url_for("attributes.show"))


def _draft(form: Mapping[str, str]) -> attribute_settings.Draft:
    return attribute_settings.read_draft(
        form.get("label", ""), form.get("kind", ""), form.get("choices", "")
    )


def _form(
    found: AttributeDefinition | None, said: Mapping[str, str], errors: dict[str, str]
) -> Response:
    kinds = [(kind.value, label) for kind, label in KINDS.items()]
    return _dialog("attributes/form.html", found=found, said=said, errors=errors, kinds=kinds)


def _delete_form(definition_id: int) -> Response:
    found = attribute_settings.definition_of(definition_id)
    there, users = attribute_settings.having(found.name), with_attribute(found.name)
    return _dialog("attributes/delete.html", found=found, having=there, users=users)


def _dialog(part: str, **context: Any) -> Response:
    return page_or_fragment(
        "components/dialog_page.html",
        part,
        part=part,
        title="Attributes",
        in_dialog=wants_fragment(),
        back=url_for("attributes.show"),
        **context,
    )


tell("attributes.", task_words_of("attributes.show", "Contacts without it now"))
