"""Writing a year of consent at once, by the rules by which consent.service writes one change."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from webapp.accounts.rules import Actor
from webapp.consent import chain
from webapp.consent.recording import effective_at
from webapp.consent.rules import Entry, Standing, advance, fold
from webapp.consent.wishes import Wish
from webapp.contacts.rules import Address, Channel, Source, State

Row = dict[str, Any]
UNDONE_AFTER = timedelta(seconds=31)


@dataclass(slots=True)
class Step:
    """One event to be: what was asked, when it was recorded, and what it came to once settled.

    `standing_id` is the event behind the state after it, `epoch` and `out_event_id` are those of
    the channel and key then; `cancelled` is how many waiting messages it ended.
    """

    wish: Wish
    at: datetime
    undoes: Step | None = None
    id: int = 0
    before: State = State.UNKNOWN
    after: State = State.UNKNOWN
    standing_id: int | None = None
    epoch: int = 0
    out_event_id: int | None = None
    cancelled: int = 0


@dataclass(slots=True)
class Ledger:
    """The events of one channel and key in the order in which they were recorded."""

    channel: Channel
    address: Address
    key: bytes
    contact_id: int | None = None
    steps: list[Step] = field(default_factory=list)
    held: bool = False
    standing: Standing = field(default_factory=Standing)
    head: bytes = chain.FIRST

    def add(self, at: datetime, asked: State, source: Source, actor: Actor, **rest: Any) -> Step:
        """Add an event recorded at `at`; `rest` are the other fields of its wish."""
        step = Step(Wish(self.channel, self.address, asked, source, actor, **rest), at)
        self.steps.append(step)
        return step

    def undo(self, step: Step) -> None:
        """Let whoever made the last change take it back half a minute later."""
        wish = Wish(self.channel, self.address, State.UNKNOWN, Source.CORRECTION, step.wish.actor)
        self.steps.append(Step(wish, step.at + UNDONE_AFTER, undoes=step))

    def settle(self) -> Iterator[tuple[Row, Row]]:
        """Fold and chain the events; gives the row of each, and that of its detail.

        Every step has its id by now, and ids rise.
        """
        entries: list[Entry] = []
        epoch, out_event_id = 0, None
        for seq, step in enumerate(self.steps, start=1):
            if step.undoes is not None:
                reason = f"Undoes event {step.undoes.id}"
                step.wish = replace(step.wish, asked=step.undoes.before, reason=reason)
            entries.append(_entry(step, self.standing.head_at))
            step.before = self.standing.state
            self.standing = advance(self.standing, entries[-1]) or fold(entries)
            step.after, step.standing_id = self.standing.state, self.standing.event_id
            if step.wish.asked is State.OPTED_OUT and step.undoes is None:
                out_event_id = step.id
            if step.after is State.OPTED_OUT and step.before is not State.OPTED_OUT:
                epoch += 1
            step.epoch, step.out_event_id = epoch, out_event_id
            yield self._rows(step, entries[-1], seq)

    def row(self) -> Row:
        """Give the row of consent_states, once settled."""
        last = self.steps[-1] if self.steps else None
        return {
            "channel": self.channel,
            "key": self.key,
            "state": self.standing.state,
            "epoch": last.epoch if last else 0,
            "since": self.standing.since,
            "source": self.standing.source,
            "event_id": self.standing.event_id,
            "out_event_id": last.out_event_id if last else None,
            "head_at": self.standing.head_at,
            "head_seq": len(self.steps),
            "head_hash": self.head,
            "held": self.held,
        }

    def copy(self) -> Row:
        """Give what stands beside the contact: it has one address on this channel."""
        return {
            f"{self.channel}_state": self.standing.state,
            f"{self.channel}_changed_at": self.standing.since,
            f"{self.channel}_source": self.standing.source,
            f"{self.channel}_held": self.held,
        }

    def at(self, moment: datetime) -> Step | None:
        """Give the last event recorded by a moment; None where there was none yet."""
        return next((step for step in reversed(self.steps) if step.at <= moment), None)

    def _rows(self, step: Step, entry: Entry, seq: int) -> tuple[Row, Row]:
        wish, salt, prev = step.wish, secrets.token_bytes(16), self.head
        evidence = {**wish.evidence, **({"reason": wish.reason} if wish.reason else {})}
        commits = chain.commitment(salt, self.address.value, wish.said, evidence)
        public = chain.public_fields(
            self.channel, self.key, seq, entry, step.before, step.after, wish.occurred_at
        )
        self.head = chain.link(prev, commits, public)
        event = {**public, "id": step.id, "commitment": commits, "prev": prev, "hash": self.head}
        detail = {
            "event_id": step.id,
            "salt": salt,
            "address": self.address.value,
            "said": wish.said,
            "evidence": evidence,
        }
        return event, detail


def _entry(step: Step, head_at: datetime | None) -> Entry:
    wish = step.wish
    return Entry(
        step.id,
        wish.asked,
        wish.source,
        effective_at(wish, step.at, head_at),
        step.at,
        wish.proven,
        wish.actor,
        step.undoes.id if step.undoes else None,
    )
