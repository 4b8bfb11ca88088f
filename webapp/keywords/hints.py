"""What reads like a request to stop without being a clear one, and what only looks like it."""

from webapp.keywords.lexicon import (
    COURTESIES,
    DOUBTFUL,
    LONGEST_WORD,
    POLITE,
    SLIPS,
    SWAPPED,
    UNMISTAKABLE,
    compact,
    is_taken_back,
)
from webapp.keywords.reading import Finding, Reply
from webapp.keywords.requests import unnegated

_VERY_SHORT = 4
_SHORT = 8


def hinted(reply: Reply) -> Finding | None:
    """Return what in a reply reads like a request; it is never clear.

    A word that may also be about an order, or a misspelling, as the whole reply; an unmistakable
    word first in a reply or in a very short one; a complaint.
    """
    whole = POLITE.strip(reply.folded)
    for words in (DOUBTFUL, SLIPS):
        if language := words.get(compact(whole)):
            return Finding(False, whole, language)
    return _unmistakable_word(reply) or _complaint(reply)


def only_harmless(reply: Reply) -> Finding | None:
    """Return the unmistakable word of a reply that means nothing there: "bus stop"."""
    if not reply.may_hold_word or reply.masked == reply.flow:
        return None
    left = reply.masked.split()
    for word in reply.flow.split():
        if word in UNMISTAKABLE and word not in left:
            return Finding(False, word, UNMISTAKABLE[word])
    return None


def _unmistakable_word(reply: Reply) -> Finding | None:
    if not reply.may_hold_word:
        return None
    words = COURTESIES.strip(reply.masked.replace(" . ", " ")).split()
    for at in range(len(words) if len(words) <= _VERY_SHORT else 1):
        for length in range(LONGEST_WORD, 0, -1):
            word = " ".join(words[at : at + length])
            if language := UNMISTAKABLE.get(compact(word)):
                taken_back = is_taken_back(" ".join(words[:at]), language)
                return None if taken_back else Finding(False, word, language)
    for word in words[: 2 if len(words) == 2 else 1]:
        if word in SWAPPED:
            return Finding(False, word, None)
    return None


def _complaint(reply: Reply) -> Finding | None:
    for pack, found in unnegated(reply, "hints"):
        return Finding(False, found[0].strip(), pack.code)
    if reply.length > _SHORT:
        return None
    for line in reply.lines.get("curt", ()):
        for clauses in reply.sentences:
            for unit in (" ".join(clauses), *clauses):
                if line.phrase.fills(POLITE.strip(unit)):
                    return Finding(False, unit, line.pack.code)
    return None
