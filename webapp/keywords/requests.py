"""Find out whether a reply asks to be left alone, and how clearly."""

import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from webapp.keywords.lexicon import (
    COURTESIES,
    DOUBTFUL,
    EVERYDAY,
    POLITE,
    SLIPS,
    SWAPPED,
    UNMISTAKABLE,
    Line,
    compact,
    lines_for,
    strip,
)
from webapp.keywords.languages.pack import Pack
from webapp.keywords.reading import Reply

_LOOK_BACK = 80
_VERY_SHORT, _SHORT, _LONG = 4, 8, 14
_LONGEST_WORD = 3
_MASK = "~"
_NUMBER = re.compile(r"\d{5}")


@dataclass(frozen=True)
class Finding:
    """What in a reply made it a request: `clear` is an opt-out, otherwise it is a hold."""

    clear: bool
    words: str
    language: str | None


class _Says(enum.Enum):
    """What one sentence or clause says."""

    STOP = enum.auto()  # an unmistakable word and nothing else
    ASKS = enum.auto()  # a phrase that counts where it stands alone
    BESIDE = enum.auto()  # a courtesy, a complaint, a question who writes
    OTHER = enum.auto()


def clear_request(reply: Reply) -> Finding | None:
    """Return the request that a reply makes; one that is narrowed or in doubt is not clear."""
    doubtful = None
    for pack, found in _unnegated(reply, "requests"):
        clear = _is_clear(pack, reply, found)
        finding = Finding(clear, found[0].strip(), pack.code)
        if clear:
            return finding
        doubtful = doubtful or finding
    return _said_alone(reply) or doubtful


def _unnegated(reply: Reply, kind: str) -> Iterator[tuple[Pack, re.Match[str]]]:
    """Find the phrases of a kind in a reply that no negation turns round."""
    for line in reply.lines.get(kind, ()):
        for found in line.phrase.regex.finditer(reply.flow):
            if not line.pack.negated.search(_before(reply, found)):
                yield line.pack, found


def _before(reply: Reply, found: re.Match[str]) -> str:
    """Return what stands before a phrase in its sentence, a space before and after it."""
    before = reply.flow[max(0, found.start() - _LOOK_BACK) : found.start()]
    return before[before.rfind(" . ") + 2 :] if " . " in before else before


def _is_clear(pack: Pack, reply: Reply, found: re.Match[str]) -> bool:
    """Say whether a request is this person's, to us, without limits or a wish for something."""
    flow, end = reply.flow, found.end()
    narrowed = any(limit.regex.match(flow, end) for limit in pack.limits_after)
    wished = any(wish.regex.search(flow, end) for wish in pack.wishes_after)
    doubted = pack.doubted.search(_before(reply, found)) is not None
    return not (narrowed or wished or doubted or _NUMBER.match(flow, end) or _has_footer(reply))


def _has_footer(reply: Reply) -> bool:
    return any(line.phrase.regex.search(reply.flow) for line in reply.lines.get("footers", ()))


def _said_alone(reply: Reply) -> Finding | None:
    """Return the request of a reply whose sentences say that and nothing else."""
    said = [one for clauses in reply.sentences for one in _sentence(clauses)]
    asking = [(says, finding) for says, finding in said if finding]
    if not asking:
        return None
    if all(says is not _Says.OTHER for says, _ in said):
        return asking[0][1]
    stops = [finding for says, finding in asking if says is _Says.STOP]
    return Finding(False, stops[0].words, stops[0].language) if stops else None


_Sentence = tuple[_Says, Finding | None]


def _sentence(clauses: tuple[str, ...]) -> list[_Sentence]:
    whole = _unit(" ".join(clauses))
    if whole[0] is _Says.OTHER and len(clauses) > 1:
        return [_unit(clause) for clause in clauses]
    return [whole]


def _unit(unit: str) -> _Sentence:
    words = " ".join(word for word, _ in groupby(unit.split()))
    bare = strip(words, COURTESIES)
    if not bare:
        return _Says.BESIDE, None
    forms = {bare, strip(words, POLITE)}
    if asking := next((asked for form in forms if (asked := _asking(form))), None):
        return asking
    if asking := _beside_complaint(bare):
        return asking
    greeting = bare != words and len(bare.split()) <= 2
    return (_Says.BESIDE if greeting or _is_beside(bare) else _Says.OTHER), None


