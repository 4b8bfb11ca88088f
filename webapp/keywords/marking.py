"""Show in a reply, as it was written, the words that decided what it means."""

from __future__ import annotations

import re
from collections.abc import Iterable

from webapp.keywords.folding import MAX_READ, fold
from webapp.keywords.lexicon import SPELLING, compact

Part = tuple[str, bool]
_SHOWN_BEFORE = 240
_SHOWN = 900
_TOKEN = re.compile(r"\S+")


def marked(text: str, words: Iterable[str]) -> list[Part]:
    """Divide a text into parts, each with whether it is one of the words that decided.

    `words` are `Match.words`, folded or as the settings have them; each is marked where it stands
    first. What cannot be found in the text, as where quoted text was cut between, stays unmarked.
    Of a long text the surroundings of the first mark are given, with an ellipsis at the cuts.
    """
    shown = text[:MAX_READ]
    spelt = [(piece, m.start(), m.end()) for m in _TOKEN.finditer(shown) for piece in _pieces(m[0])]
    spans = sorted({span for word in words if (span := _span(spelt, word, shown))})
    first = spans[0][0] if spans else 0
    start = max(0, first - _SHOWN_BEFORE) if len(shown) > _SHOWN else 0
    return _cut(text, spans, start, min(len(text), start + _SHOWN))


def _cut(text: str, spans: list[tuple[int, int]], start: int, end: int) -> list[Part]:
    parts: list[Part] = [("…", False)] if start else []
    at = start
    for begins, ends in spans:
        if at <= begins < ends <= end:
            parts += [(text[at:begins], False), (text[begins:ends], True)]
            at = ends
    parts += [(text[at:end], False), ("…" if end < len(text) else "", False)]
    return [part for part in parts if part[0]]


def _pieces(token: str) -> list[str]:
    return [SPELLING.get(word, word) for word in fold(token).split()]


def _span(spelt: list[tuple[str, int, int]], word: str, text: str) -> tuple[int, int] | None:
    folded = compact(fold(word))
    if folded:
        return _found(spelt, folded, text)
    at = text.find(word) if word else -1  # a sign, such as an emoji
    return (at, at + len(word)) if at >= 0 else None


def _found(spelt: list[tuple[str, int, int]], wanted: str, text: str) -> tuple[int, int] | None:
    """Give where words that make up `wanted` stand in a row; a word said twice counts once."""
    for at, (word, start, _) in enumerate(spelt):
        if not wanted.startswith(word):
            continue
        rest, before = wanted, ""
        for word_here, _, end in spelt[at:]:
            if word_here != before and not rest.startswith(word_here):
                break
            if word_here != before or rest.startswith(word_here):
                rest, before = rest[len(word_here) :], word_here
            if not rest:
                return _trimmed(text, start, end)
    return None


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave the punctuation at both ends outside of the mark."""
    while start < end - 1 and not text[start].isalnum():
        start += 1
    while end > start + 1 and not (text[end - 1].isalnum() or ord(text[end - 1]) > 0x2FF):
        end -= 1
    return start, end
