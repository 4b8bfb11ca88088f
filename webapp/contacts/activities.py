"""The timeline of a contact."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import select

from webapp.accounts.rules import Actor
from webapp.contacts.models import Activity
from webapp.core import clock
from webapp.core.db import db, table_of
from webapp.core.last_rows import add_last


def note(contact_id: int, kind: str, actor: Actor, **data: Any) -> None:
    """Add a line to a contact's timeline, at the end of the open transaction; `data` is JSON."""
    add_last(
        table_of(Activity),
        {
            "contact_id": contact_id,
            "kind": kind,
            "at": clock.now(),
            "actor_kind": actor.kind,
            "actor_id": actor.id,
            "data": data,
        },
    )


def timeline(contact_id: int, limit: int = 100, *, without: Collection[str] = ()) -> list[Activity]:
    """Give a contact's newest activities, newest first, those of some kinds left out."""
    found = db.session.scalars(
        select(Activity)
        .where(Activity.contact_id == contact_id, Activity.kind.not_in(without))
        .order_by(Activity.id.desc())
        .limit(limit)
    )
    return list(found)
