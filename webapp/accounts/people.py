"""What an admin does to the accounts of others: role, closing and opening, a new password.

Every change takes the one lock first, so that of two admins who close each other's account at
once only one succeeds: an account without an active admin could not be mended from inside.
"""

from __future__ import annotations

import secrets

from sqlalchemy import func, select

from webapp.accounts import service, settings
from webapp.accounts.models import User
from webapp.accounts.rules import Role
from webapp.core import clock
from webapp.core.db import db
from webapp.core.errors import Conflict, NotFound

LOCK = "users"
LAST_ADMIN = "This is the last admin who can sign in. Make somebody else an admin first."
YOURSELF = "This is your own account. Ask another admin, so that nobody locks themselves out."
# Without letters and digits that look alike when somebody types them from a note.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, GROUP = 4, 5  # a hundred bits


def everybody() -> list[User]:
    """Give all users: those who can sign in first, by name."""
    closed = User.disabled_at.is_not(None)
    return list(db.session.scalars(select(User).order_by(closed, func.lower(User.name), User.id)))


def user_of(user_id: int) -> User:
    """Give the user with this id. Raises NotFound."""
    found = db.session.get(User, user_id, populate_existing=True)
    if found is None:
        raise NotFound("That user is not there.")
    return found


def generated_password() -> str:
    """Make a password that nobody has seen yet, easy to type from a note."""
    groups = ["".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS)]
    return "-".join(groups)


def edit(user_id: int, name: str, role: Role, by: int | None) -> tuple[User, dict[str, str]]:
    """Change a user's name and role in the open transaction; gives them and what was before.

    `by` is the user who does it, None at the command line. Raises NotFound, Invalid for a name,
    or Conflict where it is their own role, or the last admin's.
    """
    user = _locked(user_id)
    name = name.strip() or user.email
    service.check_name(name)
    before = {"name": user.name, "role": user.role.value}
    if role is not user.role:
        _not_oneself(user, by)
        if user.role is Role.ADMIN:
            _another_admin(user)
    user.name, user.role = name, role
    return user, before


def disable(user_id: int, by: int | None) -> User:
    """Close an account in the open transaction: its sessions end, and nobody signs in to it.

    Raises NotFound, or Conflict where it is one's own, or the last admin's.
    """
    user = _locked(user_id)
    _not_oneself(user, by)
    if user.role is Role.ADMIN:
        _another_admin(user)
    user.disabled_at = user.disabled_at or clock.now()
    user.session_stamp = service.new_stamp()
    return user


def enable(user_id: int) -> User:
    """Open an account again in the open transaction, with the password it had. Raises NotFound."""
    user = _locked(user_id)
    user.disabled_at = None
    return user


def reset_password(user_id: int, password_hash: str, by: int | None) -> User:
    """Give a user another password in the open transaction, hashed before; their sessions end.

    Raises NotFound, or Conflict where it is one's own: that is changed by who knows the old one.
    """
    user = _locked(user_id)
    _not_oneself(user, by)
    user.password_hash = password_hash
    user.session_stamp = service.new_stamp()
    return user


def _locked(user_id: int) -> User:
    settings.lock(LOCK)
    return user_of(user_id)


def _not_oneself(user: User, by: int | None) -> None:
    if user.id == by:
        raise Conflict(YOURSELF)


def _another_admin(user: User) -> None:
    others = select(func.count()).where(
        User.role == Role.ADMIN, User.disabled_at.is_(None), User.id != user.id
    )
    if user.is_active and not db.session.scalar(others):
        raise Conflict(LAST_ADMIN)
