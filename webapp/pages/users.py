"""Users and roles: admins add people, change their role, close accounts, give new passwords."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from webapp.accounts import people, service
from webapp.accounts.access import actor, requires
from webapp.accounts.models import User
from webapp.accounts.rules import Right, Role
from webapp.audit.service import record
from webapp.core.db import db, transaction
from webapp.core.errors import Conflict, Invalid
from webapp.core.web import page_or_fragment, wants_fragment
from webapp.events.service import publish
from webapp.pages.presentation import dialog_done, toast

blueprint = Blueprint("users", __name__, url_prefix="/settings/users")

ROLES = {
    Role.VIEWER: "Viewer: sees everything, changes nothing",
    Role.MARKETER: "Marketer: works with contacts and their consent",
    Role.ADMIN: "Admin: everything, and these settings",
}


@blueprint.get("")
@requires(Right.ADMINISTER)
def show() -> ResponseReturnValue:
    """Show everybody who has an account."""
    return page_or_fragment("users/page.html", "users/rows.html", users=people.everybody())


@blueprint.get("/new")
@requires(Right.ADMINISTER)
def new() -> ResponseReturnValue:
    """Show the form for somebody new."""
    return _dialog("users/new.html", said={"role": Role.MARKETER.value}, errors={})


@blueprint.post("/new")
@requires(Right.ADMINISTER)
def create() -> ResponseReturnValue:
    """Add somebody; a password that was made here is shown this once."""
    form, who = request.form, actor()
    try:
        password, made = _password(form)
        role, hashed = _role(form), service.hash_password(password)
        db.session.rollback()

        def work() -> tuple[str, str]:
            user = service.add_hashed(form.get("email", ""), form.get("name", ""), role, hashed)
            record(who, "user.added", user_id=user.id, name=user.name, role=user.role)
            publish("user.changed", user_id=user.id)
            return user.name, user.email

        name, email = transaction(work)
    except (Invalid, Conflict) as error:
        errors = {error.field or "": error.message}
        return _dialog("users/new.html", said=form, errors=errors), error.status
    return _told(name, email, password) if made else _done(f"{name} was added.")


@blueprint.get("/<id:user_id>/edit")
@requires(Right.ADMINISTER)
def edit_form(user_id: int) -> ResponseReturnValue:
    """Show the form of a user's name and role."""
    user = people.user_of(user_id)
    return _dialog("users/edit.html", user, said={"name": user.name, "role": user.role}, errors={})


@blueprint.post("/<id:user_id>/edit")
@requires(Right.ADMINISTER)
def edit(user_id: int) -> ResponseReturnValue:
    """Change a user's name and role; it counts from their very next request on."""
    form, who = request.form, actor()

    def work() -> str:
        user, before = people.edit(user_id, form.get("name", ""), _role(form), who.id)
        after = {"name": user.name, "role": user.role.value}
        if before != after:
            record(who, "user.changed", user_id=user_id, before=before, after=after)
            publish("user.changed", user_id=user_id)
        return user.name

    try:
        return _done(f"{transaction(work)} was saved.")
    except (Invalid, Conflict) as error:
        errors = {error.field or "": error.message}
        user = people.user_of(user_id)
        return _dialog("users/edit.html", user, said=form, errors=errors), error.status


@blueprint.get("/<id:user_id>/disable")
@requires(Right.ADMINISTER)
def disable_form(user_id: int) -> ResponseReturnValue:
    """Say what closing an account does."""
    return _dialog("users/disable.html", people.user_of(user_id), errors={})


@blueprint.post("/<id:user_id>/disable")
@requires(Right.ADMINISTER)
def disable(user_id: int) -> ResponseReturnValue:
    """Close an account: its sessions end at once."""
    who = actor()

    def work() -> str:
        user = people.disable(user_id, who.id)
        _note("user.disabled", user)
        return user.name

    try:
        return _done(f"{transaction(work)} cannot sign in any more.")
    except Conflict as error:
        user, errors = people.user_of(user_id), {"": error.message}
        return _dialog("users/disable.html", user, errors=errors), error.status


@blueprint.post("/<id:user_id>/enable")
@requires(Right.ADMINISTER)
def enable(user_id: int) -> ResponseReturnValue:
    """Open an account again."""

    def work() -> str:
        user = people.enable(user_id)
        _note("user.enabled", user)
        return user.name

    return _done(f"{transaction(work)} can sign in again.")


@blueprint.get("/<id:user_id>/password")
@requires(Right.ADMINISTER)
def password_form(user_id: int) -> ResponseReturnValue:
    """Ask how a user's new password comes about."""
    return _dialog("users/password.html", people.user_of(user_id), errors={})


@blueprint.post("/<id:user_id>/password")
@requires(Right.ADMINISTER)
def reset_password(user_id: int) -> ResponseReturnValue:
    """Give a user another password; one that was made here is shown this once."""
    who = actor()
    people.user_of(user_id)

    def work(hashed: str) -> tuple[str, str]:
        user = people.reset_password(user_id, hashed, who.id)
        _note("user.password_reset", user)
        return user.name, user.email

    try:
        password, made = _password(request.form)
        hashed = service.hash_password(password)
        db.session.rollback()
        name, email = transaction(lambda: work(hashed))
    except (Invalid, Conflict) as error:
        user, errors = people.user_of(user_id), {error.field or "": error.message}
        return _dialog("users/password.html", user, errors=errors), error.status
    return _told(name, email, password) if made else _done(f"{name} has a new password.")


def _note(action: str, user: User) -> None:
    """Note in the open transaction what was done to whom; never a password."""
    record(actor(), action, user_id=user.id, name=user.name)
    publish("user.changed", user_id=user.id)


def _role(form: Mapping[str, str]) -> Role:
    try:
        return Role(form.get("role", ""))
    except ValueError:
        raise Invalid("Choose a role.", field="role") from None


def _password(form: Mapping[str, str]) -> tuple[str, bool]:
    """Give the password that was typed, or a new one; and whether it is one."""
    typed = form.get("password", "")
    return (typed, False) if typed else (people.generated_password(), True)


def _told(name: str, email: str, password: str) -> ResponseReturnValue:
    """Show a password that was made here; the list behind the dialog fetches itself anew."""
    answer = _dialog("users/told.html", name=name, email=email, password=password)
    answer.headers["HX-Trigger"] = "heed:change"
    return answer


def _done(said: str) -> ResponseReturnValue:
    toast(said)
    return dialog_done(url_for("users.show"))


def _dialog(part: str, user: User | None = None, **more: object) -> Response:
    context = {
        "part": part,
        "title": "Users",
        "user": user,
        "mine": user is not None and user.id == current_user.id,
        "roles": [(role.value, text) for role, text in ROLES.items()],
        "back": url_for("users.show"),
        "in_dialog": wants_fragment(),
    }
    return page_or_fragment("components/dialog_page.html", part, **context | more)
