"""Do the providers take what is sent, and do our own processes answer?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import func, select

from webapp.contacts.rules import Channel
from webapp.conversations.models import StoredWebhook
from webapp.core.config import Config
from webapp.core.days import Days
from webapp.core.db import db
from webapp.core.dialect import database_now
from webapp.core.queue import Pulse, jobs
from webapp.delivery.channels import why_off
from webapp.outbox.models import ChannelPause, Message
from webapp.outbox.queries import WAITS_ITS_TURN, ended_unsent
from webapp.outbox.rules import Status

TROUBLE = (Status.FAILED, Status.UNCONFIRMED)
SENT = (Status.SENT, Status.DELIVERED, Status.READ)
AT_MOST = 1_000
# The newest endings among which a successful one is looked for.
LOOKED_AT = 500
# A message leaves within seconds of its time; one that is later than this is overdue.
LATE = timedelta(minutes=1)
# A webhook is worked through before its answer; one that still waits then was cut short.
CUT_SHORT = timedelta(seconds=30)


@dataclass(frozen=True)
class Trouble:
    """The newest message that failed or went unconfirmed on some days, and how many like it."""

    message: Message
    days: Days
    count: int


@dataclass(frozen=True)
class ChannelHealth:
    """How a channel does. `off` says why it cannot send; then there is nothing else to say."""

    channel: Channel
    off: str
    pause: ChannelPause | None = None
    sent_at: datetime | None = None
    trouble: Trouble | None = None
    webhook_at: datetime | None = None


@dataclass(frozen=True)
class Health:
    """The channels, our own processes, the oldest overdue message, and webhooks cut short.

    More than `most` is not counted: such a number is `most` + 1.
    """

    channels: list[ChannelHealth]
    pulse: Pulse
    overdue_since: datetime | None
    webhooks_waiting: int
    most: int = AT_MOST


def read_health(today: date, zone: ZoneInfo) -> Health:
    """Ask the rows what happened lately, and Redis who answers."""
    config: Config = current_app.extensions["heed"]
    now = database_now(db.session())
    pauses = db.session.scalars(select(ChannelPause).where(ChannelPause.until > now)).all()
    return Health(
        [_channel(channel, config, pauses, today, zone) for channel in Channel],
        jobs().pulse(),
        _overdue(now, [pause.channel for pause in pauses]),
        _cut_short(now),
    )


def _channel(
    channel: Channel, config: Config, pauses: Sequence[ChannelPause], today: date, zone: ZoneInfo
) -> ChannelHealth:
    if off := why_off(channel, config):
        return ChannelHealth(channel, off)
    return ChannelHealth(
        channel,
        off,
        next((pause for pause in pauses if pause.channel is channel), None),
        _last_sent(channel),
        _trouble(channel, Days(today - timedelta(days=1), today), zone),
        db.session.scalar(
            select(StoredWebhook.received_at)
            .where(StoredWebhook.provider == channel.value)
            .order_by(StoredWebhook.id.desc())
            .limit(1)
        ),
    )


def _last_sent(channel: Channel) -> datetime | None:
    """Give when the channel last sent something, if that is among the newest endings."""
    newest = (
        select(Message.sent_at, Message.channel, Message.status)
        .where(Message.ended_at.is_not(None))
        .order_by(Message.ended_at.desc(), Message.id.desc())
        .limit(LOOKED_AT)
        .subquery()
    )
    sent: datetime | None = db.session.scalar(
        select(func.max(newest.c.sent_at)).where(
            newest.c.channel == channel, newest.c.status.in_(SENT)
        )
    )
    return sent


def _trouble(channel: Channel, days: Days, zone: ZoneInfo) -> Trouble | None:
    since, until = days.moments(zone)
    lately = (
        Message.channel == channel,
        ended_unsent(*TROUBLE),
        Message.ended_at >= since,
        Message.ended_at < until,
    )
    newest = db.session.scalar(
        select(Message).where(*lately).order_by(Message.ended_at.desc(), Message.id.desc()).limit(1)
    )
    if newest is None:
        return None
    alike = (Message.status == newest.status, Message.reason == newest.reason)
    counted = select(Message.id).where(*lately, *alike).limit(AT_MOST + 1)
    count = db.session.scalars(select(func.count()).select_from(counted.subquery())).one()
    return Trouble(newest, days, count)


def _overdue(now: datetime, paused: Sequence[Channel]) -> datetime | None:
    """Give the time of the oldest message that should have left, on channels that may send."""
    return db.session.scalar(
        select(Message.not_before)
        .where(
            WAITS_ITS_TURN,
            Message.not_before < now - LATE,
            Message.channel.not_in(paused),
        )
        .order_by(Message.not_before, Message.id)
        .limit(1)
    )


def _cut_short(now: datetime) -> int:
    waiting = (
        select(StoredWebhook.id)
        .where(StoredWebhook.processed_at.is_(None), StoredWebhook.received_at < now - CUT_SHORT)
        .limit(AT_MOST + 1)
    )
    return db.session.scalars(select(func.count()).select_from(waiting.subquery())).one()
