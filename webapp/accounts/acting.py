"""May somebody still do what they started, now that it is done without them?"""

from __future__ import annotations

from sqlalchemy import select

from webapp.accounts import settings
from webapp.accounts.models import ApiToken, User
from webapp.accounts.rules import Actor, ActorKind, Right, Role, may
from webapp.core.db import db
from webapp.core.errors import Forbidden

NO_LONGER = "{name} may not do this any more, so it was stopped. What is done stays done."


def ensure_still(actor: Actor, right: Right) -> None:
    """Raise Forbidden unless the user or token who started something still has `right`.

    Long work asks before each of its steps: a role may be taken away, and an account closed,
    while it runs.
    """
    role = _role(actor)
    if role is None or not may(role, right, settings.consent_limits()):
        raise Forbidden(NO_LONGER.format(name=actor.name or "Who started it"))


def _role(actor: Actor) -> Role | None:
    """Read the role that somebody has now; None where they may do nothing any more."""
    if actor.kind is ActorKind.USER:
        active = User.disabled_at.is_(None)
        return db.session.scalar(select(User.role).where(User.id == actor.id, active))
    if actor.kind is ActorKind.TOKEN:
        standing = ApiToken.revoked_at.is_(None)
        return db.session.scalar(select(ApiToken.role).where(ApiToken.id == actor.id, standing))
    return None