def _asking(form: str) -> _Sentence | None:
    """Return what a sentence asks that is a word or a phrase as a whole."""
    if language := UNMISTAKABLE.get(compact(form)):
        return _Says.STOP, Finding(True, form, language)
    for line in lines_for(form.split()).get("alone", ()):
        if line.phrase.fills(form):
            return _Says.ASKS, Finding(True, form, line.pack.code)
    words = form.split()
    if any(word in UNMISTAKABLE for word in words) and all(map(_is_word, words)):
        return _Says.STOP, Finding(True, form, None)
    return None


def _is_word(word: str) -> bool:
    return word in UNMISTAKABLE or word in EVERYDAY or word in DOUBTFUL or word in COURTESIES


def _beside_complaint(bare: str) -> _Sentence | None:
    """Return what one end of a sentence asks, where the other end only complains."""
    words = bare.split()
    if not 1 < len(words) <= _LONG:
        return None
    lines = lines_for(words)
    if not (lines.get("alone") or any(word in UNMISTAKABLE for word in words)):
        return None
    if bare != _without_harmless(bare, lines.get("harmless", [])):
        return None
    for at in range(1, len(words)):
        ends = (" ".join(words[:at]), " ".join(words[at:]))
        for end, rest in (ends, ends[::-1]):
            asking = _asking(strip(end, COURTESIES))
            if asking and _is_beside(strip(rest, COURTESIES)):
                return asking
    return None


def _is_beside(unit: str) -> bool:
    lines = lines_for(unit.split())
    whole = [*lines.get("asides", ()), *lines.get("curt", ()), *lines.get("alone", ())]
    inside = [*lines.get("hints", ()), *lines.get("requests", ())]
    return (
        not unit
        or any(line.phrase.fills(unit) for line in whole)
        or any(line.phrase.regex.search(f" {unit} ") for line in inside)
    )


def unclear_request(reply: Reply) -> Finding | None:
    """Return what in a reply reads like a request without being a clear one."""
    whole = strip(reply.folded, POLITE)
    for words in (DOUBTFUL, SLIPS):
        if language := words.get(compact(whole)):
            return Finding(False, whole, language)
    return _unmistakable_word(reply) or _hint(reply)


def only_harmless(reply: Reply) -> Finding | None:
    """Return the unmistakable word of a reply that means nothing there."""
    for word in _without_harmless(reply.flow, []).split():
        if word in UNMISTAKABLE and word not in _masked(reply).split():
            return Finding(False, word, UNMISTAKABLE[word])
    return None


def _unmistakable_word(reply: Reply) -> Finding | None:
    """Return an unmistakable or slightly misspelt word, first in a reply or in a short one."""
    words = strip(_masked(reply).replace(" . ", " "), COURTESIES).split()
    places = len(words) if len(words) <= _VERY_SHORT else 1
    for at in range(places):
        for length in range(_LONGEST_WORD, 0, -1):
            word = " ".join(words[at : at + length])
            if language := UNMISTAKABLE.get(compact(word)):
                return None if _negated(words[:at]) else Finding(False, word, language)
    for word in words[: 1 if places > 2 else places]:
        if word in SWAPPED:
            return Finding(False, word, None)
    return None


def _negated(before: list[str]) -> bool:
    from webapp.keywords.languages import PACKS

    text = f" {' '.join(before)} "
    return any(pack.negated.search(text) for pack in PACKS)


def _hint(reply: Reply) -> Finding | None:
    for pack, found in _unnegated(reply, "hints"):
        return Finding(False, found[0].strip(), pack.code)
    if reply.length > _SHORT:
        return None
    for line in reply.lines.get("curt", ()):
        for clauses in reply.sentences:
            for unit in (" ".join(clauses), *clauses):
                if line.phrase.fills(strip(unit, POLITE)):
                    return Finding(False, unit, line.pack.code)
    return None


def _masked(reply: Reply) -> str:
    return _without_harmless(reply.flow, reply.lines.get("harmless", []))


def _without_harmless(text: str, lines: list[Line]) -> str:
    """Return a text with every harmless collocation in it masked, word by word."""
    masked = f" {text.strip()} "
    for line in lines:
        masked = line.phrase.regex.sub(lambda m: f"{_MASK} " * len(m[0].split()), masked)
    return masked.strip()
