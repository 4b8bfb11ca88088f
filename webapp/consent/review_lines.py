"""A held reply with whoever it came from, and what stands for them now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import and_, func, or_, select

from webapp.accounts.queries import Who, names_of
from webapp.accounts.rules import SYSTEM
from webapp.consent import queries
from webapp.consent.deadlines import Deadline, deadline
from webapp.consent.models import ConsentState, Review
from webapp.consent.rows import Place
from webapp.consent.rules import Entry, fold
from webapp.contacts.owners import Owner
from webapp.contacts.rules import Source, State, stricter
from webapp.core.db import db
from webapp.core.dialect import word
from webapp.outbox.models import Message
from webapp.outbox.queries import waiting_on_any
from webapp.outbox.rules import Category


@dataclass(frozen=True)
class Line:
    """One reply on the list, with whoever it came from and what stands for them.

    `came_at` is when it was written. `waiting` counts the marketing messages that wait for it.
    `opted_in_at` is set where they opted in after it, so that an opt-out for it would change
    nothing. `who` decided it. `since` is from when on their state stands; None without a record.
    """

    review: Review
    owner: Owner | None
    came_at: datetime
    state: State = State.UNKNOWN
    waiting: int = 0
    opted_in_at: datetime | None = None
    who: str = ""
    since: datetime | None = None

    @property
    def name(self) -> str:
        """What to call whoever replied."""
        return self.owner.display_name if self.owner else self.review.address

    @property
    def keys(self) -> list[bytes]:
        """Every key of theirs on the channel, that of the reply first."""
        own = self.owner.keys(self.review.channel) if self.owner else []
        return list(dict.fromkeys([self.review.key, *own]))

    def due(self, today: date, zone: ZoneInfo) -> Deadline:
        """Give until when it must be decided, by the days of a reader's zone."""
        return deadline(self.review.opened_at.astimezone(zone).date(), today)


def completed(lines: Sequence[Line]) -> list[Line]:
    """Add what stands for whoever replied, for all lines together."""
    places = [(line.review.channel, key) for line in lines for key in line.keys]
    states = {
        (row.channel, row.key): row for some in queries.states_of(places).values() for row in some
    }
    waiting = _waiting(places)
    names = names_of(_who(line.review) for line in lines)
    return [_complete(line, states, waiting, names) for line in lines]


def _complete(
    line: Line,
    states: dict[Place, ConsentState],
    waiting: dict[Place, int],
    names: dict[Who, str],
) -> Line:
    channel = line.review.channel
    rows = [states[channel, key] for key in line.keys if (channel, key) in states]
    state = stricter([row.state for row in rows])
    return Line(
        line.review,
        line.owner,
        line.came_at,
        state,
        sum(waiting.get((channel, key), 0) for key in line.keys),
        _opted_in_after(line, states.get((channel, line.review.key))),
        names[_who(line.review)],
        next((row.since for row in rows if row.state is state), None),
    )


def _who(review: Review) -> Who:
    return (review.actor_kind, review.actor_id)


def _waiting(places: Sequence[Place]) -> dict[Place, int]:
    """Count the marketing messages that wait for each channel and key."""
    by_channel = {channel: [key for on, key in places if on is channel] for channel, _ in places}
    if not by_channel:
        return {}
    theirs = or_(*(waiting_on_any(channel, keys) for channel, keys in by_channel.items()))
    counted = (
        select(Message.channel, Message.key, func.count())
        .where(and_(theirs, Message.category == word(Category.MARKETING)))
        .group_by(Message.channel, Message.key)
    )
    return {(channel, key): count for channel, key, count in db.session.execute(counted)}


def _opted_in_after(line: Line, row: ConsentState | None) -> datetime | None:
    """Give since when they are in, where that would stand against an opt-out for this reply.

    By the fold itself; the ledger is read only where something came after the reply.
    """
    at = line.came_at
    newer = row is not None and row.head_at is not None and row.head_at > at
    if row is None or row.state is not State.OPTED_IN or not newer:
        return None
    known = queries.entries(row.channel, row.key)
    newest = max(entry.id for entry in known) + 1
    wanted = Entry(newest, State.OPTED_OUT, Source.REVIEW, at, at, True, SYSTEM)
    after = fold([*known, wanted])
    return after.since if after.state is State.OPTED_IN else None
