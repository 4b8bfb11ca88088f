"""A reply, cut into what the rules look at."""

from dataclasses import dataclass
from functools import cached_property

from webapp.keywords.folding import fold, mark
from webapp.keywords.lexicon import SPELLING, Found, lines_for
from webapp.keywords.quoted import cut_quoted

MAX_WORDS = 500
"""Words of a reply in which phrases are looked for; whether a whole reply is a word is judged on
all of it. A request that comes later than this is not found."""


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
        return lines_for(set(self.flow.split()))


def read(text: str) -> Reply:
    """Cut quoted text away, fold the rest and divide it into sentences and clauses."""
    new = cut_quoted(text)
    literal = fold(new)
    return Reply(literal, _mended(literal), _sentences(mark(new)))


def _mended(words: str) -> str:
    return " ".join(SPELLING.get(word, word) for word in words.split())


def _sentences(marked: str) -> tuple[tuple[str, ...], ...]:
    """Divide marked text; the first `MAX_WORDS` words of it."""
    kept = _mended(" ".join(marked.split()[:MAX_WORDS]))
    sentences = (sentence.split(" , ") for sentence in f" {kept} ".split(" . "))
    divided = (tuple(c for c in (_clause(raw) for raw in clauses) if c) for clauses in sentences)
    return tuple(clauses for clauses in divided if clauses)


def _clause(raw: str) -> str:
    return " ".join(word for word in raw.split() if word not in (".", ","))
