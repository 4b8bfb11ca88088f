"""Reading the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    or_,
    select,
    tuple_,
)

from webapp.contacts.rules import Channel
from webapp.core.db import db
from webapp.core.dialect import DATABASE_NOW, now_after, often, statement_time, word
from webapp.core.prepared import Prepared
from webapp.core.reading import reading
from webapp.outbox.models import OPEN, ChannelPause, Message
from webapp.outbox.rules import CONSENT_REASONS, STOPPED, UNSENT, Status

NOTHING = timedelta(0)
NEVER: ColumnElement[int] = literal_column("0")


# A message that waits, where the index of those in the order of their time is to be used.
WAITS_ITS_TURN = often(Message.status == word(Status.SCHEDULED))
# Open is scheduled or sending. Said by what it is not, so that no database prefers the index of
# all messages of a status to the one of the open messages of a key.
_CLAIMED = and_(OPEN, Message.status != word(Status.SCHEDULED))
_WAITS = and_(OPEN, Message.status != word(Status.SENDING))


def anything_open(keys: Sequence[ColumnElement[Any]]) -> ColumnElement[bool]:
    """Give, as a column of another statement, whether anything waits for or goes to these keys.

    Each key is looked for by itself: so every database finds it by an index of keys. A key may be
    NULL, which is nobody's.
    """
    return or_(*(exists().where(Message.key == key, OPEN) for key in keys))


_BEGINS_UNTIL = Prepared(
    select(func.max(Message.begin_by)).where(
        Message.channel == bindparam("to_channel"),
        Message.key == bindparam("to_key"),
        _CLAIMED,
        Message.begin_by > DATABASE_NOW,
    )
)


def begins_until(channel: Channel, key: bytes) -> datetime | None:
    """Give until when a claim on a channel and key may still begin its request, or None."""
    until: datetime | None = _BEGINS_UNTIL.scalar({"to_channel": channel, "to_key": key})
    return until


def in_flight_until(targets: Sequence[tuple[Channel, bytes]]) -> datetime | None:
    """Give what `begins_until` gives, of several channels and keys at once."""
    return db.session.scalar(
        select(func.max(Message.begin_by)).where(
            tuple_(Message.channel, Message.key).in_(targets),
            _CLAIMED,
            Message.begin_by > DATABASE_NOW,
        )
    )


def due_ids(limit: int, *, within: timedelta = NOTHING) -> list[int]:
    """Give the waiting messages that are due within `within` on channels not paused, by time."""
    session = db.session()
    paused = select(ChannelPause.channel).where(ChannelPause.until > now_after(session, NOTHING))
    due = (
        select(Message.id)
        .where(
            WAITS_ITS_TURN,
            Message.not_before <= statement_time(session, within),
            Message.channel.not_in(paused),
        )
        .order_by(Message.not_before, Message.id)
        .limit(limit)
    )
    with reading() as connection:
        return list(connection.scalars(due))


def coming_up(limit: int, after: timedelta, until: timedelta) -> list[tuple[datetime, int]]:
    """Give when waiting messages are meant to leave, and their ids: between two times from now."""
    session = db.session()
    soon = (
        select(Message.not_before, Message.id)
        .where(
            WAITS_ITS_TURN,
            Message.not_before > statement_time(session, after),
            Message.not_before <= statement_time(session, until),
        )
        .order_by(Message.not_before, Message.id)
        .limit(limit)
    )
    with reading() as connection:
        return [(moment, message_id) for moment, message_id in connection.execute(soon)]


def waiting_on(
    channel: Channel | ColumnElement[Channel], key: bytes | ColumnElement[bytes]
) -> ColumnElement[bool]:
    """Give the condition "waits for this channel and key"; either may be a statement's parameter."""
    return and_(Message.channel == channel, Message.key == key, _WAITS)


def waiting_on_any(channel: Channel, keys: Sequence[bytes]) -> ColumnElement[bool]:
    """Give the condition "waits for this channel and one of these keys"."""
    return and_(Message.channel == channel, Message.key.in_(keys), _WAITS)


def ids_of(where: ColumnElement[bool], limit: int = 1000) -> list[int]:
    """Give messages that fulfil `where`, read beside those who write."""
    with reading() as connection:
        return list(connection.scalars(select(Message.id).where(where).limit(limit)))


def lost_claims(older_than: timedelta) -> ColumnElement[bool]:
    """Give the condition "claimed so long ago that its worker must have ended"."""
    return (Message.status == word(Status.SENDING)) & or_(
        Message.claimed_at.is_(None),
        Message.claimed_at < statement_time(db.session(), -older_than),
    )


def tried_in_vain(for_so_long: timedelta) -> ColumnElement[bool]:
    """Give the condition "tried, and waits again, though its time has passed so long ago"."""
    session = db.session()
    return and_(
        WAITS_ITS_TURN,
        Message.attempts > NEVER,
        Message.send_at < statement_time(session, -for_so_long),
        Message.not_before < statement_time(session, for_so_long),
    )


def ended_unsent(*statuses: Status) -> ColumnElement[bool]:
    """Give the condition "ended in one of these ways without being sent", by default in any.

    All of them are written out beside: a partial index serves only who repeats its condition.
    """
    unsent = Message.ended_at.is_not(None) & _is(UNSENT)
    return unsent & _is(statuses) if statuses else unsent


def stopped_by_consent() -> ColumnElement[bool]:
    """Give the condition "was to be sent, and consent stopped it"."""
    return ended_unsent(*STOPPED) & Message.reason.in_(CONSENT_REASONS)


def _is(statuses: Sequence[Status]) -> ColumnElement[bool]:
    return Message.status.in_([word(status) for status in statuses])
