"""The short answers to a keyword: once, few a day, soon or not at all."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from webapp.accounts.rules import SYSTEM
from webapp.contacts.rules import Channel
from webapp.core.db import db
from webapp.core.dialect import database_now
from webapp.outbox.models import Message
from webapp.outbox.rules import Category, Origin, Reason, Status
from webapp.outbox.service import admit

# 47 CFR 64.1200(a)(12): one confirmation, within five minutes, without marketing.
SOON = timedelta(minutes=5)
MOST_A_DAY = 3
DAY = timedelta(days=1)


def reply(
    channel: Channel,
    key: bytes,
    address: str,
    contact_id: int | None,
    text: str,
    *,
    confirms_event_id: int | None = None,
    answers_inbound_id: int | None = None,
) -> Message | None:
    """Queue one confirmation in the open transaction; an empty text is none.

    Past the daily cap of an address the row is `skipped` with that reason, so that it shows.
    """
    if not text.strip():
        return None
    now = database_now(db.session())
    message = Message(
        contact_id=contact_id,
        channel=channel,
        key=key,
        address=address,
        origin=Origin.CONFIRMATION,
        category=Category.UTILITY,
        body=text,
        send_at=now,
        not_before=now,
        expires_at=now + SOON,
        confirms_event_id=confirms_event_id,
        answers_inbound_id=answers_inbound_id,
        actor_kind=SYSTEM.kind,
    )
    if _today(channel, key) >= MOST_A_DAY:
        message.status, message.reason = Status.SKIPPED, Reason.CONFIRMATION_CAP
        message.ended_at = now
    admit(message, now)
    return message


def _today(channel: Channel, key: bytes) -> int:
    since = database_now(db.session()) - DAY
    found = db.session.scalar(
        select(func.count())
        .select_from(Message)
        .where(
            Message.key == key,
            Message.channel == channel,
            Message.origin == Origin.CONFIRMATION,
            Message.created_at > since,
            Message.status != Status.SKIPPED,
        )
    )
    return found or 0
