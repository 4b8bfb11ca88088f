"""What the people of the demo's office did before: the lines of the audit log."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update

from webapp.accounts.models import User
from webapp.accounts.rules import SYSTEM, Actor
from webapp.audit.models import AuditEntry
from webapp.core.db import db
from webapp.demo.setting import NAMES
from webapp.demo.sign_ins import SIGN_INS
from webapp.demo.stories import Cast

WEEKS = 6


def add_acts(cast: Cast) -> None:
    """Add audit entries of the last weeks in the open transaction: exports, and who was added.

    The users are as old as the entries say.
    """
    added = update(User)
    for number, (role, email, _) in enumerate(SIGN_INS):
        at = _add(cast, SYSTEM, 60 - number, "user.added", name=NAMES[role], role=role)
        db.session.execute(
            added.where(User.email == email, User.created_at > at).values(created_at=at)
        )
    for week in range(WEEKS):
        ago = 7 * week + 2
        asked = [["channel", "whatsapp" if week % 2 else "sms"]]
        _add(cast, cast.admin, ago, "exclusions.exported", asked=asked, file="csv")
        if week % 2:
            _add(cast, cast.marketer, ago - 1, "audience.exported", asked=asked, file="xlsx")


def _add(cast: Cast, who: Actor, days: int, action: str, **detail: Any) -> datetime:
    """Add an entry of so many days ago; gives when it was."""
    at = cast.now - timedelta(days=days, minutes=37 * days % 300)
    db.session.add(
        AuditEntry(
            at=at,
            actor_kind=who.kind,
            actor_id=who.id,
            actor_name=who.name,
            action=action,
            detail=detail,
        )
    )
    return at
