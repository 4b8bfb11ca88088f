"""Reading what drills came to."""

from __future__ import annotations

from sqlalchemy import select

from webapp.core.db import db
from webapp.drills.models import Drill


def last_drill() -> Drill | None:
    """Give the newest drill, if there was one."""
    return db.session.scalar(select(Drill).order_by(Drill.id.desc()).limit(1))
