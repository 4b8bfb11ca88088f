"""The number that an open page asks for, to know that something changed."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from webapp.accounts.access import requires
from webapp.accounts.rules import Right
from webapp.events.service import change_number

blueprint = Blueprint("changes", __name__)


@blueprint.get("/changes")
@requires(Right.SEE, reads=True)
def show() -> ResponseReturnValue:
    """Give the number of now as text, or 204 where it is the one that the page `known`."""
    number = change_number()
    return ("", 204) if number == request.args.get("known") else (number, 200)
