"""Opt-outs that somebody was told of and may not record: they hold until an admin decides."""

from __future__ import annotations

from collections.abc import Iterable

from webapp.accounts.rules import Actor
from webapp.consent.holds import hold
from webapp.consent.models import Review
from webapp.contacts.rules import Address, Channel

REPORTED = "reported"  # why it is held: a person reported it


def hold_as_reported(channel: Channel, address: Address, actor: Actor, said: str = "") -> None:
    """Hold the marketing to an address and to its owner's others, in the open transaction.

    `said` is what the person said, as far as it was heard; it is kept with the hold.
    """
    said = said or f"{actor.name} reports that the person asked to stop."
    hold(channel, address, said, {"rule": REPORTED}, actor=actor)


def only_reported(waiting: Iterable[Review]) -> set[Channel]:
    """Give the channels of these open reviews on which somebody reported every one."""
    found = [(review.channel, review.because.get("rule") == REPORTED) for review in waiting]
    return {channel for channel, _ in found} - {channel for channel, told in found if not told}
