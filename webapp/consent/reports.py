"""Opt-outs that somebody was told of and may not record: they hold marketing until an admin decides."""

from __future__ import annotations

from webapp.accounts.rules import Actor
from webapp.consent.holds import hold
from webapp.contacts.rules import Address, Channel


def hold_as_reported(channel: Channel, address: Address, actor: Actor, said: str = "") -> None:
    """Hold the marketing to an address and to its owner's others, in the open transaction.

    `said` is what the person said, as far as it was heard; it is kept with the hold.
    """
    said = said or f"{actor.name} reports that the person asked to stop."
    hold(channel, address, said, {"rule": "reported"}, actor=actor)
