"""One person's last year: who acts in it, and what is kept of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from webapp.accounts.rules import Actor
from webapp.contacts.rules import Channel, Source, State
from webapp.demo.hearing import Said, hear, meant
from webapp.demo.ledger import Ledger, Step
from webapp.demo.people import Person
from webapp.keywords.rules import Verdict
from webapp.keywords.service import KeywordSettings
from webapp.receipts.links import Links

YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Cast:
    """Who acts in the demo, when it is, which words count, and what writes people's links."""

    admin: Actor
    marketer: Actor
    shop: Actor
    now: datetime
    keywords: KeywordSettings
    links: Links


@dataclass(slots=True)
class Held:
    """A reply that was held for review, and how that ended if it did."""

    said: Said
    decision: str | None = None
    decided_at: datetime | None = None
    id: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a colleague wrote back."""

    at: datetime
    text: str


@dataclass(slots=True)
class Life:
    """What is known of one person: their ledgers by channel, and what was said on WhatsApp."""

    person: Person
    ledgers: dict[Channel, Ledger] = field(default_factory=dict)
    chat: list[Said] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)

    def standing_at(self, moment: datetime) -> Step | None:
        """Give the last consent event on WhatsApp by a moment, if there was one yet."""
        ledger = self.ledgers.get(Channel.WHATSAPP)
        return ledger.at(moment) if ledger else None

    @property
    def waits_for_review(self) -> bool:
        """True while a reply of theirs is undecided."""
        return any(held.decision is None for held in self.held)


class Story:
    """One channel of a life, as acts see it."""

    def __init__(self, life: Life, ledger: Ledger, cast: Cast) -> None:
        self.life, self.ledger, self.cast = life, ledger, cast
        self.rng: Random = life.person.rng
        self.language: str = life.person.attributes["language"]

    def times(self, count: int) -> list[datetime]:
        """Give rising moments since the person came, in the last year, well apart."""
        begin = max(self.life.person.created_at, self.cast.now - YEAR)
        part = (self.cast.now - timedelta(minutes=10) - begin) / count
        off = self.life.person.pace.off
        inner = 1 - 2 * off
        chosen = [begin + part * (nth + off + inner * self.rng.random()) for nth in range(count)]
        # Providers report whole seconds.
        return [moment.replace(microsecond=0) for moment in chosen]

    def opted_in(self, at: datetime, source: Source, actor: Actor, **rest: Any) -> Step:
        """The person is opted in."""
        return self.ledger.add(at, State.OPTED_IN, source, actor, **rest)

    def opted_out(self, at: datetime, source: Source, actor: Actor, **rest: Any) -> Step:
        """The person is opted out."""
        return self.ledger.add(at, State.OPTED_OUT, source, actor, **rest)

    def chosen(self, texts: Mapping[str, tuple[str, ...]], verdict: Verdict) -> str:
        """Choose what the person writes in their language, when they mean this."""
        return self.rng.choice(meant(self.cast.keywords, texts[self.language], verdict))

    def wrote(self, at: datetime, text: str, kind: str = "text") -> Said:
        """The person wrote something; on WhatsApp it is in their chat."""
        said = hear(self.cast.keywords, at, text, kind)
        if self.ledger.channel is Channel.WHATSAPP:
            self.life.chat.append(said)
        return said
