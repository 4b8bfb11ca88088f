"""What a provider reports later about a message that it took."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from webapp.consent.wishes import Change
from webapp.contacts.rules import Channel
from webapp.core import clock
from webapp.core.db import db
from webapp.delivery.outcomes import WINDOW_CLOSED, opted_out_there
from webapp.delivery.providers.base import Outcome
from webapp.events.service import publish
from webapp.outbox import service as outbox
from webapp.outbox.models import Message
from webapp.outbox.rules import Reason, Status

TIMES = {
    Status.SENT: "sent_at",
    Status.DELIVERED: "delivered_at",
    Status.READ: "read_at",
}


@dataclass(frozen=True)
class Report:
    """One status callback: about which message, what, when, and for a failure why.

    `correlation` is ours, echoed; `provider_message_id` is theirs.
    """

    channel: Channel
    provider_message_id: str
    correlation: str | None
    status: Status
    occurred_at: datetime | None
    outcome: Outcome | None = None
    code: str | None = None
    detail: str = ""


@dataclass(frozen=True)
class Applied:
    """What a report came to: its consent changes, and whether it is about an erased person."""

    changes: list[Change] = field(default_factory=list)
    erased: bool = False


def apply(report: Report) -> Applied:
    """Record a report in the open transaction, in whatever order reports come.

    A message only moves forward; times are kept even where the status is past them. A failure
    because the person opted out at the provider is a consent change (source `provider`).
    Unknown messages are ignored. The consent changes are to be settled.
    """
    message = _find(report)
    if message is None:
        return Applied()
    changes = []
    if report.outcome is Outcome.OPTED_OUT:
        said = f"The provider reported for message {message.id}: the person opted out there"
        changes = opted_out_there(message.id, message.channel, message.key, said)
    when = report.occurred_at or clock.now()
    values: dict[str, Any] = {"provider_message_id": report.provider_message_id, "ended_at": when}
    if report.status is Status.FAILED:
        values |= {"reason": _reason(report), "code": report.code, "detail": report.detail[:2000]}
    else:
        values |= {"reason": None, "detail": ""}
    outbox.move(Message.id == message.id, report.status, **values)
    if (column := TIMES.get(report.status)) is not None:
        db.session.execute(
            update(Message)
            .where(Message.id == message.id, getattr(Message, column).is_(None))
            .values({column: when})
            .execution_options(synchronize_session=False)
        )
    publish("messages.moved", message_ids=[message.id])
    return Applied(changes, erased=not message.address)


def _find(report: Report) -> Message | None:
    """Find the message by our own word for that claim of it, else by the provider's id."""
    row_id, _, token = (report.correlation or "").partition("-")
    if row_id.isdigit() and token and int(row_id) < 2**63:
        message = db.session.get(Message, int(row_id), populate_existing=True)
        if message is not None and message.claim_token == token:
            return message
    return db.session.scalar(
        select(Message)
        .where(
            Message.provider_message_id == report.provider_message_id,
            Message.channel == report.channel,
        )
        .order_by(Message.id.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )


def _reason(report: Report) -> Reason:
    if report.outcome is Outcome.OPTED_OUT:
        return Reason.PROVIDER_OPTED_OUT
    return Reason.WINDOW_CLOSED if report.code in WINDOW_CLOSED else Reason.PROVIDER_REFUSED
