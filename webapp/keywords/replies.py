"""The short answers to a keyword: once, few a day, soon or not at all."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import bindparam, func, select

from webapp.accounts.rules import SYSTEM
from webapp.contacts.rules import Channel
from webapp.core import clock
from webapp.core.db import table_of
from webapp.core.dialect import DATABASE_NOW, word
from webapp.core.prepared import Prepared
from webapp.outbox.models import Message
from webapp.outbox.rules import Category, Origin, Reason, Status
from webapp.outbox.service import admit_values

# 47 CFR 64.1200(a)(12): one confirmation, within five minutes, without marketing.
SOON = timedelta(minutes=5)
MOST_A_DAY = 3
DAY = timedelta(days=1)


_MESSAGES = table_of(Message).c
# How many of them an address got since a moment, and what time it is.
_RECENT = Prepared(
    select(func.count(), DATABASE_NOW).where(
        _MESSAGES.key == bindparam("to_key"),
        _MESSAGES.channel == bindparam("to_channel"),
        _MESSAGES.origin == word(Origin.CONFIRMATION),
        _MESSAGES.created_at > bindparam("since"),
        _MESSAGES.status != word(Status.SKIPPED),
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
    today = {"to_key": key, "to_channel": channel, "since": clock.now() - DAY}
    sent, now = _RECENT.all(today)[0]
    capped = sent >= MOST_A_DAY
    values = {
        "contact_id": contact_id,
        "channel": channel,
        "key": key,
        "address": address,
        "origin": Origin.CONFIRMATION,
        "category": Category.UTILITY,
        "body": text,
        "variables": {},
        "status": Status.SKIPPED if capped else Status.SCHEDULED,
        "reason": Reason.CONFIRMATION_CAP if capped else None,
        "detail": "",
        "epoch": 0,
        "attempts": 0,
        "send_at": now,
        "not_before": now,
        "expires_at": now + SOON,
        "ended_at": now if capped else None,
        "created_at": clock.now(),
        "confirms_event_id": confirms_event_id,
        "answers_inbound_id": answers_inbound_id,
        "actor_kind": SYSTEM.kind,
    }
    return admit_values(values, now)
