"""Building a segment: groups of conditions in a form, with a count that follows each change."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.accounts.access import actor, requires
from webapp.accounts.rules import Right
from webapp.contacts.asked import Asked
from webapp.contacts.counting import count as count_people
from webapp.contacts.definitions import definitions
from webapp.contacts.filters import Filters
from webapp.contacts.kept_params import meaning_of
from webapp.contacts.listing import first_rows
from webapp.contacts.tree import Group
from webapp.contacts.tree_check import problems
from webapp.contacts.whole import whole_of
from webapp.core.db import db, transaction
from webapp.core.errors import Invalid
from webapp.core.web import page_or_fragment, read_id, see_other, wants_fragment
from webapp.core.zones import reader_zone
from webapp.pages.presentation import toast
from webapp.pages.segment_builder_form import read_form
from webapp.pages.segment_builder_offers import Offered, by_name
from webapp.pages.segment_builder_view import GroupView
from webapp.pages.segments_view import read_query
from webapp.segments import queries, service, tree_editing

blueprint = Blueprint("segment_builder", __name__, url_prefix="/segments")

PREVIEWED = 5
CHANGES: dict[str, Callable[[Group, str], Group]] = {
    "add": tree_editing.with_condition,
    "group": tree_editing.with_group,
    "remove": tree_editing.without,
}


@blueprint.get("/build")
@requires(Right.WORK)
def new() -> ResponseReturnValue:
    """Show the builder, empty or with the filters of the address (`query`)."""
    query = request.args.get("query", "")
    tree = service.as_tree(read_query(query)) if query else tree_editing.begun()
    return _builder(tree if tree.parts else tree_editing.begun(), "", 0)


@blueprint.get("/<id:segment_id>/build")
@requires(Right.WORK)
def edit(segment_id: int) -> ResponseReturnValue:
    """Show a saved segment in the builder, of either kind."""
    segment = queries.segment_of(segment_id)
    return _builder(service.as_tree(meaning_of(segment.params)), segment.name, segment_id)


@blueprint.post("/build")
@requires(Right.WORK)
def create() -> ResponseReturnValue:
    """Save a new segment; or, by its other buttons, write the form anew with a part more or less."""
    return _sent(0)


@blueprint.post("/<id:segment_id>/build")
@requires(Right.WORK)
def save(segment_id: int) -> ResponseReturnValue:
    """Do the same with a saved one."""
    queries.segment_of(segment_id)
    return _sent(segment_id)


@blueprint.post("/build/count")
@requires(Right.WORK, reads=True)
def count() -> ResponseReturnValue:
    """Give how many contacts the form describes, and the first of them; it saves nothing."""
    known, own = definitions(), read_id(request.form.get("own", "")) or 0
    tree = read_form(request.form, by_name(known))
    unfinished = bool(problems(tree, by_name(known)))
    found, first, refused = None, [], ""
    try:
        if not unfinished:
            whole = whole_of(tree, known, inside=own)
            asked = Asked(Filters(), reader_zone(), known, whole)
            found, first = count_people(asked), first_rows(asked, PREVIEWED)
    except Invalid as error:
        refused = error.message
    return render_template(
        "segments/build_count.html",
        count=found,
        first=first,
        refused=refused,
        unfinished=unfinished,
    )


def _sent(segment_id: int) -> ResponseReturnValue:
    """Answer the form by the button that sent it."""
    known, name = by_name(definitions()), request.form.get("name", "")
    tree, (do, _, path) = read_form(request.form, known), request.form.get("do", "").partition(":")
    if do != "save":
        try:
            tree = CHANGES[do](tree, path) if do in CHANGES else tree
        except Invalid as error:
            return _builder(tree, name, segment_id, {"": error.message}), error.status
        return _builder(tree, name, segment_id)
    errors = problems(tree, known)
    if errors:
        return _builder(tree, name, segment_id, wrong=errors), 422
    try:
        kept = _save(segment_id, name, tree)
    except Invalid as error:
        db.session.rollback()
        field = "name" if error.field == "name" else ""
        return _builder(tree, name, segment_id, {field: error.message}), error.status
    return _saved(kept)


def _save(segment_id: int, name: str, tree: Group) -> int:
    who = actor()

    def write() -> int:
        if not segment_id:
            return service.save(name, tree, who).id
        if name != queries.segment_of(segment_id).name:
            service.rename(segment_id, name, who)
        return service.update(segment_id, tree, who).id

    return transaction(write)


def _saved(segment_id: int) -> ResponseReturnValue:
    toast(f"“{queries.name_of(segment_id)}” was saved.")
    target = url_for("segments.show")
    if not wants_fragment():
        return see_other(target)
    return make_response("", 200, {"HX-Redirect": target})


def _builder(
    tree: Group,
    name: str,
    segment_id: int,
    errors: dict[str, str] | None = None,
    wrong: dict[str, str] | None = None,
) -> Response:
    """Write the form; `errors` are of it as a whole and of its name, `wrong` of parts by path."""
    offered = Offered(by_name(definitions()), segment_id)
    endpoint = "segment_builder.save" if segment_id else "segment_builder.create"
    answer = page_or_fragment(
        "segments/build_page.html",
        "segments/build.html",
        root=GroupView("", tree, offered, wrong or {}),
        offered=offered,
        name=name,
        own=segment_id,
        here=url_for(endpoint, segment_id=segment_id or None),
        errors=errors or ({"": "Some conditions are not finished."} if wrong else {}),
    )
    answer.headers["HX-Trigger"] = "segment:built"
    return answer
