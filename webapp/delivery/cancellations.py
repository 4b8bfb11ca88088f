"""Which RQ jobs a consent change has made pointless."""

from __future__ import annotations

from sqlalchemy import select

from webapp.core.db import db
from webapp.events.models import Event
from webapp.outbox.models import Message
from webapp.outbox.rules import Status


def cancelled_jobs(event_id: int) -> list[str]:
    """Give the RQ job ids of the messages that the change behind this event row cancelled."""
    event = db.session.get(Event, event_id)
    if event is None:
        return []
    cancelled = db.session.scalars(
        select(Message).where(
            Message.event_id == event.data["consent_event_id"],
            Message.status == Status.CANCELLED,
        )
    )
    job_ids = [message.job_id for message in cancelled]
    db.session.rollback()
    return job_ids
