"""Everything the language packs know, merged and indexed for looking up."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from webapp.keywords.grammar import Phrase
from webapp.keywords.languages import PACKS
from webapp.keywords.languages.pack import Pack

PHRASE_KINDS = ("requests", "alone", "asides", "footers", "harmless", "hints", "curt")
_LONGEST_COURTESY = 6
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
        for word in pack.words(field):
            merged.setdefault(compact(word), pack.code)
    return merged


def _courtesies(*fields: str) -> frozenset[str]:
    return frozenset(word for pack in PACKS for field in fields for word in pack.words(field))


def _index() -> dict[str, list[tuple[str, Line]]]:
    index: dict[str, list[tuple[str, Line]]] = defaultdict(list)
    for pack in PACKS:
        for kind in PHRASE_KINDS:
            for phrase in pack.phrases(kind):
                if not phrase.anchors:
                    raise ValueError(f"{pack.code}: a phrase of common words: {phrase.source}")
                for anchor in phrase.anchors:
                    index[anchor].append((kind, Line(pack, phrase)))
    return dict(index)


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


UNMISTAKABLE = _merged("unmistakable")
EVERYDAY = _merged("everyday")
DOUBTFUL = _merged("doubtful")
POLITE = _courtesies("polite")
COURTESIES = POLITE | _courtesies("fillers")
SPELLING = {wrong: right for pack in PACKS for wrong, right in pack.spelling().items()}
_INDEX = _index()
_KNOWN = UNMISTAKABLE.keys() | EVERYDAY.keys() | DOUBTFUL.keys() | COURTESIES | _INDEX.keys()
SLIPS = _merged("slips")
SWAPPED = _misspellings(UNMISTAKABLE) - _KNOWN


def lines_for(words: Iterable[str]) -> Found:
    """Return, by kind, the lines worth trying on a text that consists of these words."""
    found: dict[str, dict[int, Line]] = defaultdict(dict)
    for word in words:
        for kind, line in _INDEX.get(word, ()):
            found[kind][id(line)] = line
    return {kind: list(lines.values()) for kind, lines in found.items()}


def strip(unit: str, courtesies: frozenset[str]) -> str:
    """Return a sentence or clause without the courtesies at its ends."""
    words = unit.split()
    start, end = 0, len(words)
    while length := _courtesy(words[start : min(start + _LONGEST_COURTESY, end)], courtesies):
        start += length
    while length := _courtesy(
        words[max(end - _LONGEST_COURTESY, start) : end][::-1], courtesies, -1
    ):
        end -= length
    return " ".join(words[start:end])


def _courtesy(words: list[str], courtesies: frozenset[str], step: int = 1) -> int:
    """Return how many of the words, from the first on, are one courtesy; 0 for none."""
    for length in range(len(words), 0, -1):
        if " ".join(words[:length][::step]) in courtesies:
            return length
    return 0
