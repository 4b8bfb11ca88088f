"""The claim: a shared lock in a statement of its own, then a conditional UPDATE.

While the lock is held, consent on these keys cannot change; an opt-out that waits for it will
find the claimed rows and let its door wait out their `begin_by`. An opt-out that came first is
visible to the UPDATE, which stands in a later statement than the lock.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import current_app
from sqlalchemy import ColumnElement, or_, select

from webapp.consent import queries as consent
from webapp.consent.locks import lock_keys
from webapp.consent.rules import Rule
from webapp.contacts.rules import Channel, provider_address
from webapp.core import clock
from webapp.core.config import Config
from webapp.core.db import db, transaction
from webapp.core.dialect import database_now, now_after
from webapp.delivery.providers.base import Outgoing, TemplateCall
from webapp.message_templates.models import Template
from webapp.message_templates.rules import variable_names
from webapp.outbox import service as outbox
from webapp.outbox.models import ChannelPause, Message
from webapp.outbox.rules import Category, Reason, Status
from webapp.receipts.links import unsubscribe_url

NOTHING = timedelta(0)
HELD_LOOK_AGAIN = timedelta(minutes=1)
WAITS = {
    Rule.HELD: Reason.HELD_FOR_REVIEW,
    Rule.ACCOUNT_HELD: Reason.HELD_AFTER_RESTORE,
}
REASONS = {
    Rule.OPTED_OUT: Reason.OPTED_OUT,
    Rule.STALE_EPOCH: Reason.OPTED_OUT,
    Rule.NEEDS_OPT_IN: Reason.NO_RECORDED_OPT_IN,
}


@dataclass(frozen=True)
class Claim:
    """One message taken for sending; `deadline` is in seconds of clock.elapsed()."""

    message_id: int
    token: str
    channel: Channel
    key: bytes
    address: str
    attempts: int
    outgoing: Outgoing
    deadline: float

    def may_begin(self) -> bool:
        """Tell, right before the first byte, whether the request may still begin."""
        return clock.elapsed() < self.deadline


def waiting_by_channel(ids: Sequence[int]) -> dict[Channel, list[int]]:
    """Give which of these messages wait, by channel, each channel's in the order given."""
    wanted = (Message.id.in_(ids)) & (Message.status == Status.SCHEDULED)
    rows = db.session.execute(select(Message.id, Message.channel).where(wanted)).all()
    db.session.rollback()
    channels = {row.id: row.channel for row in rows}
    found: dict[Channel, list[int]] = {}
    for message_id in dict.fromkeys(ids):
        if message_id in channels:
            found.setdefault(channels[message_id], []).append(message_id)
    return found


def claim(ids: Sequence[int]) -> list[Claim]:
    """Take those of these messages that may leave now; in a transaction of its own.

    What may never leave ends with its reason; what is held or paused waits on.
    """
    return transaction(lambda: _claim(ids))


def _claim(ids: Sequence[int]) -> list[Claim]:
    session = db.session()
    wanted = (Message.id.in_(ids)) & (Message.status == Status.SCHEDULED)
    targets = session.scalars(select(Message.key).where(wanted)).all()
    if not targets:
        return []
    lock_keys(targets, shared=True)
    # Taken after the lock and before the statement that sets `begin_by`, so this process's limit
    # is never later than the one that an acknowledging door waits for.
    deadline = clock.elapsed() + outbox.BEGIN_WITHIN.total_seconds()
    may_leave = consent.may_leave() & _not_paused() & _in_time() & _safe()
    taken = outbox.claim(ids, secrets.token_hex(8), may_leave, consent.receipt())
    if len(taken) < len(targets):
        _end_or_defer(wanted)
    return [_as_claim(message, deadline) for message in taken]


def _not_paused() -> ColumnElement[bool]:
    paused = select(ChannelPause.channel).where(
        ChannelPause.until > now_after(db.session(), NOTHING)
    )
    return Message.channel.not_in(paused)


def _in_time() -> ColumnElement[bool]:
    return or_(Message.expires_at.is_(None), Message.expires_at > now_after(db.session(), NOTHING))


def _safe() -> ColumnElement[bool]:
    """Under HEED_SAFE_MODE, only the listed addresses are sent to."""
    config: Config = current_app.extensions["heed"]
    if not config.safe_mode:
        return Message.id.is_not(None)
    return Message.address.in_(config.safe_mode)


def _end_or_defer(wanted: ColumnElement[bool]) -> None:
    """Say of what was not taken why: ended for good, or held until somebody decides."""
    for message_id, rule, event_id in consent.verdicts(wanted):
        only = wanted & (Message.id == message_id)
        if rule in REASONS:
            outbox.end_waiting(only, Status.CANCELLED, REASONS[rule], rule=rule, event_id=event_id)
        elif rule in WAITS:
            outbox.defer(only, database_now(db.session()) + HELD_LOOK_AGAIN, WAITS[rule])
    outbox.end_waiting(wanted & ~_in_time(), Status.SKIPPED, Reason.CONFIRMATION_LATE)
    outbox.end_waiting(wanted & ~_safe(), Status.SKIPPED, Reason.SAFE_MODE)


def _as_claim(message: Message, deadline: float) -> Claim:
    assert message.claim_token is not None
    return Claim(
        message.id,
        message.claim_token,
        message.channel,
        message.key,
        message.address,
        message.attempts,
        _outgoing(message),
        deadline,
    )


def _outgoing(message: Message) -> Outgoing:
    call = _template_call(message) if message.channel is Channel.WHATSAPP else None
    return Outgoing(
        message.id,
        message.correlation,
        message.address,
        None if call else message.body,
        call,
        marketing=message.category is Category.MARKETING,
        subject=str(message.variables.get("subject") or ""),
        unsubscribe=_unsubscribe(message),
    )


def _template_call(message: Message) -> TemplateCall | None:
    """Give how WhatsApp is told of a template; elsewhere its filled text is sent as it stands."""
    if message.template_id is None:
        return None
    template = db.session.get_one(Template, message.template_id)
    names = variable_names(template.body)
    values = tuple(str(message.variables.get(name, "")) for name in names)
    return TemplateCall(template.name, template.language, values)


def _unsubscribe(message: Message) -> str:
    """Give the address for List-Unsubscribe; marketing by email alone has that header."""
    if message.channel is not Channel.EMAIL or message.category is not Category.MARKETING:
        return ""
    kind = provider_address(message.address).kind
    return unsubscribe_url(message.channel, kind, message.key, message.id)
