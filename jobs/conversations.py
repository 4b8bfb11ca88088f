"""What is told of what customers wrote, once it has been acknowledged."""

from __future__ import annotations

from datetime import datetime

from jobs.app import job
from webapp.conversations import slowest
from webapp.core.db import transaction


@job
def keep_slowest_stop(milliseconds: int, at: str) -> None:
    """Keep how long an opt-out took, acknowledged at this moment (ISO 8601)."""
    transaction(lambda: slowest.keep(milliseconds, datetime.fromisoformat(at)))
