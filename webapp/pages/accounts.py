"""Signing in and out, and one's own password."""

from __future__ import annotations

from flask import Blueprint, make_response, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_limiter.util import get_remote_address
from flask_login import current_user, login_user, logout_user

from webapp.accounts import service
from webapp.accounts.access import open_to_all, requires
from webapp.accounts.rules import Right
from webapp.core.db import transaction
from webapp.core.errors import Invalid
from webapp.core.limits import limiter
from webapp.core.web import local_path, see_other
from webapp.pages.presentation import toast

blueprint = Blueprint("accounts", __name__)

WRONG = "No account has that email and password."
TOO_MANY = "Too many failed tries from here. Wait a minute, then try again."


def _here_and_email() -> str:
    return f"{get_remote_address()}|{request.form.get('email', '').strip().casefold()[:254]}"


def _failed(response: object) -> bool:
    return getattr(response, "status_code", 0) == 422


# Counted by where a try comes from, and failures alone: nobody can lock somebody else out.
per_email = limiter.shared_limit(
    "10/minute", "sign-in-email", key_func=_here_and_email, deduct_when=_failed
)
per_address = limiter.shared_limit("60/minute", "sign-in", deduct_when=_failed)


@blueprint.get("/login")
@open_to_all
def sign_in() -> ResponseReturnValue:
    """Show the sign-in form; somebody signed in goes on."""
    if current_user.is_authenticated:
        return see_other(_after())
    return render_template("accounts/sign_in.html", errors={})


@blueprint.post("/login")
@open_to_all
@per_email
@per_address
def enter() -> ResponseReturnValue:
    """Sign in and go on to where the visitor was heading; 422 with the form where it is wrong."""
    user = service.authenticate(request.form.get("email", ""), request.form.get("password", ""))
    if user is None:
        return _refuse(WRONG, 422)
    session.clear()
    login_user(user)
    session.permanent = True
    return see_other(_after())


@blueprint.errorhandler(429)
def too_many(_error: Exception) -> ResponseReturnValue:
    """Answer a throttled try with the form and what to do."""
    return make_response(_refuse(TOO_MANY, 429))


@blueprint.post("/logout")
@open_to_all
def sign_out() -> ResponseReturnValue:
    """End this session."""
    logout_user()
    session.clear()
    return see_other(url_for("accounts.sign_in"))


@blueprint.get("/account/password")
@requires(Right.SEE)
def password() -> ResponseReturnValue:
    """Show the form for a new password."""
    return render_template("accounts/password.html", errors={})


@blueprint.post("/account/password")
@requires(Right.SEE)
def change_password() -> ResponseReturnValue:
    """Change one's own password; other sessions end, this one goes on."""
    form, user_id = request.form, current_user.id
    try:
        if form.get("password") != form.get("again"):
            raise Invalid("The two new passwords differ.", field="again")
        current, new = form.get("current", ""), form.get("password", "")
        user = transaction(lambda: service.change_password(user_id, current, new))
    except Invalid as error:
        errors = {error.field: error.message}
        return render_template("accounts/password.html", errors=errors), 422
    login_user(user)
    toast("Your password is changed. You are signed out everywhere else.")
    return see_other(url_for("overview.show"))


def _after() -> str:
    return local_path(request.values.get("next"), url_for("overview.show"))


def _refuse(why: str, status: int) -> ResponseReturnValue:
    return render_template("accounts/sign_in.html", errors={"": why}), status
