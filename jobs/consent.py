"""What follows a consent change once it is committed."""

from __future__ import annotations

from jobs.app import job
from webapp.consent.enforcing import end_forbidden
from webapp.contacts.rules import Channel
from webapp.core import clock
from webapp.core.db import transaction
from webapp.core.queue import jobs
from webapp.delivery.cancellations import cancelled_jobs
from webapp.events.service import mark_handled

A_WHILE = 60.0  # seconds; other work waits for its turn


@job
def after_change(event_id: int) -> None:
    """Take the RQ jobs of the messages that a consent change cancelled out of Redis."""
    if jobs().cancel(cancelled_jobs(event_id)):
        transaction(lambda: mark_handled(event_id))


@job
def enforce(channels: list[str]) -> None:
    """Go on ending what a stricter policy forbids, where its door could not end all of it."""
    _, whole = end_forbidden([Channel(name) for name in channels], clock.elapsed() + A_WHILE)
    if not whole:
        jobs().enqueue("jobs.consent.enforce", channels)
