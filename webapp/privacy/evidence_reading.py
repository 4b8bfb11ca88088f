"""Reading the ledger of one channel and key for its evidence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import String, cast, exists, or_, select

from webapp.accounts.rules import Actor
from webapp.audit.service import record
from webapp.consent.chain import FIRST
from webapp.consent.models import ConsentEvent, ConsentEventDetail, ConsentState
from webapp.contacts.rules import Channel
from webapp.core.db import db, transaction
from webapp.outbox.models import Message
from webapp.privacy.models import Erasure

MOST_EVENTS = 500  # with their details, of one channel
NO_HEAD = (0, FIRST)


def channels_known(key: bytes) -> list[Channel]:
    """Give the channels on which anything is recorded for a key."""
    found = set(db.session.scalars(select(ConsentState.channel).where(ConsentState.key == key)))
    return [channel for channel in Channel if channel in found]


def is_known(key: bytes) -> bool:
    """Tell whether a key has any consent on record, or got any message."""
    recorded, written = (exists().where(table.key == key) for table in (ConsentState, Message))
    return bool(db.session.scalar(select(or_(recorded, written))))


def chain(channel: Channel, key: bytes) -> list[ConsentEvent]:
    """Give every event of a channel and key, the first first."""
    whole = (
        select(ConsentEvent)
        .where(ConsentEvent.key == key, ConsentEvent.channel == channel)
        .order_by(ConsentEvent.seq)
    )
    return list(db.session.scalars(whole))


def details(events: Sequence[ConsentEvent]) -> dict[int, ConsentEventDetail]:
    """Give the details that are still there, by event."""
    ids = [event.id for event in events]
    kept = select(ConsentEventDetail).where(ConsentEventDetail.event_id.in_(ids))
    return {detail.event_id: detail for detail in db.session.scalars(kept)} if ids else {}


def erasures(key: bytes) -> list[datetime]:
    """Give when people with this key were erased, in order."""
    # The list of keys is read as text: 64 hex digits stand for nothing else.
    named = cast(Erasure.keys, String).contains(key.hex())
    return list(db.session.scalars(select(Erasure.at).where(named).order_by(Erasure.at)))


def key_of_event(event_id: int) -> tuple[bytes, str] | None:
    """Give the key of an event, and its address where that was not erased."""
    found = db.session.execute(
        select(ConsentEvent.key, ConsentEventDetail.address)
        .outerjoin(ConsentEventDetail, ConsentEventDetail.event_id == ConsentEvent.id)
        .where(ConsentEvent.id == event_id)
    ).first()
    return (found.key, found.address or "") if found else None


def note_read(who: Actor, key: bytes, at: datetime | None, *, form: str) -> None:
    """Note in the audit log that somebody reads the evidence of a key, and commit it.

    Before the pack is read: on SQLite a transaction that has read may not write. The key stands
    for the address, so that the log need not forget when the person is erased.
    """
    asked = {"key": key.hex(), "at": at.isoformat() if at else None, "form": form}
    db.session.rollback()
    transaction(lambda: record(who, "evidence.read", **asked))
