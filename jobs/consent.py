"""What follows a consent change once it is committed."""

from __future__ import annotations

from jobs.app import job
from webapp.core.db import transaction
from webapp.core.queue import jobs
from webapp.delivery.cancellations import cancelled_jobs
from webapp.events.service import mark_handled


@job
def after_change(event_id: int) -> None:
    """Take the RQ jobs of the messages that a consent change cancelled out of Redis."""
    if jobs().cancel(cancelled_jobs(event_id)):
        transaction(lambda: mark_handled(event_id))
