"""Consent policy: what each channel needs, who may change consent; admins change it, others read."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue

from webapp.accounts.access import actor, requires
from webapp.accounts.rules import Right
from webapp.consent.enforcing import enforce, foresee
from webapp.consent.foreseen import at_most
from webapp.consent.policies import Policies, change_policies, changes, load, named, tightened
from webapp.core.db import db, transaction
from webapp.core.errors import Conflict
from webapp.core.web import page_or_fragment, see_other
from webapp.pages.policy_words import lines_of
from webapp.pages.presentation import toast

blueprint = Blueprint("policies", __name__)


@blueprint.get("/settings/consent")
@requires(Right.SEE)
def show() -> ResponseReturnValue:
    """Show the policy: a form for admins, the same to read for others."""
    standing = load()
    return _form(standing, standing)


@blueprint.post("/settings/consent")
@requires(Right.ADMINISTER)
def save() -> ResponseReturnValue:
    """Save the policy, and answer when nothing that it forbids can leave any more.

    Asks first where waiting messages would be cancelled; what was agreed to is in the form.
    """
    form, who, standing = request.form, actor(), load()
    wanted, seen = read_policies(form), form.get("stamp", "")
    channels = tightened(standing, wanted)
    waiting = foresee(wanted.channels, channels)
    db.session.rollback()
    if waiting and form.get("agreed") != wanted.stamp and seen == standing.stamp:
        return _form(wanted, standing, waiting=waiting)
    try:
        stricter = transaction(lambda: change_policies(wanted, who, seen))
    except Conflict as error:
        return _form(wanted, load(), problem=error.message), error.status
    toast(_say(*enforce(stricter, who)))
    return see_other(url_for("policies.show"))


def read_policies(form: Mapping[str, str]) -> Policies:
    """Read the policy from the form: a choice that is not in it is off."""
    return named({name: bool(form.get(name)) for name in load().flat()})


def _say(cancelled: int, whole: bool) -> str:
    said = "Consent policy saved."
    if cancelled:
        one = cancelled == 1
        said += f" {cancelled:,} waiting message{' was' if one else 's were'} cancelled."
    if not whole:
        said += " The rest of a long queue is being cancelled; none of it can leave."
    return said


def _form(wanted: Policies, standing: Policies, *, waiting: int = 0, problem: str = "") -> Response:
    """Show the form with `wanted` in it; `waiting` messages would be cancelled by saving it."""
    return page_or_fragment(
        "policies/page.html",
        "policies/form.html",
        wanted=wanted,
        stamp=standing.stamp,
        chosen=wanted.flat(),
        differing=lines_of(changes(wanted, standing)) if problem else [],
        new=lines_of(changes(standing, wanted)) if waiting else [],
        waiting=at_most(waiting) if waiting else "",
        one=waiting == 1,
        problem_said=problem,
    )
