"""What stands in a thread: messages either way, and what became of consent in between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from webapp.consent.models import ConsentEvent, Review
from webapp.conversations.models import InboundMessage
from webapp.outbox.models import Message
from webapp.outbox.rules import Status

# What was not sent says when it ended; anything else when it was sent, or is to be.
NOT_SENT = (Status.CANCELLED, Status.SKIPPED, Status.FAILED, Status.UNCONFIRMED)


@dataclass(frozen=True)
class Heard:
    """What the customer wrote; `review` is set while it waits for a decision."""

    inbound: InboundMessage
    review: Review | None = None

    @property
    def at(self) -> datetime:
        """When it was written."""
        return self.inbound.occurred_at


@dataclass(frozen=True)
class Said:
    """A message to the customer; `who` sent it."""

    message: Message
    who: str = ""

    @property
    def at(self) -> datetime:
        """When it was sent, or ended without that, or is to be sent."""
        message = self.message
        if message.status in NOT_SENT:
            return message.sent_at or message.ended_at or message.created_at
        return message.sent_at or message.created_at


@dataclass(frozen=True)
class Changed:
    """A consent change of the address; `said` is the customer's own text, `who` did it."""

    event: ConsentEvent
    said: str = ""
    who: str = ""
    cancelled: int = 0

    @property
    def at(self) -> datetime:
        """When it was recorded."""
        return self.event.recorded_at


Item = Heard | Said | Changed


def merged(sources: Sequence[Sequence[Item]], limit: int) -> list[list[Item]]:
    """Take the newest of several sources, each newest first; gives what is taken of each.

    Each is taken from its newest on without a gap, so that its last tells where it goes on.
    """
    taken: list[list[Item]] = [[] for _ in sources]
    for _ in range(limit):
        heads = [
            (source[len(taken[n])].at, -n)
            for n, source in enumerate(sources)
            if len(taken[n]) < len(source)
        ]
        if not heads:
            break
        nth = -max(heads)[1]
        taken[nth].append(sources[nth][len(taken[nth])])
    return taken


def in_order(taken: Sequence[Sequence[Item]]) -> list[Item]:
    """Give what was taken by time, oldest first; at one moment what was said before what it did."""
    ranked = [
        (item.at, n, -place, item)
        for n, some in enumerate(taken)
        for place, item in enumerate(some)
    ]
    return [entry[3] for entry in sorted(ranked, key=lambda entry: entry[:3])]
