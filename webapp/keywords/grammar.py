"""The small language in which the language packs write their phrases.

A phrase is a line of words, matched word by word against a reply that `folding.mark` has folded:

    word        this word
    {name}      any entry of the pack's list `name`, or two of them ("calls or texts"); an entry
                may have several words
    {name}*     up to three of them
    [ ... ]     may be there or not
    ( a | b c ) one of these
    ..N         up to N words of any kind, within the sentence
    -{name}     at the start of a phrase: not right after one of these

So `{stop} {contacting} {me}` reads "stop texting me" and "please quit calling us". A phrase is
turned into a regular expression with bounded repetition only, so that reading is linear.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from webapp.keywords.folding import fold

_PART = re.compile(r"-?\{(\w+)\}\*?|\.\.(\d)|[\[\]()|]|[^\s\[\](){}|]+")
_ANY_WORD = r"(?:[^ .]{1,24} )"

Lists = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Phrase:
    """One line of a language pack.

    `needs` are sets of words: a text that the phrase matches has a word of each set, so that the
    phrase need not be tried on others. The first is the best to look the phrase up by.
    """

    source: str
    expression: str
    needs: tuple[frozenset[str], ...]

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """The expression for texts that start and end with a space, compiled when first used."""
        return re.compile(self.expression)

    def fills(self, unit: str) -> bool:
        """Say whether the phrase is the whole of `unit`, folded words without outer spaces."""
        return self.regex.fullmatch(f" {unit} ", 1) is not None


def phrase(
    source: str, lists: Lists, common: frozenset[str], joins: tuple[str, ...] = ()
) -> Phrase:
    """Compile one phrase.

    Words in `common` are too frequent to look it up by; `joins` may stand between two entries of
    a list. Raises ValueError for a list that does not exist.
    """
    reader = _Reader(source, lists, common, joins)
    body = reader.sequence(until=None)
    return Phrase(source, "(?<= )" + body, reader.needs())


def longest_first(entries: tuple[str, ...]) -> list[str]:
    """Return the entries folded, each once; a longer one may begin with a shorter one."""
    return sorted({fold(entry) for entry in entries}, key=lambda word: (-len(word), word))


class _Reader:
    """Reads one phrase from left to right, writing its expression and collecting anchors."""

    def __init__(
        self, source: str, lists: Lists, common: frozenset[str], joins: tuple[str, ...]
    ) -> None:
        self.join = f"(?:(?:{'|'.join(map(re.escape, joins))}) )?" if joins else ""
        self.parts = list(_PART.finditer(source))
        self.source, self.lists, self.common = source, lists, common
        self.at = 0
        self.candidates: list[frozenset[str]] = []

    def needs(self) -> tuple[frozenset[str], ...]:
        """Return the sets of words found so far: those of few and rare words first."""
        return tuple(sorted(self.candidates, key=lambda w: (not w.isdisjoint(self.common), len(w))))

    def sequence(self, until: str | None) -> str:
        """Read parts until the closing mark (or `|`) and return their expression."""
        written = []
        while self.at < len(self.parts):
            part = self.parts[self.at]
            if part[0] in ("|", until):
                break
            self.at += 1
            written.append(self._part(part))
        return "".join(written)

    def _part(self, part: re.Match[str]) -> str:
        text = part[0]
        if text in ("[", "("):
            return self._bracket(text)
        if part[2]:
            return f"{_ANY_WORD}{{0,{part[2]}}}"
        if not part[1]:
            return self._entries((text,))
        entries = self._list(part[1])
        if text.startswith("-"):
            return "".join(f"(?<! {re.escape(entry)} )" for entry in entries)
        if text.endswith("*"):
            return f"(?:{self._optional(lambda: self._entries(entries))}){{0,3}}"
        one = self._entries(entries)
        return f"{one}(?:{self.join}{one})?" if self.join else one

    def _list(self, name: str) -> tuple[str, ...]:
        if name not in self.lists:
            raise ValueError(f"no list {name} for the phrase: {self.source}")
        return self.lists[name]

    def _bracket(self, opening: str) -> str:
        if opening == "[":
            return self._optional(lambda: self._choices("]")[0]) + "?"
        outside, self.candidates = self.candidates, []
        written, anchors = self._choices(")")
        self.candidates = outside
        if all(anchors):
            self.candidates.append(frozenset().union(*anchors))
        return written

    def _choices(self, closing: str) -> tuple[str, list[frozenset[str]]]:
        """Read the alternatives of a bracket: their expression, and the anchors of each."""
        written, anchors = [], []
        while True:
            self.candidates = []
            written.append(self.sequence(closing))
            anchors.append(next(iter(self.needs()), frozenset()))
            mark = self.parts[self.at][0]
            self.at += 1
            if mark == closing:
                return f"(?:{'|'.join(written)})", anchors

    def _optional(self, read: Callable[[], str]) -> str:
        """Read something that need not be there, so that none of its words is an anchor."""
        kept = self.candidates
        written = read()
        self.candidates = kept
        return written

    def _entries(self, entries: tuple[str, ...]) -> str:
        folded = longest_first(entries)
        anchors = (min(e.split(), key=self.common.__contains__) for e in folded)
        self.candidates = [*self.candidates, frozenset(anchors)]
        return f"(?:{'|'.join(re.escape(entry) for entry in folded)}) "
