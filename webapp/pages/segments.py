"""Segments: saved filters, listed, saved from the audience, renamed, updated and deleted."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.accounts.access import actor, requires
from webapp.accounts.rules import Right
from webapp.contacts.asked import Asked
from webapp.contacts.counting import Count
from webapp.contacts.counting import count as count_people
from webapp.contacts.definitions import definitions
from webapp.contacts.filters import Filters, parse_filters
from webapp.core.db import transaction
from webapp.core.errors import Conflict, Invalid
from webapp.core.web import page_or_fragment, see_other, wants_fragment
from webapp.core.zones import reader_zone
from webapp.pages.presentation import dialog_done, toast
from webapp.pages.segments_view import address, all_shown, query_of, read_query, shown
from webapp.segments import queries, rules, service

blueprint = Blueprint("segments", __name__, url_prefix="/segments")


@blueprint.get("")
@requires(Right.SEE)
def show() -> ResponseReturnValue:
    """Show the segments with their filters in words."""
    found = all_shown(definitions())
    return page_or_fragment("segments/page.html", "segments/rows.html", segments=found)


@blueprint.get("/<id:segment_id>/count")
@requires(Right.SEE)
def count(segment_id: int) -> ResponseReturnValue:
    """Give how many people a segment has now; fetched after the page, which never waits for it."""
    queries.segment_of(segment_id)
    asked = Asked(Filters(segment=segment_id), reader_zone(), definitions())
    try:
        found: Count | None = count_people(asked)
    except Invalid:
        found = None
    return render_template("segments/count.html", count=found)


@blueprint.get("/new")
@requires(Right.WORK)
def new() -> ResponseReturnValue:
    """Show the form that saves the filters of the address, named by what they say."""
    filters = parse_filters(request.args.to_dict(flat=False))
    labels = {definition.name: definition.label for definition in definitions()}
    name = rules.suggested_name(rules.words_of(filters, labels))
    return _form(name, query_of(filters), {})


@blueprint.post("/new")
@requires(Right.WORK)
def create() -> ResponseReturnValue:
    """Save filters under a name; 422 with the form where that cannot be."""
    name, query, who = request.form.get("name", ""), request.form.get("query", ""), actor()
    try:
        filters = read_query(query)
        segment = transaction(lambda: service.save(name, filters, who))
    except Invalid as error:
        field = "name" if error.field == "name" else ""
        return _form(name, query, {field: error.message}), error.status
    toast(f"“{segment.name}” was saved.")
    return _go(address(replace(filters, saved=segment.id), _list()))


@blueprint.get("/<id:segment_id>/rename")
@requires(Right.WORK)
def rename_form(segment_id: int) -> ResponseReturnValue:
    """Show the form for another name."""
    return _rename_form(segment_id, queries.segment_of(segment_id).name, {})


@blueprint.post("/<id:segment_id>/rename")
@requires(Right.WORK)
def rename(segment_id: int) -> ResponseReturnValue:
    """Give a segment another name; 422 with the form where that cannot be."""
    name, who = request.form.get("name", ""), actor()
    try:
        segment = transaction(lambda: service.rename(segment_id, name, who))
    except Invalid as error:
        return _rename_form(segment_id, name, {error.field or "": error.message}), error.status
    toast(f"It is called “{segment.name}” now.")
    return dialog_done(_back(), event="heed:change")


@blueprint.post("/<id:segment_id>/filters")
@requires(Right.WORK)
def update(segment_id: int) -> ResponseReturnValue:
    """Let a segment stand for the filters in use."""
    filters, who = read_query(request.form.get("query", "")), actor()
    segment = transaction(lambda: service.update(segment_id, filters, who))
    toast(f"“{segment.name}” now has these filters.")
    return _go(address(replace(filters, saved=segment_id), _list()))


@blueprint.get("/<id:segment_id>/delete")
@requires(Right.WORK)
def delete_form(segment_id: int) -> ResponseReturnValue:
    """Ask before a segment goes."""
    segment = shown(queries.segment_of(segment_id), definitions())
    return page_or_fragment(
        "segments/delete_page.html",
        "segments/delete.html",
        segment=segment,
        back=_back(),
        in_dialog=wants_fragment(),
    )


@blueprint.post("/<id:segment_id>/delete")
@requires(Right.WORK)
def delete(segment_id: int) -> ResponseReturnValue:
    """Delete a segment; its people stay as they are."""
    who = actor()
    try:
        name = transaction(lambda: service.delete(segment_id, who))
    except Conflict as error:
        toast(error.message)
    else:
        toast(f"“{name}” was deleted.")
    return dialog_done(_back())


def _form(name: str, query: str, errors: dict[str, str]) -> Response:
    labels = {definition.name: definition.label for definition in definitions()}
    filters = read_query(query)
    return page_or_fragment(
        "segments/new_page.html",
        "segments/new.html",
        name=name,
        query=query,
        words=rules.words_of(filters, labels),
        errors=errors,
        list=_list(),
        back=address(filters, _list()),
        in_dialog=wants_fragment(),
    )


def _rename_form(segment_id: int, name: str, errors: dict[str, str]) -> Response:
    return page_or_fragment(
        "segments/rename_page.html",
        "segments/rename.html",
        segment=queries.segment_of(segment_id),
        name=name,
        errors=errors,
        back=_back(),
        in_dialog=wants_fragment(),
    )


def _list() -> str:
    """Give which list the filters are of, and where its reader goes on; empty: the audience."""
    return request.values.get("list", "")


def _back() -> str:
    return url_for("segments.show")


def _go(target: str) -> ResponseReturnValue:
    """Lead on to another page, also from a dialog."""
    if not wants_fragment():
        return see_other(target)
    return make_response("", 200, {"HX-Redirect": target})
