"""What wishes about several contacts and channels came to."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from webapp.consent.rows import Place, read_row
from webapp.consent.toggles import Record, StandingOptOut, against
from webapp.consent.wishes import Change
from webapp.contacts.owners import Owner
from webapp.contacts.rules import Channel, State


class Outcome(enum.StrEnum):
    """What a wish about one contact and channel came to."""

    CHANGED = "changed"
    ALREADY = "already"  # it stood so before
    STANDS = "stands"  # an opt-out that the consent does not lift
    NO_ADDRESS = "no_address"
    GONE = "gone"  # there is no such contact any more


@dataclass(frozen=True)
class Act:
    """What was asked of one contact on one channel, and what it came to.

    `places` are the channel and keys that the answer speaks for. `owner` is None where the
    contact is gone.
    """

    contact_id: int
    channel: Channel
    outcome: Outcome
    owner: Owner | None = None
    places: list[Place] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    @property
    def event_id(self) -> int | None:
        """The event that an undo names; None where nothing changed."""
        return self.changes[0].event_id if self.outcome is Outcome.CHANGED else None

    @property
    def cancelled(self) -> set[int]:
        """The waiting messages that it cancelled."""
        return {message for change in self.changes for message in change.all_cancelled}


@dataclass(frozen=True)
class Acts:
    """All that came of it. After the commit, `settle(acts.changes, also=acts.places)`."""

    asked: State
    acts: list[Act]

    @property
    def changes(self) -> list[Change]:
        """Every change made."""
        return [change for act in self.acts for change in act.changes]

    @property
    def places(self) -> list[Place]:
        """What an answer of Opted Out speaks for, also where it was so before."""
        if self.asked is not State.OPTED_OUT:
            return []
        return [place for act in self.acts for place in act.places]

    @property
    def event_ids(self) -> list[int]:
        """The events that undoing all of it names."""
        return [act.event_id for act in self.acts if act.event_id is not None]

    @property
    def cancelled(self) -> int:
        """How many waiting messages were cancelled."""
        return len({message for act in self.acts for message in act.cancelled})

    def with_outcome(self, outcome: Outcome) -> list[Act]:
        """Give the acts that came to this."""
        return [act for act in self.acts if act.outcome is outcome]


def stands_against(act: Act, record: Record) -> StandingOptOut | None:
    """Give the opt-out that an opt-in with this record did not lift."""
    rows = [read_row(*place) for place in act.places]
    out = next((row for row in rows if row.state is State.OPTED_OUT), None)
    return against(out, record) if out else None
