"""What a person is told: the receipt of a change, and what stands on each channel."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import func, select

from webapp.consent import queries
from webapp.consent.models import ConsentEvent
from webapp.consent.rows import read_row
from webapp.contacts.rules import Channel, State, stricter
from webapp.core.db import run
from webapp.outbox.models import Message
from webapp.outbox.rules import Origin, Status
from webapp.receipts.acts import Act, act_of
from webapp.receipts.allowing import may_allow, why_it_stays
from webapp.receipts.people import Person
from webapp.receipts.rules import Why


@dataclass(frozen=True)
class Part:
    """One event of an act. `own` is about the link's own address; `why` it cannot be taken back,
    None where it can, or where there is nothing to take back.
    """

    event: ConsentEvent
    own: bool
    why: Why | None = None

    @property
    def returnable(self) -> bool:
        """True where this link can take it back."""
        return self.event.asked is State.OPTED_OUT and self.why is None


@dataclass(frozen=True)
class Receipt:
    """What one act changed; `cancelled` are the messages that it stopped, counted by origin.

    `now` is what stands by now where its first event stood.
    """

    first: Part
    now: State
    along: list[Part] = field(default_factory=list)
    cancelled: list[tuple[Origin, int]] = field(default_factory=list)

    @property
    def cancelled_count(self) -> int:
        """How many messages it stopped."""
        return sum(count for _, count in self.cancelled)

    @property
    def narrowable(self) -> list[Part]:
        """What went along with a stop on other channels and can be taken back without it."""
        return [part for part in self.elsewhere if part.returnable]

    @property
    def elsewhere(self) -> list[Part]:
        """What went along, but for the WhatsApp id beside the number: the same account there."""
        here = self.first.event.channel
        return [p for p in self.along if not (p.own and p.event.channel is here)]

    @property
    def fixed(self) -> list[Part]:
        """What went along and stays, because it is about another address of the person."""
        return [part for part in self.along if part.why is Why.OTHER_ADDRESS]


@dataclass(frozen=True)
class Preference:
    """One channel of a person: what stands, and why this link cannot allow it (None: it can).

    `stopped_elsewhere` tells that another address of theirs is stopped there although the link's own
    is not. `exempt` and `needs_opt_in` are the channel's policy.
    """

    channel: Channel
    state: State
    held: bool
    reached: bool
    why: Why | None
    stopped_elsewhere: bool
    exempt: bool
    needs_opt_in: bool


def receipt_of(person: Person) -> Receipt | None:
    """Give the receipt of a token's event, or of the newest on its channel; None without one.

    Only the receipt's own link offers to take something back.
    """
    act = act_of(person)
    if act is None:
        return None
    first, *along = [_part(person, event) for event in act.events]
    now = read_row(act.first.channel, act.first.key).state
    return Receipt(first, now, along, _cancelled(act))


def preferences_of(person: Person) -> list[Preference]:
    """Give the four channels of the person behind a link, in their order."""
    return [_preference(person, channel) for channel in Channel]


def _part(person: Person, event: ConsentEvent) -> Part:
    out = event.asked is State.OPTED_OUT
    own = event.key in person.own_keys(event.channel)
    return Part(event, own, why_it_stays(person, event) if out else None)


def _cancelled(act: Act) -> list[tuple[Origin, int]]:
    """Count what the act stopped, by why the messages existed; no text of them is read."""
    ids = [event.id for event in act.events]
    query = (
        select(Message.origin, func.count())
        .where(
            # By the person's own messages, which an index finds.
            Message.key.in_({event.key for event in act.events}),
            Message.channel.in_({event.channel for event in act.events}),
            Message.event_id.in_(ids),
            Message.status == Status.CANCELLED,
        )
        .group_by(Message.origin)
        .order_by(Message.origin)
    )
    return [(origin, count) for origin, count in run(query)]


def _preference(person: Person, channel: Channel) -> Preference:
    places = person.places(channel)
    rows = queries.states_of(places)[channel] if places else []
    own = [row.state for row in rows if row.key in person.own_keys(channel)]
    counted = stricter([row.state for row in rows])
    policy = queries.policy(channel)
    return Preference(
        channel,
        counted,
        any(row.held for row in rows),
        bool(places),
        may_allow(person, channel),
        counted is State.OPTED_OUT and State.OPTED_OUT not in own,
        policy.exempts_utility,
        policy.needs_opt_in,
    )
