"""What stands in a conversation's composer's place: a form, or why there is none."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime

from flask import current_app

from webapp.consent import queries as consent
from webapp.consent.answers import why
from webapp.consent.rules import Verdict
from webapp.contacts.rules import Channel, Source, State
from webapp.delivery.channels import why_off
from webapp.delivery.forms import WRITTEN
from webapp.delivery.service import manual_sends_blocked
from webapp.inbox.talks import Talk
from webapp.outbox.rules import SENTENCES, Category, Origin, Reason


class Kind(enum.StrEnum):
    """What stands there."""

    WRITE = "write"
    WARNED = "warned"  # the table lets nothing leave but what somebody sends past a warning
    OFF = "off"  # the channel sends nothing here


@dataclass(frozen=True)
class Stance:
    """What may be answered in a conversation now.

    `off` says why the channel sends nothing. Where the table says never: `state` with `since` and
    `source`, `override` is what a send past the warning carries, and `no_reply` says why there is
    none, empty where somebody may reply anyway. `waits` says why what is sent now would wait.
    `open_until` is until when WhatsApp takes free text.
    """

    kind: Kind
    state: State = State.UNKNOWN
    since: datetime | None = None
    source: Source | None = None
    override: int = 0
    no_reply: str = ""
    off: str = ""
    waits: str = ""
    held: bool = False
    open_until: datetime | None = None

    @property
    def mode(self) -> str:
        """A word that is another where something else should stand there."""
        free = "free" if self.open_until else "closed"
        waits = "waits" if self.waits else "goes"
        reply = "no" if self.no_reply else "yes"
        return f"{self.kind}-{self.state}-{self.override}-{waits}-{free}-{reply}"


def stance_of(talk: Talk) -> Stance:
    """Judge a free reply in a conversation now, by the table of sends."""
    off = _off(talk.channel)
    decision, row = consent.judge(talk.channel, talk.keys, Category.MARKETING, Origin.MANUAL)
    never = decision.verdict is Verdict.NEVER
    state = row.state if row else State.UNKNOWN
    kind = Kind.OFF if off else Kind.WARNED if never else Kind.WRITE
    return Stance(
        kind,
        state,
        row.since if row else None,
        row.source if row else None,
        (row.out_event_id if row else None) or 0,
        _no_reply(talk) if never else "",
        off,
        why(decision.rule, state) if decision.verdict is Verdict.WAIT else "",
        decision.reason is Reason.HELD_FOR_REVIEW,
        talk.asked_until,
    )


def _off(channel: Channel) -> str:
    if channel not in WRITTEN:
        return f"Nobody answers on {channel.label} in writing."
    return why_off(channel, current_app.extensions["heed"])


def _no_reply(talk: Talk) -> str:
    """Say why nobody may reply past the warning; empty where one may."""
    if manual_sends_blocked():
        return SENTENCES[Reason.MANUAL_BLOCKED]
    if talk.asked_until is None:
        return (
            "Their own last message is more than 24 hours old, so there is no question to answer."
        )
    return ""
