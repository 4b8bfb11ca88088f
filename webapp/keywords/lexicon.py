"""Everything the language packs know, merged and indexed for looking up."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from webapp.keywords.grammar import Phrase
from webapp.keywords.languages import PACKS
from webapp.keywords.languages.pack import Pack

PHRASE_KINDS = ("requests", "alone", "asides", "footers", "harmless", "hints", "curt")
LONGEST_WORD = 3
"""Words of a reply that are looked at together, where they may be one unmistakable word."""
_SWAPS_FROM, _SLIPS_FROM = 4, 8


@dataclass(frozen=True)
class Line:
    """A phrase with the pack that it belongs to."""

    pack: Pack
    phrase: Phrase


Found = dict[str, list[Line]]


def compact(folded: str) -> str:
    """Return folded words without spaces, so that "un subscribe" and "s t o p" are one word."""
    return folded.replace(" ", "")


def _merged(field: str) -> dict[str, str]:
    """Return the words of a field of all packs, compact, with the language of each."""
    merged: dict[str, str] = {}
    for pack in PACKS:
        for word in sorted(pack.words(field)):
            merged.setdefault(compact(word), pack.code)
    return merged


def _misspellings(words: Iterable[str]) -> frozenset[str]:
    """Two letters swapped; in long words also one letter left out or doubled."""
    slips = set()
    for word in words:
        if len(word) >= _SWAPS_FROM:
            slips |= {_swapped(word, at) for at in range(len(word) - 1)}
        if len(word) >= _SLIPS_FROM:
            slips |= {word[:at] + word[at + 1 :] for at in range(1, len(word))}
            slips |= {word[:at] + word[at] + word[at:] for at in range(len(word))}
    return frozenset(slips)


def _swapped(word: str, at: int) -> str:
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


class Courtesies:
    """Words that may stand at either end of a sentence without changing what it says."""

    def __init__(self, *fields: str) -> None:
        self.phrases = frozenset(w for pack in PACKS for field in fields for w in pack.words(field))
        self._longest = max(len(phrase.split()) for phrase in self.phrases)
        self._first = frozenset(phrase.split()[0] for phrase in self.phrases)
        self._last = frozenset(phrase.split()[-1] for phrase in self.phrases)

    def strip(self, unit: str) -> str:
        """Return a sentence or clause without the courtesies at its ends."""
        words = unit.split()
        start, end = 0, len(words)
        while length := self._leading(words, start, end):
            start += length
        while length := self._trailing(words, start, end):
            end -= length
        return " ".join(words[start:end])

    def _leading(self, words: list[str], start: int, end: int) -> int:
        """Return how many words at the start are one courtesy; 0 for none."""
        if start == end or words[start] not in self._first:
            return 0
        lengths = range(min(self._longest, end - start), 0, -1)
        return next((n for n in lengths if " ".join(words[start : start + n]) in self.phrases), 0)

    def _trailing(self, words: list[str], start: int, end: int) -> int:
        if start == end or words[end - 1] not in self._last:
            return 0
        lengths = range(min(self._longest, end - start), 0, -1)
        return next((n for n in lengths if " ".join(words[end - n : end]) in self.phrases), 0)


UNMISTAKABLE = _merged("unmistakable")
EVERYDAY = _merged("everyday")
DOUBTFUL = _merged("doubtful")
SLIPS = _merged("slips")
POLITE = Courtesies("polite")
COURTESIES = Courtesies("polite", "fillers")
SPELLING = {wrong: right for pack in PACKS for wrong, right in pack.spelling().items()}
SWAPPED = _misspellings(UNMISTAKABLE) - (
    UNMISTAKABLE.keys() | EVERYDAY.keys() | DOUBTFUL.keys() | COURTESIES.phrases
)
_BEGINNINGS = frozenset(
    tuple(word.split()[:2]) for pack in PACKS for word in pack.words("unmistakable")
)


def may_hold_word(words: list[str]) -> bool:
    """Say whether an unmistakable word may be among these words; most replies have none."""
    return any(word in UNMISTAKABLE or word in SWAPPED for word in words) or any(
        pair in _BEGINNINGS for pair in pairwise(words)
    )


@cache
def _index() -> dict[str, list[tuple[str, Line]]]:
    """Return every phrase with its kind, under each of the words to look it up by."""
    index: dict[str, list[tuple[str, Line]]] = defaultdict(list)
    for pack in PACKS:
        for kind in PHRASE_KINDS:
            for phrase in pack.phrases(kind):
                if not phrase.needs:
                    raise ValueError(f"{pack.code}: nothing in it must be there: {phrase.source}")
                for word in sorted(phrase.needs[0]):
                    index[word].append((kind, Line(pack, phrase)))
    return dict(index)


def lines_for(words: Collection[str]) -> Found:
    """Return, by kind, the lines worth trying on a text that consists of these words."""
    index = _index()
    present = frozenset(words)
    found: Found = defaultdict(list)
    for word in dict.fromkeys(words):
        for kind, line in index.get(word, ()):
            for need in line.phrase.needs:
                if need.isdisjoint(present):
                    break
            else:
                if line not in found[kind]:
                    found[kind].append(line)
    return found


def is_negated(before: str) -> bool:
    """Say whether words end in a negation, in any language."""
    return any(pack.negated.search(f" {before} ") for pack in PACKS)


def is_taken_back(before: str, language: str) -> bool:
    """Say whether words end in a negation or a question of that language."""
    packs = (pack for pack in PACKS if pack.code == language)
    return any(p.negated.search(f" {before} ") or p.doubted.search(f" {before} ") for p in packs)
