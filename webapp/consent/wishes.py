"""What somebody asks for, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from webapp.accounts.rules import Actor
from webapp.contacts.rules import Address, Channel, Source, State


@dataclass(frozen=True)
class Wish:
    """A change somebody asks for. `evidence` says how, when, where, and with which wording.

    `evidence_at` is when the evidence was given; an opt-in takes effect no later than that.
    `said` is the person's own text, `reason` a note by whoever recorded it.
    """

    channel: Channel
    address: Address
    asked: State
    source: Source
    actor: Actor
    occurred_at: datetime | None = None
    evidence: dict[str, Any] = field(default_factory=dict)
    evidence_at: datetime | None = None
    said: str = ""
    reason: str = ""

    @property
    def proven(self) -> bool:
        """True where something is shown for it."""
        return any(str(value).strip() for value in self.evidence.values())


@dataclass(frozen=True)
class Change:
    """What a wish came to. `superseded` where something newer stands against it.

    `cancelled` are message ids. `in_flight_until` is until when a claim that came before it may
    still begin its request: `settle` waits for it. `along` are the changes on the person's other
    addresses and channels that the same wish reached.
    """

    channel: Channel
    key: bytes
    event_id: int
    before: State
    state: State
    superseded: bool
    cancelled: tuple[int, ...] = ()
    contact_id: int | None = None
    in_flight_until: datetime | None = None
    along: tuple[Change, ...] = ()

    @property
    def waits(self) -> bool:
        """True where a claim on any of its keys may still begin: `settle` will wait."""
        everything = (self, *self.along)
        return any(c.state is not State.OPTED_IN and c.in_flight_until for c in everything)

    @property
    def all_cancelled(self) -> tuple[int, ...]:
        """Every message that the wish cancelled, on whichever address."""
        return self.cancelled + tuple(m for change in self.along for m in change.cancelled)

    @property
    def changed(self) -> bool:
        """True where the stored state is another one now."""
        return self.before is not self.state
