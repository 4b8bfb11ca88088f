"""The evidence pack of one address: what stands, the events behind it, and what left when.

It is assembled from the ledger by key, so it also speaks of who is no contact, or was erased.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from webapp.accounts.queries import names_of
from webapp.consent import queries
from webapp.consent.models import ConsentEvent, ConsentEventDetail
from webapp.consent.rules import Standing
from webapp.contacts.owners import Owner, owner_of_key
from webapp.contacts.rules import Channel, channels_of
from webapp.core import clock
from webapp.core.errors import Invalid
from webapp.privacy import evidence_messages as messages
from webapp.privacy import evidence_reading as reading
from webapp.privacy.evidence_beside import Beside, beside
from webapp.privacy.evidence_chain import Checked, Course, Then, check, stood_at
from webapp.privacy.evidence_holds import Held, holds_of
from webapp.privacy.evidence_messages import Cancelled, Left, Sent
from webapp.privacy.subjects import Subject


@dataclass(frozen=True)
class Seal:
    """A seal over the ledger that covers an event: its number, when it was made, its hash."""

    id: int
    last_event_id: int
    at: datetime
    hash: bytes


# Gives the first seal over each of some events; from the room above, which makes the seals.
Covering = Callable[[Sequence[int]], Mapping[int, Seal]]


@dataclass(frozen=True)
class Line:
    """One consent event with all that belongs to it.

    `detail` is None once it was erased, `erased_at` says when that was, where it is known.
    `undone_by` is the correction that took it back. `like` tells whether the detail is what the
    event committed to; None without one.
    """

    event: ConsentEvent
    detail: ConsentEventDetail | None
    who: str
    erased_at: datetime | None
    undone_by: int | None
    cancelled: Cancelled
    confirmation: Sent | None
    seal: Seal | None
    holds: bool
    like: bool | None


@dataclass(frozen=True)
class Part:
    """One channel of the address: what stands, since when, and the chain behind it.

    `held_then` tells whether a reply kept marketing waiting at the moment that was asked for.
    `lines` are the newest events, newest first; `left_out` says how many older ones there are.
    `holds` are the replies that were held for a decision, newest first.
    `sent` are the newest messages with what stood when each left; `more_sent` where there are more.
    `others` are the same contact's other addresses on the channel: the strictest of all counts.
    """

    channel: Channel
    standing: Standing
    held: bool
    then: Then | None
    held_then: bool
    holds: list[Held]
    lines: list[Line]
    left_out: int
    checked: Checked
    sent: list[Left]
    more_sent: bool
    others: list[Beside]

    def line(self, event_id: int | None) -> Line | None:
        """Give the line of an event of this chain."""
        return next((line for line in self.lines if line.event.id == event_id), None)


@dataclass(frozen=True)
class Pack:
    """All that is known of an address, with the moment that was asked for, if one was."""

    subject: Subject
    owner: Owner | None
    made_at: datetime
    at: datetime | None
    parts: list[Part]

    @property
    def empty(self) -> bool:
        """True where nothing at all is known of the address, nor of another one of its contact."""
        known = (part.lines or part.sent or part.holds for part in self.parts)
        others = (other.says_anything for part in self.parts for other in part.others)
        return not (any(known) or any(others))


def check_past(at: datetime | None) -> None:
    """Refuse a moment that is to come: what will stand is not known. Raises Invalid."""
    if at is not None and at > clock.now():
        raise Invalid("What will stand is not known. Choose a moment that has passed.", field="at")


def pack_of(subject: Subject, at: datetime | None, covering: Covering) -> Pack:
    """Assemble the evidence of an address; `at` is a past moment whose standing is asked for.

    Reads what is committed, some ten statements a channel however much there is: the newest 500
    events with their details and the newest 200 messages are given, the rest is counted.
    """
    kind = subject.address.kind if subject.address else None
    channels = channels_of(kind) if kind else reading.channels_known(subject.key)
    holds, owner = holds_of(subject.key), owner_of_key(subject.key)
    parts = [
        _part(
            channel,
            subject.key,
            at,
            covering,
            [one for one in holds if one.channel is channel],
            beside(channel, subject.key, owner, at),
        )
        for channel in channels
    ]
    return Pack(subject, owner, clock.now(), at, parts)


def _part(
    channel: Channel,
    key: bytes,
    at: datetime | None,
    covering: Covering,
    holds: list[Held],
    others: list[Beside],
) -> Part:
    events = reading.chain(channel, key)
    shown = events[-reading.MOST_EVENTS :]
    details = reading.details(shown)
    row = queries.state_row(channel, key)
    standing = queries.standing_of(row)
    head = (row.head_seq, row.head_hash) if row else reading.NO_HEAD
    checked = check(events, details, head, standing)
    sent, more = messages.left_for(channel, key, Course(events))
    return Part(
        channel,
        standing,
        bool(row and row.held),
        stood_at(events, at) if at else None,
        at is not None and any(one.waited_at(at) for one in holds),
        holds,
        _lines(channel, key, shown, details, checked, covering),
        len(events) - len(shown),
        checked,
        sent,
        more,
        others,
    )


def _lines(
    channel: Channel,
    key: bytes,
    events: list[ConsentEvent],
    details: Mapping[int, ConsentEventDetail],
    checked: Checked,
    covering: Covering,
) -> list[Line]:
    """Give the lines of some events of a chain, newest first."""
    ids = [event.id for event in events]
    if not ids:
        return []
    names = names_of((event.actor_kind, event.actor_id) for event in events)
    undone = {event.undoes_id: event.id for event in events if event.undoes_id}
    erased = reading.erasures(key) if len(details) < len(events) else []
    cancelled = messages.cancelled_by(channel, key)
    confirmations = messages.confirmations_of(ids)
    seals = covering(ids)
    return [
        Line(
            event,
            details.get(event.id),
            names[event.actor_kind, event.actor_id],
            _erased_at(event, erased) if event.id not in details else None,
            undone.get(event.id),
            cancelled.get(event.id, messages.NONE),
            confirmations.get(event.id),
            seals.get(event.id),
            event.id not in checked.broken,
            event.id not in checked.unlike if event.id in details else None,
        )
        for event in reversed(events)
    ]


def _erased_at(event: ConsentEvent, erasures: Sequence[datetime]) -> datetime | None:
    """Give when an event's detail went: at the first erasure after it was recorded."""
    return next((at for at in erasures if at >= event.recorded_at), None)
