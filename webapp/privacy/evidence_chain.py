"""The chain of one channel and key, recomputed, and what stood on it at any moment. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from webapp.accounts.rules import Actor
from webapp.consent.chain import FIRST, commitment, link, public_fields
from webapp.consent.models import ConsentEvent, ConsentEventDetail
from webapp.consent.rules import Entry, Standing, fold
from webapp.contacts.rules import State


@dataclass(frozen=True)
class Checked:
    """What recomputing a chain came to, from its first event to its last.

    `broken` are the events whose hash, place or link to the one before does not hold, `unlike`
    those whose detail is not what they committed to. `ends` says that the last one is the stored
    head, and `stands` that the stored state is the fold of them all.
    """

    events: int
    broken: tuple[int, ...]
    unlike: tuple[int, ...]
    ends: bool
    stands: bool

    @property
    def holds(self) -> bool:
        """True where all of it does."""
        return not self.broken and not self.unlike and self.ends and self.stands


@dataclass(frozen=True)
class Then:
    """What stood at a past moment: as Heed knew it then, and as it is known today.

    `known` is the fold over the events recorded by then, and decided about messages. `today` is
    that over the events that took effect by then, some of which were recorded later.
    """

    at: datetime
    known: Standing
    today: Standing

    @property
    def differs(self) -> bool:
        """True where Heed has learnt since that something else stood."""
        return self.known.state is not self.today.state


def entry_of(event: ConsentEvent) -> Entry:
    """Give an event as the fold sees it."""
    return Entry(
        event.id,
        event.asked,
        event.source,
        event.effective_at,
        event.recorded_at,
        event.proven,
        Actor(event.actor_kind, event.actor_id),
        event.undoes_id,
    )


def public_of(event: ConsentEvent) -> dict[str, Any]:
    """Give the columns that an event's hash covers."""
    return public_fields(
        event.channel,
        event.key,
        event.seq,
        entry_of(event),
        event.from_state,
        event.to_state,
        event.occurred_at,
    )


def stood_at(events: Iterable[ConsentEvent], at: datetime) -> Then:
    """Give what stood on a chain at a moment."""
    entries = [entry_of(event) for event in events]
    known = fold(entry for entry in entries if entry.recorded_at <= at)
    return Then(at, known, fold(entry for entry in entries if entry.effective_at <= at))


class Course:
    """The stored states of a chain by when they were recorded, to be asked for many moments."""

    def __init__(self, events: Iterable[ConsentEvent]) -> None:
        steps = sorted((event.recorded_at, event.seq, event.to_state) for event in events)
        self._moments = [moment for moment, _, _ in steps]
        self._states = [state for _, _, state in steps]

    def at(self, moment: datetime) -> State:
        """Give the state that was stored at a moment: what a claim saw."""
        place = bisect_right(self._moments, moment)
        return self._states[place - 1] if place else State.UNKNOWN


def commits(event: ConsentEvent, detail: ConsentEventDetail) -> bool:
    """Tell whether a detail is what its event committed to."""
    content = commitment(detail.salt, detail.address, detail.said, detail.evidence)
    return content == event.commitment


def check(
    events: Sequence[ConsentEvent],
    details: Mapping[int, ConsentEventDetail],
    head: tuple[int, bytes],
    stored: Standing,
) -> Checked:
    """Recompute a whole chain, in the order of `seq`, and the details that are there.

    `head` and `stored` are what the state row says: the number of the last event and its hash,
    and the standing.
    """
    broken, prev = [], FIRST
    for nth, event in enumerate(events, start=1):
        expected = link(prev, event.commitment, public_of(event))
        if event.seq != nth or event.prev != prev or event.hash != expected:
            broken.append(event.id)
        prev = event.hash
    unlike = [e.id for e in events if e.id in details and not commits(e, details[e.id])]
    ends = head == (len(events), prev)
    stands = fold(entry_of(event) for event in events) == stored
    return Checked(len(events), tuple(broken), tuple(unlike), ends, stands)
