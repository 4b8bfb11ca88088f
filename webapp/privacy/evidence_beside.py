"""The other addresses of the same contact on a channel: a no at one of them counts for all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from webapp.consent import queries
from webapp.consent.rules import Standing
from webapp.contacts.owners import Owner
from webapp.contacts.rules import Address, Channel, State, provider_address
from webapp.privacy import evidence_reading as reading
from webapp.privacy.evidence_chain import Then, stood_at
from webapp.privacy.evidence_holds import holds_of


@dataclass(frozen=True)
class Beside:
    """Another address of whoever has this one now, and what stands there on the channel.

    `then` and `held_then` are what stood there at the moment that was asked for, if one was.
    """

    address: Address
    key: bytes
    standing: Standing
    held: bool
    then: Then | None
    held_then: bool

    @property
    def stops_now(self) -> bool:
        """True where what an opt-out stops is not sent to this person, whatever else stands."""
        return self.standing.state is State.OPTED_OUT

    @property
    def stopped_then(self) -> bool:
        """The same at the moment that was asked for, as Heed knew it then."""
        return self.then is not None and self.then.known.state is State.OPTED_OUT

    @property
    def says_anything(self) -> bool:
        """True where anything is on record for it."""
        return self.standing.head_at is not None or self.held or self.held_then


def beside(channel: Channel, key: bytes, owner: Owner | None, at: datetime | None) -> list[Beside]:
    """Give the other addresses on the channel of the contact who has this key.

    They are those that the contact has now: whose an address was at `at` is not on record. Reads
    a state row each, and its events and held replies where `at` is given.
    """
    keys = [other for other in owner.keys(channel) if other != key] if owner else []
    return [_beside(channel, other, owner, at) for other in keys if owner]


def _beside(channel: Channel, key: bytes, owner: Owner, at: datetime | None) -> Beside:
    row = queries.state_row(channel, key)
    return Beside(
        provider_address(owner.address_of(key)),
        key,
        queries.standing_of(row),
        bool(row and row.held),
        stood_at(reading.chain(channel, key), at) if at else None,
        at is not None
        and any(one.channel is channel and one.waited_at(at) for one in holds_of(key)),
    )
