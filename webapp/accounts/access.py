"""The one gate: every route says which right it needs, or that it is open."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

from flask import g, session
from flask_login import current_user

from webapp.accounts import service, settings
from webapp.accounts.models import ApiToken, User
from webapp.accounts.rules import Actor, ConsentLimits, Right, may
from webapp.core import clock
from webapp.core.db import db
from webapp.core.dialect import read_alone
from webapp.core.errors import Forbidden

P = ParamSpec("P")
R = TypeVar("R")

REFUSALS = {
    Right.OPT_OUT: "Only admins change consent here. You can report an opt-out.",
    Right.OPT_IN: "Only admins resubscribe here.",
    Right.ADMINISTER: "Only admins can do this.",
    Right.WORK: "A viewer can look, not change.",
}
NOT_ALLOWED = "Your role does not allow this."


def requires(right: Right, *, reads: bool = False) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let a view run only for somebody signed in (session or token) who has `right`.

    `reads` says that it writes nothing at all, so that it needs no transaction.

    Nobody signed in: the sign-in page, or 401 in the API. Not allowed: Forbidden. The right is
    kept on the view as `heed_right`; a test holds every route against the table of rights.
    """

    def wrap(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            if reads:
                read_alone(db.session())
            ensure(right)
            return view(*args, **kwargs)

        cast(Any, guarded).heed_right = right
        return guarded

    return wrap


def open_to_all(view: Callable[P, R]) -> Callable[P, R]:
    """Mark a view that needs no sign-in; it proves its caller itself, or gives nothing away."""
    cast(Any, view).heed_right = None
    return view


def signed_in(session_id: str) -> User | None:
    """Give Flask-Login the user of a session cookie; the limits, which all ask for, come along."""
    found = service.session_user(session_id)
    if found is None:
        return None
    user, g.consent_limits = found
    today = clock.now().date().isoformat()
    if session.get("day") != today:
        session["day"] = today  # signs the cookie anew: who comes by each month stays signed in
    return user


def principal() -> User | ApiToken | None:
    """Give who is asking: the API token of this request, else the signed-in user, else None."""
    token: ApiToken | None = g.get("api_token")
    if token is not None:
        return token
    user = current_user._get_current_object()
    return cast(User, user) if user.is_authenticated else None


def actor() -> Actor:
    """Give who is asking as the one who acts; only for views behind `requires`."""
    asking = principal()
    assert asking is not None, "a view without @requires asked for its actor"
    return asking.actor()


def limits() -> ConsentLimits:
    """Give the account's limits, read once a request."""
    if "consent_limits" not in g:
        g.consent_limits = settings.consent_limits()
    return cast(ConsentLimits, g.consent_limits)


def allowed(right: Right) -> bool:
    """Tell whether whoever asks has `right`; templates use it to disable what cannot be done."""
    asking = principal()
    return asking is not None and may(asking.role, right, limits())


def refusal(right: Right) -> str:
    """Give the sentence that says why whoever asks may not do something; empty where they may.

    It is the role, where the role allows it under no setting; else the setting that does not.
    """
    asking = principal()
    if asking is None or may(asking.role, right, limits()):
        return "" if asking else NOT_ALLOWED
    if right is not Right.ADMINISTER and not may(asking.role, right, ConsentLimits()):
        return REFUSALS[Right.WORK]
    changes = right is Right.OPT_IN and not may(asking.role, Right.OPT_OUT, limits())
    return REFUSALS.get(Right.OPT_OUT if changes else right, NOT_ALLOWED)


def ensure(right: Right) -> None:
    """Raise SignInNeeded or Forbidden unless whoever asks has `right`."""
    if principal() is None:
        raise SignInNeeded
    if not allowed(right):
        raise Forbidden(refusal(right))


class SignInNeeded(Exception):
    """Nobody is signed in; the app answers with the sign-in page or 401."""
