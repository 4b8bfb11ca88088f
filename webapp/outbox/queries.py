"""Reading the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select, tuple_

from webapp.contacts.rules import Channel
from webapp.core.db import db
from webapp.core.dialect import now_after
from webapp.outbox.models import ChannelPause, Message
from webapp.outbox.rules import Status

NOTHING = timedelta(0)


def in_flight_until(targets: Sequence[tuple[Channel, bytes]]) -> datetime | None:
    """Give until when a claim on these channels and keys may still begin its request, or None."""
    return db.session.scalar(
        select(func.max(Message.begin_by)).where(
            tuple_(Message.channel, Message.key).in_(targets),
            Message.status == Status.SENDING,
            Message.begin_by > now_after(db.session(), NOTHING),
        )
    )


def due_ids(limit: int, *, within: timedelta = NOTHING) -> list[int]:
    """Give the waiting messages that are due within `within` on channels not paused, by time."""
    session = db.session()
    paused = select(ChannelPause.channel).where(ChannelPause.until > now_after(session, NOTHING))
    found = session.scalars(
        select(Message.id)
        .where(
            Message.status == Status.SCHEDULED,
            Message.not_before <= now_after(session, within),
            Message.channel.not_in(paused),
        )
        .order_by(Message.not_before, Message.id)
        .limit(limit)
    )
    return list(found)


def waiting_on(channel: Channel, key: bytes) -> ColumnElement[bool]:
    """Give the condition "waits for this channel and key"."""
    return (
        (Message.channel == channel) & (Message.key == key) & (Message.status == Status.SCHEDULED)
    )


def lost_claims(older_than: timedelta) -> ColumnElement[bool]:
    """Give the condition "claimed so long ago that its worker must have ended"."""
    return (Message.status == Status.SENDING) & or_(
        Message.claimed_at.is_(None), Message.claimed_at < now_after(db.session(), -older_than)
    )
