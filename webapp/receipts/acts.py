"""One act of the ledger: an event, and what went along with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from webapp.consent.models import ConsentEvent, ConsentEventDetail
from webapp.consent.rules import goes_along
from webapp.consent.undoing import ONE_ACT
from webapp.contacts.rules import Channel
from webapp.core.db import db
from webapp.receipts.people import Person


@dataclass(frozen=True)
class Act:
    """What one wish wrote: `first` is its own event, `along` are those beside it."""

    first: ConsentEvent
    along: Sequence[ConsentEvent] = field(default_factory=list)

    @property
    def events(self) -> list[ConsentEvent]:
        """All of them, the first first."""
        return [self.first, *self.along]


def act_of(person: Person) -> Act | None:
    """Give the act that a receipt's token tells of; for another token the newest on its channel.

    None where the ledger has no such event: it came after the backup that was restored, or
    nothing was ever recorded.
    """
    token = person.token
    newest = newest_event(token.channel, token.key)
    event = db.session.get(ConsentEvent, token.event_id) if token.event_id else newest
    if event is None or (event.channel, event.key) != (token.channel, token.key):
        return None
    return Act(event, _along(event, person.every_key))


def newest_event(channel: Channel, key: bytes) -> ConsentEvent | None:
    """Give the head of a channel and key's chain."""
    return db.session.scalar(
        select(ConsentEvent)
        .where(ConsentEvent.channel == channel, ConsentEvent.key == key)
        .order_by(ConsentEvent.seq.desc())
        .limit(1)
    )


def _along(event: ConsentEvent, keys: Sequence[bytes]) -> list[ConsentEvent]:
    """Give the events that went along with one, and with those in turn; none once erased."""
    detail = db.session.get(ConsentEventDetail, event.id)
    if detail is None:
        return []
    rows = db.session.execute(
        select(ConsentEvent, ConsentEventDetail)
        .join(ConsentEventDetail, ConsentEventDetail.event_id == ConsentEvent.id)
        .where(
            ConsentEvent.key.in_(keys),
            ConsentEvent.id > event.id,
            ConsentEvent.asked == event.asked,
            ConsentEvent.source == event.source,
            ConsentEvent.actor_kind == event.actor_kind,
            ConsentEvent.actor_id.is_not_distinct_from(event.actor_id),
            ConsentEvent.recorded_at <= event.recorded_at + ONE_ACT,
        )
        .order_by(ConsentEvent.id)
    )
    reasons, found = {goes_along(event.channel, detail.address)}, []
    for other, beside in rows:
        if beside.evidence.get("reason") in reasons:
            reasons.add(goes_along(other.channel, beside.address))
            found.append(other)
    return found
