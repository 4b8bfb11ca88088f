"""Taking back one's own act, with all that went along with it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from webapp.accounts.rules import Actor
from webapp.consent import service
from webapp.consent.locks import lock_keys
from webapp.consent.models import ConsentEvent, ConsentEventDetail
from webapp.consent.rows import read_row
from webapp.consent.rules import goes_along
from webapp.consent.toggles import Toggled
from webapp.contacts.owners import owner_of_key
from webapp.contacts.rules import Channel
from webapp.core.db import db
from webapp.core.errors import Conflict, NotFound

# Events of one act are written in one transaction; nothing takes longer than this.
ONE_ACT = timedelta(seconds=10)


def take_back(event_id: int, actor: Actor) -> Toggled:
    """Undo the actor's own act of the last minute, in the open transaction.

    What that act did to the person's other addresses and channels is undone with it, unless
    something came after it there. What has been undone already stays undone: a second click does
    no harm. Raises NotFound, or Conflict with the reason.
    """
    event = db.session.get(ConsentEvent, event_id)
    if event is None:
        raise NotFound("That change is not there.")
    contact = owner_of_key(event.key)
    keys = [key for c in Channel for key in contact.keys(c)] if contact else [event.key]
    lock_keys(keys)
    if _undone(event):
        return Toggled(contact, event.channel, read_row(event.channel, event.key).state)
    changes = [service.undo(event_id, actor)]
    for along in _along(event, keys):
        try:
            changes.append(service.undo(along, actor))
        except Conflict:
            continue
    return Toggled(contact, event.channel, changes[0].state, changes)


def _undone(event: ConsentEvent) -> bool:
    found = select(ConsentEvent.id).where(
        ConsentEvent.key == event.key,
        ConsentEvent.channel == event.channel,
        ConsentEvent.undoes_id == event.id,
    )
    return db.session.scalar(found.limit(1)) is not None


def _along(event: ConsentEvent, keys: Sequence[bytes]) -> list[int]:
    """Give the events that the same act wrote beside this one."""
    detail = db.session.get(ConsentEventDetail, event.id)
    if detail is None:
        return []
    reason = goes_along(event.channel, detail.address)
    rows = db.session.execute(
        select(ConsentEvent.id, ConsentEventDetail.evidence)
        .join(ConsentEventDetail, ConsentEventDetail.event_id == ConsentEvent.id)
        .where(
            ConsentEvent.key.in_(keys),
            ConsentEvent.id > event.id,
            ConsentEvent.actor_kind == event.actor_kind,
            ConsentEvent.actor_id == event.actor_id,
            ConsentEvent.recorded_at <= event.recorded_at + ONE_ACT,
        )
    )
    return [event_id for event_id, evidence in rows if evidence.get("reason") == reason]
