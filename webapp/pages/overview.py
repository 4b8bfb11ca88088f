"""The overview: how consent stands, what leaves and what was stopped, and what needs somebody."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from webapp.accounts.access import requires
from webapp.accounts.rules import Right
from webapp.core.web import page_or_fragment
from webapp.events.service import change_number
from webapp.ledger import restoring
from webapp.overview import service as overview
from webapp.overview.drills import read_proof
from webapp.overview.health import read_health
from webapp.overview.leaving import read_leaving
from webapp.overview.reviews import read_reviews
from webapp.overview.service import Ask, up_to_date
from webapp.pages import overview_view as view
from webapp.pages.decisions import decisions_of
from webapp.pages.overview_view import RANGES, Asking, asked_for

blueprint = Blueprint("overview", __name__)
NOT_LOOKED_YET = {"health": None, "proof": None, "marketing_held": None}


@blueprint.get("/")
@requires(Right.SEE)
def show() -> ResponseReturnValue:
    """Show the page at once: what takes long as it was kept, to be fetched anew by its part.

    `whole` asks for everything in one answer, counted now: for who has no JavaScript.
    """
    number, asking, whole = change_number(), asked_for(), "whole" in request.args
    if overview.nobody_yet():
        parts: dict[str, Any] = {"nobody": True}
    else:
        parts = _counted(up_to_date if whole else overview.as_kept(number), asking) | _read(asking)
    return page_or_fragment(
        "overview/page.html",
        "overview/parts.html",
        change_number=number,
        **(_health(asking) if whole else NOT_LOOKED_YET),
        loads=True,
        **_common(asking),
        **parts,
    )


@blueprint.get("/overview/states")
@requires(Right.SEE)
def states() -> ResponseReturnValue:
    """Give who is in and out on each channel."""
    return _part("states", states=overview.states_part(up_to_date))


@blueprint.get("/overview/opt-outs")
@requires(Right.SEE)
def opt_outs() -> ResponseReturnValue:
    """Give the opt-outs by day and source, `days` back, on a `channel`."""
    asking = asked_for()
    return _part("opt_outs", asking, opt_outs=_opt_outs(up_to_date, asking))


@blueprint.get("/overview/leaving")
@requires(Right.SEE)
def leaving() -> ResponseReturnValue:
    """Give what leaves next."""
    return _part("leaving", **_leaving())


@blueprint.get("/overview/stopped")
@requires(Right.SEE)
def stopped() -> ResponseReturnValue:
    """Give what consent stopped."""
    asking = asked_for()
    found = overview.stopped_part(up_to_date, asking.today, asking.zone)
    return _part("stopped", asking, stopped=found)


@blueprint.get("/overview/reviews")
@requires(Right.SEE)
def reviews() -> ResponseReturnValue:
    """Give what waits for review."""
    return _part("reviews", reviews=read_reviews())


@blueprint.get("/overview/health")
@requires(Right.SEE)
def health() -> ResponseReturnValue:
    """Give how providers and processes do, and the banner where something is wrong."""
    asking = asked_for()
    return _part("health_answer", asking, **_health(asking))


def _part(name: str, asking: Asking | None = None, **content: Any) -> str:
    return render_template(
        f"overview/{name}.html", loads=False, **_common(asking or asked_for()), **content
    )


def _common(asking: Asking) -> dict[str, Any]:
    return {"asking": asking, "ranges": RANGES, "view": view}


def _counted(ask: Ask, asking: Asking) -> dict[str, Any]:
    return {
        "states": overview.states_part(ask),
        "opt_outs": _opt_outs(ask, asking),
        "stopped": overview.stopped_part(ask, asking.today, asking.zone),
    }


def _read(asking: Asking) -> dict[str, Any]:
    return {**_leaving(), "reviews": read_reviews()}


def _leaving() -> dict[str, Any]:
    found = read_leaving()
    return {"leaving": found, "decisions": decisions_of(line.message for line in found.lines)}


def _health(asking: Asking) -> dict[str, Any]:
    return {
        "health": read_health(asking.today, asking.zone),
        "proof": read_proof(),
        "marketing_held": restoring.standing(),
    }


def _opt_outs(ask: Ask, asking: Asking) -> Any:
    return overview.opt_outs_part(ask, asking.today, asking.zone, asking.channel, asking.days)
