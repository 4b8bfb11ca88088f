"""Opportunities: the list by stage, and the page of one, where it is moved and deleted."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.accounts.access import actor, requires
from webapp.accounts.queries import names_of
from webapp.accounts.rules import Right
from webapp.consent.card import card_of
from webapp.contacts.rules import Channel
from webapp.core.db import transaction
from webapp.core.errors import Conflict, Invalid
from webapp.core.web import local_path, page_or_fragment, see_other, wants_fragment
from webapp.delivery.channels import why_off
from webapp.events.service import change_number
from webapp.opportunities import queries, service
from webapp.opportunities.asked import SORTS, Asked, read_asked
from webapp.opportunities.rules import Stage
from webapp.pages.opportunity_forms import read_stamp
from webapp.pages.presentation import toast

blueprint = Blueprint("opportunities", __name__, url_prefix="/opportunities")


@blueprint.get("")
@requires(Right.SEE)
def show() -> ResponseReturnValue:
    """Show the list; its rows alone for htmx."""
    asked, number = read_asked(request.args), change_number()
    found = queries.page(asked, request.args.get("cursor", ""))
    return page_or_fragment(
        "opportunities/page.html",
        "opportunities/rows.html",
        change_number=number,
        asked=asked,
        found=found,
        here=_address(asked, cursor=request.args.get("cursor")),
        newer=found.previous_cursor and _address(asked, cursor=found.previous_cursor),
        older=found.next_cursor and _address(asked, cursor=found.next_cursor),
        owners=queries.asked_for(asked.owner_id),
        sorts=SORTS,
        stage_address=lambda stage: _address(Asked(stage, asked.owner_id, asked.q, asked.sort)),
        **words(),
    )


@blueprint.get("/totals")
@requires(Right.SEE)
def totals() -> ResponseReturnValue:
    """Give the counts and sums by stage; fetched after the list, which never waits for them."""
    asked = read_asked(request.args)
    found, whole = queries.totals(asked)
    return render_template(
        "opportunities/totals.html",
        asked=asked,
        whole=whole,
        by_stage={stage: [one for one in found if one.stage is stage] for stage in Stage},
        stage_address=lambda stage: _address(Asked(stage, asked.owner_id, asked.q, asked.sort)),
        **words(),
    )


@blueprint.get("/<id:opportunity_id>")
@requires(Right.SEE)
def one(opportunity_id: int) -> ResponseReturnValue:
    """Show one opportunity, with its contact's consent on each channel."""
    number, line = change_number(), queries.line_of(opportunity_id)
    history = queries.history_of(line.opportunity)
    return page_or_fragment(
        "opportunities/one.html",
        "opportunities/one_parts.html",
        change_number=number,
        line=line,
        card=card_of(line.contact),
        off={each: why_off(each, current_app.extensions["heed"]) for each in Channel},
        history=history,
        names=names_of((activity.actor_kind, activity.actor_id) for activity in history),
        **words(),
    )


@blueprint.post("/<id:opportunity_id>/stage")
@requires(Right.WORK)
def move(opportunity_id: int) -> ResponseReturnValue:
    """Bring an opportunity to another stage; answers with its row of the list."""
    form, who = request.form, actor()
    if form.get("stage") not in set(Stage):
        raise Invalid("Choose a stage.", field="stage")
    stage, seen, status = Stage(form["stage"]), read_stamp(form), 200
    try:
        moved = transaction(lambda: service.move(opportunity_id, stage, who, seen))
        toast(f"“{moved.name}” is {stage.label} now.")
    except Conflict as error:
        toast(error.message)
        status = error.status
    if not wants_fragment():
        return see_other(_back(opportunity_id))
    line = queries.line_of(opportunity_id)
    row = render_template(
        "opportunities/row_changed.html", line=line, here=_back(opportunity_id), **words()
    )
    answer = make_response(row, status)
    answer.headers["HX-Trigger"] = "heed:change"
    return answer


@blueprint.get("/<id:opportunity_id>/delete")
@requires(Right.WORK)
def delete_form(opportunity_id: int) -> ResponseReturnValue:
    """Ask before an opportunity goes."""
    return page_or_fragment(
        "components/dialog_page.html",
        "opportunities/delete.html",
        part="opportunities/delete.html",
        title="Delete opportunity",
        line=queries.line_of(opportunity_id),
        back=url_for("opportunities.one", opportunity_id=opportunity_id),
    )


@blueprint.post("/<id:opportunity_id>/delete")
@requires(Right.WORK)
def delete(opportunity_id: int) -> ResponseReturnValue:
    """Delete an opportunity; its contact stays as they are."""
    who = actor()
    name = transaction(lambda: service.delete(opportunity_id, who))
    toast(f"“{name}” was deleted.")
    if wants_fragment():
        return make_response("", 200, {"HX-Redirect": url_for("opportunities.show")})
    return see_other(url_for("opportunities.show"))


def words() -> dict[str, Any]:
    """Give what every part of an opportunity is said with."""
    return {"stages": list(Stage), "Stage": Stage}


def _back(opportunity_id: int) -> str:
    here = url_for("opportunities.one", opportunity_id=opportunity_id)
    return local_path(request.form.get("next"), here)


def _address(asked: Asked, **more: Any) -> str:
    return url_for("opportunities.show", **asked.words(), **{k: v for k, v in more.items() if v})
