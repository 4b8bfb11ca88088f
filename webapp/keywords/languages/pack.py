"""What a language pack holds, and how its text becomes phrases.

A pack is written as text: words separated by commas, phrases one a line (see `grammar`). All of it
is folded when it is read, so that a pack may be written as the language is.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from webapp.keywords.folding import fold
from webapp.keywords.grammar import Phrase, longest_first, phrase


@dataclass(frozen=True)
class Pack:
    """The words and phrases of one language.

    Words (comma separated; a word may be several words):

    unmistakable  as the whole reply a stop; first in a reply, or in a very short one, a hold
    everyday      as the whole reply a stop; anywhere else it means what it says
    doubtful      as the whole reply a hold, because it may be about an order or an appointment
    slips         misspellings that are a hold as the whole reply
    misspelt      "wrong=right": read as the right word wherever they stand
    polite        may stand around any word without changing it
    fillers       may stand around an unmistakable word: greetings, "now", "can you"
    negations     right before a request they turn it round; `bridges` may stand in between
    doubts        shortly before a request they make it somebody else's, or a question: a hold
    common        words too frequent to look a phrase up by
    joins         "and" and "or"

    Phrases (one a line):

    requests      a stop wherever they stand in a reply
    alone         a stop where a whole sentence says it and no other sentence says something else
    asides        a sentence that may stand beside a word or a phrase that counts alone
    footers       how to stop, as a business writes it: beside it no request is clear
    harmless      an unmistakable word in them means nothing
    hints         a hold wherever they stand
    curt          a hold where they are a whole sentence of a short reply
    limits        right after a request they narrow it ("... at night"): a hold
    wishes        anywhere after a request they ask for something else: a hold
    """

    code: str
    unmistakable: str = ""
    everyday: str = ""
    doubtful: str = ""
    slips: str = ""
    misspelt: str = ""
    polite: str = ""
    fillers: str = ""
    negations: str = ""
    bridges: str = ""
    doubts: str = ""
    common: str = ""
    joins: str = ""
    lists: Mapping[str, str] = field(default_factory=dict)
    requests: str = ""
    alone: str = ""
    asides: str = ""
    footers: str = ""
    harmless: str = ""
    hints: str = ""
    curt: str = ""
    limits: str = ""
    wishes: str = ""

    def words(self, name: str) -> frozenset[str]:
        """Return one of the word fields, folded."""
        return frozenset(map(fold, entries(getattr(self, name))))

    def phrases(self, name: str) -> tuple[Phrase, ...]:
        """Return one of the phrase fields, compiled. Raises ValueError for a malformed line."""
        lines = (line.strip() for line in getattr(self, name).splitlines())
        joins = tuple(map(fold, entries(self.joins)))
        return tuple(phrase(line, self._lists, self._common, joins) for line in lines if line)

    @cached_property
    def limits_after(self) -> tuple[Phrase, ...]:
        """The phrases that narrow a request."""
        return self.phrases("limits")

    @cached_property
    def wishes_after(self) -> tuple[Phrase, ...]:
        """The phrases that ask for something else."""
        return self.phrases("wishes")

    def spelling(self) -> dict[str, str]:
        """Return the misspelt words with what they stand for."""
        pairs = (entry.split("=") for entry in entries(self.misspelt))
        return {fold(wrong): fold(right) for wrong, right in pairs}

    @cached_property
    def negated(self) -> re.Pattern[str]:
        """What a text ends with when the request that follows is negated."""
        return self._before(self.negations, " (?:{words}) (?:(?:{bridges}) ){{0,4}}$")

    @cached_property
    def doubted(self) -> re.Pattern[str]:
        """What a text ends with when the request that follows is in doubt."""
        return self._before(self.doubts, r" (?:{words}) (?:[^ .]{{1,24}} ){{0,2}}$")

    def _before(self, words: str, form: str) -> re.Pattern[str]:
        if not words:
            return re.compile(r"(?!)")
        bridges = _any_of(entries(self.bridges)) or "(?!)"
        return re.compile(form.format(words=_any_of(entries(words)), bridges=bridges))

    @cached_property
    def _lists(self) -> dict[str, tuple[str, ...]]:
        return {name: entries(text) for name, text in self.lists.items()}

    @cached_property
    def _common(self) -> frozenset[str]:
        return frozenset(word for entry in self.words("common") for word in entry.split())


def entries(text: str) -> tuple[str, ...]:
    """Split a comma-separated text, which may run over lines, into its entries."""
    return tuple(" ".join(entry.split()) for entry in text.split(",") if entry.strip())


def _any_of(words: tuple[str, ...]) -> str:
    return "|".join(map(re.escape, longest_first(words)))
