"""What the demo's customers wrote, read by the same matcher as a reply that comes in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from webapp.demo.ledger import Step
from webapp.demo.templates import WAY_OUT
from webapp.keywords.rules import Match, Verdict, Words, match
from webapp.keywords.service import KeywordSettings


@dataclass(slots=True)
class Said:
    """An inbound message; `step` is the consent event that it led to."""

    at: datetime
    text: str
    kind: str
    found: Match
    id: int = 0
    step: Step | None = None

    @property
    def matched(self) -> dict[str, Any]:
        """What made the verdict, as it is kept."""
        found = self.found
        return {"rule": found.rule, "words": list(found.words), "language": found.language}


def hear(keywords: KeywordSettings, at: datetime, text: str, kind: str = "text") -> Said:
    """Read a reply under the account's words; on a button the ways out count as well."""
    words = keywords.words
    if kind == "button":
        words = replace(words, opt_out=(*words.opt_out, *WAY_OUT.values()))
    return Said(at, text, kind, _match(text, words))


@lru_cache(maxsize=512)
def meant(keywords: KeywordSettings, texts: tuple[str, ...], verdict: Verdict) -> tuple[str, ...]:
    """Give those of some texts that are read as they are meant; the first where none is."""
    words = keywords.words
    return tuple(text for text in texts if _match(text, words).verdict is verdict) or texts[:1]


@lru_cache(maxsize=4096)
def _match(text: str, words: Words) -> Match:
    return match(text, words)
