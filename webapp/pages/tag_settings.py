"""The tags page: how many carry each, renaming and merging, deleting."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.accounts.access import actor, requires
from webapp.accounts.rules import Right
from webapp.contacts import tag_settings
from webapp.contacts.asked import Asked
from webapp.contacts.counting import count as count_people
from webapp.contacts.definitions import definitions
from webapp.contacts.filters import Filters
from webapp.contacts.segment_uses import with_tag
from webapp.contacts.tag_changes import tag_of
from webapp.contacts.tagging import read_tag
from webapp.contacts.tags import named, unknown_tags
from webapp.core.db import db, transaction
from webapp.core.errors import Conflict, Invalid
from webapp.core.web import page_or_fragment, read_id, wants_fragment
from webapp.core.zones import reader_zone
from webapp.pages.presentation import dialog_done, toast
from webapp.pages.setting_words import task_words_of
from webapp.pages.task_words import tell
from webapp.tasks.models import Task

blueprint = Blueprint("tags", __name__, url_prefix="/settings/tags")
LONGEST = 64


@blueprint.get("")
@requires(Right.SEE)
def show() -> ResponseReturnValue:
    """Show a page of the tags by alphabet, those with `q` in their name."""
    find = " ".join(request.args.get("q", "").replace("\x00", "").split())[:LONGEST]
    found = tag_settings.page(find, request.args.get("cursor"))
    return page_or_fragment("tags/page.html", "tags/rows.html", found=found, find=find)


@blueprint.get("/<id:tag_id>/count")
@requires(Right.SEE)
def count(tag_id: int) -> ResponseReturnValue:
    """Give how many contacts carry a tag; fetched after the page, which never waits for it."""
    asked = Filters(tags=(tag_of(tag_id).name,))
    found = count_people(Asked(asked, reader_zone(), definitions()))
    return render_template("segments/count.html", count=found)


@blueprint.get("/new")
@requires(Right.WORK)
def new() -> ResponseReturnValue:
    """Show the form for a new tag."""
    return _dialog("tags/new.html", name="", errors={})


@blueprint.post("/new")
@requires(Right.WORK)
def create() -> ResponseReturnValue:
    """Make a tag that nobody carries yet."""
    name = request.form.get("tag", "")
    try:
        name = read_tag(name)
        if not unknown_tags([name]):
            raise Invalid("There is a tag of this name already.", field="tag")
        who = actor()
        transaction(lambda: tag_settings.note_added(named([name])[0], who))
    except Invalid as error:
        return _dialog("tags/new.html", name=name, errors={"tag": error.message}), error.status
    toast(f"The tag “{name}” was added.")
    return dialog_done(url_for("tags.show"))


@blueprint.get("/<id:tag_id>/rename")
@requires(Right.WORK)
def rename_form(tag_id: int) -> ResponseReturnValue:
    """Show the form for another name."""
    return _rename_form(tag_id, tag_of(tag_id).name, {})


@blueprint.post("/<id:tag_id>/rename")
@requires(Right.WORK)
def rename(tag_id: int) -> ResponseReturnValue:
    """Give a tag another name; where another tag has it, ask whether the two shall be one."""
    name, into, who = request.form.get("tag", ""), read_id(request.form.get("into", "")), actor()
    try:
        if into is not None:
            task = transaction(lambda: tag_settings.merge(tag_id, into, who))
            return _done(task, "The tags are one now.")
        renamed = transaction(lambda: tag_settings.rename(tag_id, name, who)).name
    except tag_settings.Taken as taken:
        db.session.rollback()
        return _rename_form(tag_id, name, {}, taken), 422
    except Invalid as error:
        return _rename_form(tag_id, name, {"tag": error.message}), error.status
    return _done(None, f"It is called “{renamed}” now.")


@blueprint.get("/<id:tag_id>/delete")
@requires(Right.WORK)
def delete_form(tag_id: int) -> ResponseReturnValue:
    """Ask before a tag goes, and say from how many."""
    return _delete_form(tag_id)


@blueprint.post("/<id:tag_id>/delete")
@requires(Right.WORK)
def delete(tag_id: int) -> ResponseReturnValue:
    """Delete a tag and take it from all who carry it."""
    who = actor()
    try:
        task = transaction(lambda: tag_settings.delete(tag_id, who))
    except Conflict as error:
        db.session.rollback()
        return _delete_form(tag_id), error.status
    return _done(task, "The tag was deleted.")


def _done(task: Task | None, said: str) -> ResponseReturnValue:
    """Tell what came of it: at once, or by a task that the page shows."""
    toast(said if task is None else f"{task.title}: this goes on by itself, see Tasks.")
    return dialog_done(url_for("tags.show"))


def _rename_form(
    tag_id: int, name: str, errors: dict[str, str], taken: tag_settings.Taken | None = None
) -> Response:
    tag = tag_of(tag_id)
    many = tag_settings.carriers(tag_id) if taken else None
    return _dialog(
        "tags/rename.html", tag=tag, name=name, errors=errors, taken=taken, carriers=many
    )


def _delete_form(tag_id: int) -> Response:
    tag = tag_of(tag_id)
    many, users = tag_settings.carriers(tag_id), with_tag(tag.name)
    return _dialog("tags/delete.html", tag=tag, carriers=many, users=users)


def _dialog(part: str, **context: Any) -> Response:
    return page_or_fragment(
        "components/dialog_page.html",
        part,
        part=part,
        title="Tags",
        in_dialog=wants_fragment(),
        back=url_for("tags.show"),
        **context,
    )


tell("tags.", task_words_of("tags.show", "Contacts changed"))
