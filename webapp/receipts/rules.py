"""What a link may take back: only what its own event did, and only while nothing is newer. Pure."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from webapp.consent.rules import Entry, late_enough, lifts
from webapp.contacts.rules import Channel, Source, State


class Why(enum.StrEnum):
    """Why a link cannot allow messages again; each has its sentence for the person."""

    OTHER_ADDRESS = "other_address"
    PROVIDER = "provider"
    NEWER = "newer"
    TOO_SOON = "too_soon"
    DONE = "done"


@dataclass(frozen=True)
class Out:
    """An opt-out of the ledger, and what stands where it stood.

    `own` tells whether it is about the address that the link was sent to, `at_head` whether it is
    the newest event there, `stands` whether the state is its doing alone.
    """

    channel: Channel
    source: Source
    own: bool
    at_head: bool
    stands: bool
    lifted: bool
    since: datetime


def may_take_back(out: Out, now: datetime, *, by_twilio: bool) -> Why | None:
    """Tell why an opt-out cannot be taken back by a link; None where it can."""
    if out.lifted:
        return Why.DONE
    if not out.own:
        return Why.OTHER_ADDRESS
    if kept_elsewhere(out.channel, out.source, by_twilio=by_twilio):
        return Why.PROVIDER
    if not (out.at_head and out.stands):
        return Why.NEWER
    return Why.TOO_SOON if too_soon(out.source, out.since, now) else None


def kept_elsewhere(channel: Channel, source: Source | None, *, by_twilio: bool) -> bool:
    """Tell whether the provider keeps an opt-out itself, so that only the person lifts it there.

    Twilio refuses every text to a number that wrote STOP until it writes START (error 21610).
    """
    texted = by_twilio and channel is Channel.SMS and source is Source.KEYWORD
    return source is Source.PROVIDER or texted


def stands_elsewhere(channel: Channel, entries: Iterable[Entry], *, by_twilio: bool) -> bool:
    """Tell whether the provider keeps an opt-out among a channel and key's events.

    One that an opt-in lifts in the fold does not count: the person has been there since.
    """
    known = list(entries)
    ins = [entry for entry in known if entry.asked is State.OPTED_IN]
    return any(
        kept_elsewhere(channel, out.source, by_twilio=by_twilio)
        and not any(lifts(opt_in, out) for opt_in in ins)
        for out in known
        if out.asked is State.OPTED_OUT
    )


def too_soon(source: Source | None, since: datetime | None, now: datetime) -> bool:
    """Tell whether an opt-in by link would count as the same moment as an opt-out."""
    return since is not None and not late_enough(Source.LINK, now, source, since)
