"""Which RQ jobs a consent change has made pointless."""

from __future__ import annotations

from sqlalchemy import select

from webapp.consent.models import ConsentEvent
from webapp.core.reading import reading
from webapp.events.models import Event
from webapp.outbox.models import Message
from webapp.outbox.rules import Status, job_id


def cancelled_jobs(event_id: int) -> list[str]:
    """Give the RQ job ids of the messages that the change behind this event row cancelled.

    They name the consent event that stands, which an older one may be: its messages have no job
    any more, and to take away what is gone does no harm.
    """
    with reading() as connection:
        data = connection.scalar(select(Event.data).where(Event.id == event_id))
        if data is None:
            return []
        cancelled = (
            select(Message.id)
            .join(
                ConsentEvent,
                (ConsentEvent.key == Message.key) & (ConsentEvent.channel == Message.channel),
            )
            .where(
                ConsentEvent.id == data["consent_event_id"],
                Message.event_id == data.get("cancelled_by", data["consent_event_id"]),
                Message.status == Status.CANCELLED,
            )
        )
        return [job_id(message_id) for message_id in connection.scalars(cancelled)]
