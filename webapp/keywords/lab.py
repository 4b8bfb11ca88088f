"""The keyword lab: what other words would have made of the replies that came, before saving them."""

from __future__ import annotations

import enum
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any

from sqlalchemy import select

from webapp.contacts.models import Contact
from webapp.contacts.rules import Channel
from webapp.conversations.models import Conversation, InboundMessage
from webapp.core import clock
from webapp.core.reading import reading
from webapp.keywords.rules import Match, Verdict, Words, match
from webapp.keywords.service import BUTTON_KINDS
from webapp.message_templates.queries import opt_out_button_texts

DAYS = 90
MOST_REPLIES = 50_000
CHUNK = 1_000
SECONDS = 3.0
SHOWN = 50


class Effect(enum.StrEnum):
    """What the proposed words change about a reply; the dangerous directions first."""

    NO_LONGER_OUT = "no_longer_out"
    NO_LONGER_HELD = "no_longer_held"
    OUT = "out"
    HELD = "held"
    IN = "in"
    NO_LONGER_IN = "no_longer_in"
    HELP = "help"


@dataclass(frozen=True)
class Replayed:
    """A reply whose meaning the proposed words change: before and after, and who wrote it."""

    id: int
    text: str
    channel: Channel
    address: str
    contact_id: int | None
    name: str
    received_at: datetime
    before: Match
    after: Match


@dataclass
class Replay:
    """What came of a replay. `looked` replies were read, the oldest of them from `since`.

    `people` counts addresses by effect, `rules` what the proposed words decide by rule. `lines`
    show the newest of each effect. `next_id` is where an older stretch goes on; None at the end.
    """

    looked: int = 0
    since: datetime | None = None
    rules: Counter[tuple[str, Verdict]] = field(default_factory=Counter)
    replies: Counter[Effect] = field(default_factory=Counter)
    people: dict[Effect, set[str]] = field(default_factory=dict)
    lines: dict[Effect, list[Replayed]] = field(default_factory=dict)
    next_id: int | None = None

    def add(self, effect: Effect, line: Replayed) -> None:
        """Count a reply, and show it where there is room."""
        self.replies[effect] += 1
        self.people.setdefault(effect, set()).add(line.address)
        shown = self.lines.setdefault(effect, [])
        if len(shown) < SHOWN:
            shown.append(line)


def replay(
    saved: Words,
    proposed: Words,
    *,
    before_id: int | None = None,
    seen: int = 0,
    seconds: float = SECONDS,
) -> Replay:
    """Judge the stored replies under both words, newest first, and give what differs.

    Reads what came in the last DAYS, MOST_REPLIES at most (`seen` of them before), for at most
    about `seconds`; from `before_id` on downwards. Writes nothing, and keeps nobody from writing.
    """
    judge = _Judge(saved, proposed)
    found = Replay()
    until = time.monotonic() + seconds
    for row in _replies(before_id, MOST_REPLIES - seen):
        before, after = judge.both(row.channel, row.kind, row.text, row.payload)
        found.looked += 1
        found.since = row.received_at
        found.rules[after.rule, after.verdict] += 1
        effect = effect_of(before.verdict, after.verdict)
        if effect is not None:
            found.add(effect, _line(row, before, after))
        if found.looked % CHUNK == 0 and time.monotonic() > until:
            found.next_id = row.id
            break
    return found


def effect_of(before: Verdict, after: Verdict) -> Effect | None:
    """Name what changes between two verdicts; None where nothing does."""
    if before is after:
        return None
    if before is Verdict.OPT_OUT:
        return Effect.NO_LONGER_OUT
    if after is Verdict.OPT_OUT:
        return Effect.OUT
    if before is Verdict.HOLD:
        return Effect.NO_LONGER_HELD
    return {Verdict.HOLD: Effect.HELD, Verdict.OPT_IN: Effect.IN}.get(
        after, Effect.NO_LONGER_IN if before is Verdict.OPT_IN else Effect.HELP
    )


class _Judge:
    """Judges a reply under both words as `service.judge` does, each text once."""

    def __init__(self, saved: Words, proposed: Words) -> None:
        self.words = saved, proposed
        self.known: dict[tuple[Channel | None, str, str], tuple[Match, Match]] = {}
        self.buttons: dict[Channel, tuple[str, ...]] = {}

    def both(self, channel: Channel, kind: str, text: str, payload: str) -> tuple[Match, Match]:
        """Give what a reply means under the saved words, and under the proposed ones."""
        on = channel if kind in BUTTON_KINDS else None
        key = (on, text, payload)
        if key not in self.known:
            before, after = (self._one(words, on, text, payload) for words in self.words)
            self.known[key] = before, after
        return self.known[key]

    def _one(self, words: Words, on: Channel | None, text: str, payload: str) -> Match:
        if on is not None:
            if on not in self.buttons:
                self.buttons[on] = tuple(opt_out_button_texts(on))
            words = replace(words, opt_out=(*words.opt_out, *self.buttons[on]))
        return match(text, words, payload=payload or None)


def _replies(before_id: int | None, at_most: int) -> Iterator[Any]:
    """Read replies that say something, newest first, a chunk at a time, as far back as DAYS.

    They come in the order of their ids, so the first that is too old ends it; no index knows when
    they came, and a statement that looked for it would read all of them.
    """
    since, left = clock.now() - timedelta(days=DAYS), at_most
    with reading() as connection:
        while left > 0:
            query = _NEWEST.limit(min(CHUNK, left))
            if before_id is not None:
                query = query.where(InboundMessage.id < before_id)
            rows = connection.execute(query).all()
            recent = list(takewhile(lambda row: row.received_at >= since, rows))
            yield from recent
            left -= len(rows)
            if len(recent) < CHUNK:
                return
            before_id = rows[-1].id


_NEWEST = (
    select(
        InboundMessage.id,
        InboundMessage.kind,
        InboundMessage.text,
        InboundMessage.payload,
        InboundMessage.received_at,
        Conversation.channel,
        Conversation.address,
        Conversation.contact_id,
        Contact.name,
        Conversation.profile_name,
    )
    .join(Conversation, Conversation.id == InboundMessage.conversation_id)
    .outerjoin(Contact, Contact.id == Conversation.contact_id)
    .where((InboundMessage.text != "") | (InboundMessage.payload != ""))
    .order_by(InboundMessage.id.desc())
)


def _line(row: Any, before: Match, after: Match) -> Replayed:
    return Replayed(
        row.id,
        row.text or row.payload,
        row.channel,
        row.address,
        row.contact_id,
        row.name or row.profile_name or row.address,
        row.received_at,
        before,
        after,
    )
