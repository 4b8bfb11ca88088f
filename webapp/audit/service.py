"""Writing the audit log."""

from __future__ import annotations

from typing import Any

from webapp.accounts.rules import Actor
from webapp.audit.models import AuditEntry
from webapp.core.db import db


def record(actor: Actor, action: str, **detail: Any) -> None:
    """Note in the open transaction that `actor` did `action`; `detail` is JSON and no secret."""
    db.session.add(
        AuditEntry(
            actor_kind=actor.kind,
            actor_id=actor.id,
            actor_name=actor.name,
            action=action,
            detail=detail,
        )
    )
