"""Users and tokens: adding, checking, changing."""

from __future__ import annotations

import hashlib
import secrets

from argon2 import PasswordHasher, profiles
from argon2.exceptions import Argon2Error, InvalidHashError
from flask import current_app
from sqlalchemy import bindparam, select

from webapp.accounts import settings
from webapp.accounts.models import ApiToken, User
from webapp.accounts.rules import ConsentLimits, Role
from webapp.core import clock
from webapp.core.config import Config
from webapp.core.db import db, table_of
from webapp.core.errors import Conflict, Invalid
from webapp.core.prepared import Prepared

MIN_PASSWORD = 10
MAX_PASSWORD = 1000
LONGEST_EMAIL = 254
LONGEST_NAME = 200
TOKEN_PREFIX = "heed_"


def hasher() -> PasswordHasher:
    """Give the password hasher; tests use argon2's cheapest profile by a setting."""
    config: Config = current_app.extensions["heed"]
    cheap = config.argon2_profile == "cheapest"
    return PasswordHasher.from_parameters(
        profiles.CHEAPEST if cheap else profiles.RFC_9106_LOW_MEMORY
    )


def add_user(email: str, name: str, role: Role, password: str) -> User:
    """Add somebody who can sign in, in the open transaction. Raises Invalid or Conflict."""
    return add_hashed(email, name, role, hash_password(password))


def add_hashed(email: str, name: str, role: Role, password_hash: str) -> User:
    """Add somebody whose password was hashed before, as `add_user` does."""
    email, name = email.strip().casefold(), name.strip()
    start, at, end = email.partition("@")
    if not (start and at and end) or len(email) > LONGEST_EMAIL or "\x00" in email:
        raise Invalid("That is not an email address.", field="email")
    check_name(name)
    if db.session.scalar(select(User.id).where(User.email == email)):
        raise Conflict(f"{email} has an account already.", field="email")
    user = User(
        email=email,
        name=name or email[:LONGEST_NAME],
        role=Role(role),
        password_hash=password_hash,
        session_stamp=new_stamp(),
    )
    db.session.add(user)
    db.session.flush()
    return user


def check_name(name: str) -> None:
    """Raise Invalid for a name that cannot be kept."""
    if len(name) > LONGEST_NAME or "\x00" in name:
        raise Invalid(f"A name has {LONGEST_NAME} characters at most.", field="name")


def hash_password(password: str) -> str:
    """Give what is kept of a password. Raises Invalid for one that is too short or too long.

    Takes a third of a second (argon2): best before a transaction, which on SQLite would keep an
    opt-out waiting.
    """
    if len(password) < MIN_PASSWORD:
        raise Invalid(f"A password has {MIN_PASSWORD} characters or more.", field="password")
    if len(password) > MAX_PASSWORD:
        raise Invalid(f"A password has {MAX_PASSWORD} characters at most.", field="password")
    return hasher().hash(password)


def new_stamp() -> str:
    """Give a new stamp for a user: sessions with the one before end."""
    return secrets.token_hex(8)


def set_password(user: User, password: str) -> None:
    """Give a user a new password; every session of theirs ends. Raises Invalid if too short."""
    user.password_hash = hash_password(password)
    user.session_stamp = new_stamp()


def check_password(user: User, password: str) -> bool:
    """Tell whether this is the user's password."""
    return _verify(user.password_hash, password)


def _verify(password_hash: str, password: str) -> bool:
    try:
        return hasher().verify(password_hash, password)
    except (Argon2Error, InvalidHashError):
        return False


def authenticate(email: str, password: str) -> User | None:
    """Give the active user with this email and password, or None, in the same time for both.

    Ends the open transaction: argon2 takes a third of a second, and on SQLite an opt-out would
    wait for that.
    """
    user = db.session.scalar(select(User).where(User.email == email.strip().casefold()))
    known = (user.id, user.password_hash) if user else None
    db.session.rollback()
    if known is None:
        hasher().hash(password)
        return None
    user_id, password_hash = known
    if not _verify(password_hash, password):
        return None
    user = db.session.get(User, user_id)
    return user if user and user.is_active else None


def change_password(user_id: int, current: str, new: str) -> User:
    """Change one's own password; gives the user. Raises Invalid where the current one is wrong."""
    user = db.session.get_one(User, user_id)
    if not check_password(user, current):
        raise Invalid("That is not your current password.", field="current")
    set_password(user, new)
    return user


_SIGNED_IN = Prepared(
    select(*table_of(User).c, settings.column(settings.LIMITS)).where(
        User.id == bindparam("user_id")
    )
)


def session_user(session_id: str) -> tuple[User, ConsentLimits] | None:
    """Give the user of a session cookie, unless the password has changed since, and the limits.

    The user is for reading: it belongs to no database session, and no commit makes it stale.
    """
    user_id, _, stamp = session_id.partition(".")
    row = _SIGNED_IN.first({"user_id": int(user_id)}) if user_id.isdigit() else None
    if row is None:
        return None
    *values, limits = row
    user = User(**dict(zip(table_of(User).c.keys(), values, strict=True)))
    fresh = secrets.compare_digest(user.session_stamp, stamp)
    return (user, ConsentLimits(**limits or {})) if fresh and user.is_active else None


def create_token(name: str, role: Role) -> tuple[ApiToken, str]:
    """Add an API token in the open transaction; gives it and the secret, which is not kept."""
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    token = ApiToken(name=name, role=Role(role), digest=_digest(secret))
    db.session.add(token)
    db.session.flush()
    return token, secret


def token_of(secret: str) -> ApiToken | None:
    """Give the token that this secret belongs to, unless it was revoked."""
    return db.session.scalar(
        select(ApiToken).where(ApiToken.digest == _digest(secret), ApiToken.revoked_at.is_(None))
    )


def revoke_token(token: ApiToken) -> None:
    """End a token for good."""
    token.revoked_at = clock.now()


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
