"""The short answers to a keyword: once, few a day, soon or not at all."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import and_, bindparam, func, select

from webapp.accounts.rules import SYSTEM
from webapp.contacts.rules import Channel
from webapp.core import clock
from webapp.core.db import run, table_of
from webapp.core.dialect import DATABASE_NOW
from webapp.outbox.models import Message
from webapp.outbox.rules import Category, Origin, Reason, Status
from webapp.outbox.service import admit_values

# 47 CFR 64.1200(a)(12): one confirmation, within five minutes, without marketing.
SOON = timedelta(minutes=5)
MOST_A_DAY = 3
DAY = timedelta(days=1)


_MESSAGES = table_of(Message).c
# How many of them an address got since a moment, and what time it is.
_RECENT = select(func.count(), DATABASE_NOW).where(
    and_(
        _MESSAGES.key == bindparam("to_key"),
        _MESSAGES.channel == bindparam("to_channel"),
        _MESSAGES.origin == Origin.CONFIRMATION,
        _MESSAGES.created_at > bindparam("since"),
        _MESSAGES.status != Status.SKIPPED,
    )
)


def reply(
    channel: Channel,
    key: bytes,
    address: str,
    contact_id: int | None,
    text: str,
    *,
    confirms_event_id: int | None = None,
    answers_inbound_id: int | None = None,
) -> int | None:
    """Queue one confirmation in the open transaction and give its id; an empty text is none.

    Past the daily cap of an address the row is `skipped` with that reason, so that it shows.
    """
    if not text.strip():
        return None
    asked = {"to_key": key, "to_channel": channel, "since": clock.now() - DAY}
    sent, now = run(_RECENT, asked).one()
    values = {
        "contact_id": contact_id,
        "channel": channel,
        "key": key,
        "address": address,
        "origin": Origin.CONFIRMATION,
        "category": Category.UTILITY,
        "body": text,
        "send_at": now,
        "not_before": now,
        "expires_at": now + SOON,
        "confirms_event_id": confirms_event_id,
        "answers_inbound_id": answers_inbound_id,
        "actor_kind": SYSTEM.kind,
    }
    if sent >= MOST_A_DAY:
        capped = {"status": Status.SKIPPED, "reason": Reason.CONFIRMATION_CAP, "ended_at": now}
        values |= capped
    return admit_values(values, now)
