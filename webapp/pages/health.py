"""Is this process up, and can it do its work."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from webapp.accounts.access import open_to_all
from webapp.core import queue
from webapp.core.db import db

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@open_to_all
def alive() -> ResponseReturnValue:
    """Answer while this process can answer at all; asks nobody else."""
    return {"status": "up"}


@blueprint.get("/readyz")
@open_to_all
def ready() -> ResponseReturnValue:
    """Answer 200 where the database and the queue can be reached, and 503 where not."""
    parts = {"database": _database(), "queue": queue.jobs().is_up()}
    return {"status": "ready" if all(parts.values()) else "not ready", **parts}, (
        200 if all(parts.values()) else 503
    )


def _database() -> bool:
    """Tell whether the database answers."""
    try:
        db.session.execute(text("SELECT 1"))
    except Exception:
        db.session.rollback()
        return False
    return True
