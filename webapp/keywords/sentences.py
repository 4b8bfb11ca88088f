"""Requests that count only where a sentence says them and no other sentence says more.

"Stop. I never signed up for this." asks; "Great news about the park. Stop." may not.
"""

import enum
from itertools import groupby

from webapp.keywords.lexicon import (
    COURTESIES,
    DOUBTFUL,
    EVERYDAY,
    POLITE,
    UNMISTAKABLE,
    Found,
    compact,
    is_negated,
)
from webapp.keywords.reading import Finding, Reply, without_harmless

_LONGEST_COMPLAINT = 14
_LONGEST_GREETED = 2
_SHORT = 12


class _Says(enum.Enum):
    """What one sentence or clause says."""

    STOP = enum.auto()  # an unmistakable word and nothing else
    ASKS = enum.auto()  # a phrase that counts where it stands alone
    BESIDE = enum.auto()  # a courtesy, a complaint, a question who writes
    OTHER = enum.auto()


_Sentence = tuple[_Says, Finding | None]


def said_alone(reply: Reply) -> Finding | None:
    """Return the request of a reply whose sentences ask it and otherwise only complain.

    Beside sentences that say more it is not clear, and in a long reply only an unmistakable word
    is seen at all.
    """
    if not (reply.may_hold_word or reply.lines.get("alone")):
        return None
    said = [one for clauses in reply.sentences for one in _sentence(clauses, reply.lines)]
    asking = [(says, finding) for says, finding in said if finding]
    if not asking:
        return None
    if all(says is not _Says.OTHER for says, _ in said):
        return asking[0][1]
    seen = [f for says, f in asking if says is _Says.STOP or reply.length <= _SHORT]
    return Finding(False, seen[0].words, seen[0].language) if seen else None


def _sentence(clauses: tuple[str, ...], lines: Found) -> list[_Sentence]:
    whole = _unit(" ".join(clauses), lines)
    if whole[0] is _Says.OTHER and len(clauses) > 1:
        return [_unit(clause, lines) for clause in clauses]
    return [whole]


def _unit(unit: str, lines: Found) -> _Sentence:
    """Say what a sentence or a clause says; words said twice in a row count once."""
    words = " ".join([word for word, _ in groupby(unit.split())])
    bare = COURTESIES.strip(words)
    if not bare:
        return _Says.BESIDE, None
    asked = (
        _asking(bare, lines)
        or _asking(POLITE.strip(words), lines)
        or _beside_complaint(bare, lines)
    )
    if asked:
        return asked
    greeted = bare != words and len(bare.split()) <= _LONGEST_GREETED
    return (_Says.BESIDE if greeted or _is_beside(bare, lines) else _Says.OTHER), None


def _asking(form: str, lines: Found) -> _Sentence | None:
    """Return what a sentence asks that is a word or a phrase as a whole."""
    if language := UNMISTAKABLE.get(compact(form)):
        return _Says.STOP, Finding(True, form, language)
    for line in lines.get("alone", ()):
        if line.phrase.fills(form):
            return _Says.ASKS, Finding(True, form, line.pack.code)
    words = form.split()
    if any(word in UNMISTAKABLE for word in words) and all(map(_is_word, words)):
        return _Says.STOP, Finding(True, form, None)
    return None


def _is_word(word: str) -> bool:
    return any(word in words for words in (UNMISTAKABLE, EVERYDAY, DOUBTFUL, COURTESIES.phrases))


def _beside_complaint(bare: str, lines: Found) -> _Sentence | None:
    """Return what one end of a sentence asks, where the other end only complains."""
    words = bare.split()
    if not 1 < len(words) <= _LONGEST_COMPLAINT:
        return None
    text = f" {bare} "
    if text != without_harmless(text, lines.get("harmless", [])):
        return None
    for at in range(1, len(words)):
        ends = " ".join(words[:at]), " ".join(words[at:])
        for end, rest in (ends, ends[::-1]):
            asking = _asking(COURTESIES.strip(end), lines)
            if asking and _is_beside(COURTESIES.strip(rest), lines) and not is_negated(rest):
                return asking
    return None


def _is_beside(unit: str, lines: Found) -> bool:
    """Say whether a sentence may stand beside a request without taking it back."""
    whole = [*lines.get("asides", ()), *lines.get("curt", ()), *lines.get("alone", ())]
    inside = [*lines.get("hints", ()), *lines.get("requests", ())]
    return (
        not unit
        or any(line.phrase.fills(unit) for line in whole)
        or any(line.phrase.regex.search(f" {unit} ") for line in inside)
    )
