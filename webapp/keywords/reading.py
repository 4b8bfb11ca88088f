"""A reply, cut into what the rules look at."""

import re
from dataclasses import dataclass
from functools import cached_property

from webapp.keywords.folding import fold, mark
from webapp.keywords.lexicon import SPELLING, Found, Line, compact, lines_for, may_hold_word
from webapp.keywords.quoted import cut_quoted

MAX_WORDS = 300
"""Words of a reply in which phrases are looked for. A request that comes later is not found;
whether the whole reply is a word is judged on all of it."""
_MASK = "~"
_SPELT_OUT = re.compile(r"(?<!\S)[^\W\d_](?: [^\W\d_]){3,}(?!\S)")


@dataclass(frozen=True)
class Finding:
    """What in a reply reads like a request, and in what language. `clear` is an opt-out,
    otherwise it is a hold."""

    clear: bool
    words: str
    language: str | None


@dataclass(frozen=True)
class Reply:
    """`folded` is the whole; `sentences` hold clauses; both with known misspellings mended.

    `literal` is the whole as it was spelt, for comparing with words from the settings.
    """

    literal: str
    folded: str
    sentences: tuple[tuple[str, ...], ...]

    @cached_property
    def flow(self) -> str:
        """The sentences with " . " between them, and a space at both ends."""
        return f" {' . '.join(' '.join(clauses) for clauses in self.sentences)} "

    @cached_property
    def length(self) -> int:
        """How many words there are."""
        return sum(len(clause.split()) for clauses in self.sentences for clause in clauses)

    @cached_property
    def lines(self) -> Found:
        """The phrases that are worth trying on it, by kind."""
        return lines_for(self.flow.split())

    @cached_property
    def may_hold_word(self) -> bool:
        """Whether an unmistakable word may be in it."""
        return may_hold_word(self.flow.split())

    @cached_property
    def masked(self) -> str:
        """The flow with every harmless collocation masked, word by word."""
        return without_harmless(self.flow, self.lines.get("harmless", []))


def read(text: str) -> Reply:
    """Cut quoted text away, fold the rest and divide it into sentences and clauses."""
    new = cut_quoted(text)
    literal = fold(new)
    return Reply(literal, _mended(literal), _sentences(mark(new)))


def without_harmless(text: str, lines: list[Line]) -> str:
    """Return a text with spaces at both ends, with what the harmless lines match masked."""
    for line in lines:
        text = line.phrase.regex.sub(lambda found: f"{_MASK} " * len(found[0].split()), text)
    return text


def _mended(words: str) -> str:
    """Put the right word for a known misspelling, and join letters that are spelt out."""
    spelt = _SPELT_OUT.sub(lambda letters: compact(letters[0]), words)
    return " ".join([SPELLING.get(word, word) for word in spelt.split()])


def _sentences(marked: str) -> tuple[tuple[str, ...], ...]:
    """Divide the first `MAX_WORDS` words of marked text. "Stop. Texting. Me." is one sentence."""
    kept = _mended(" ".join(marked.split()[:MAX_WORDS]))
    divided = (_clauses(sentence) for sentence in f" {kept} ".split(" . "))
    sentences = tuple(clauses for clauses in divided if clauses)
    if all(len(clauses) == 1 and " " not in clauses[0] for clauses in sentences):
        return ((" ".join(clauses[0] for clauses in sentences),),) if sentences else ()
    return sentences


def _clauses(sentence: str) -> tuple[str, ...]:
    raw = (clause.split() for clause in sentence.split(" , "))
    clauses = (" ".join([word for word in words if word not in (".", ",")]) for words in raw)
    return tuple(clause for clause in clauses if clause)
