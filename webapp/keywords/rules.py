"""Decide what a reply means: a stop, a start, a call for help, something to look at, or nothing."""

import enum
from dataclasses import dataclass, replace

from webapp.keywords.folding import fold
from webapp.keywords.hints import hinted, only_harmless
from webapp.keywords.lexicon import COURTESIES, EVERYDAY, POLITE, UNMISTAKABLE, compact
from webapp.keywords.reading import Finding, Reply, read
from webapp.keywords.requests import requested
from webapp.keywords.words import (
    DEFAULT_WORDS,
    READY_OPT_OUT_WORDS,
    Wordlist,
    Words,
    sign,
    wordlist,
)

__all__ = ["DEFAULT_WORDS", "READY_OPT_OUT_WORDS", "Match", "Verdict", "Words", "match"]

_STOP_SIGNS = {"\U0001f6d1", "\U0001f6ab"}  # the octagonal sign, the no-entry sign


class Verdict(enum.StrEnum):
    """What a reply asks for."""

    OPT_OUT = "opt_out"
    OPT_IN = "opt_in"
    HELP = "help"
    HOLD = "hold"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Match:
    """What a reply means, by which rule, which words made it so, and in what language.

    `rule` is one of "word", "polite", "request", "collocation", "unmistakable", "switched_off"
    and "none". `words` are those of the settings for "word" and "polite", else the folded words
    of the reply. `language` is that of the pack which knew them; None for words of the settings
    that no pack has.
    """

    verdict: Verdict
    rule: str
    words: tuple[str, ...] = ()
    language: str | None = None


_NOTHING = Match(Verdict.NOTHING, "none")


def match(text: str, words: Words, *, payload: str | None = None) -> Match:
    """Decide what the reply `text` means under the settings' `words`.

    `payload` is that of a tapped button; it counts before the text, where it is a word or a
    request as a whole. A stop in either beats anything in the other. The order of the rules:
    the whole reply is a word; a word and politeness; a clear request; a harmless collocation;
    an unmistakable word or something that reads like a request, which is a hold; nothing.
    Switched off, or without opt-out words, a stop becomes a hold: it is never ignored.

    Of a long text the first `folding.MAX_READ` characters are read, and phrases are looked for
    in its first `reading.MAX_WORDS` words. It never raises.
    """
    settings = wordlist(words)
    said = _judged(text, settings)
    if payload and said.verdict is not Verdict.OPT_OUT:
        tapped = _judged(payload, settings)
        if _is_whole(tapped, payload):
            said = tapped
    return _as_switched(said, settings)


def _is_whole(tapped: Match, payload: str) -> bool:
    if tapped.rule == "request":
        return compact(tapped.words[0]) == compact(fold(payload))
    return tapped.rule in ("word", "polite")


def _as_switched(said: Match, settings: Wordlist) -> Match:
    if settings.off and said.verdict is Verdict.OPT_OUT:
        return replace(said, verdict=Verdict.HOLD, rule="switched_off")
    if not settings.enabled and said.verdict in (Verdict.OPT_IN, Verdict.HELP):
        return _NOTHING
    return said


def _judged(text: str, settings: Wordlist) -> Match:
    reply = read(text)
    if not reply.folded:
        return _signed(sign(text), settings)
    return (
        _whole(reply, settings)
        or _polite(reply, settings)
        or _asked(requested(reply))
        or _asked(hinted(reply))
        or _harmless(only_harmless(reply))
        or _NOTHING
    )


def _signed(signs: str, settings: Wordlist) -> Match:
    """Judge a reply without a letter in it, such as an emoji."""
    if found := _word(signs, settings):
        return found
    if signs and set(signs) <= _STOP_SIGNS:
        return Match(Verdict.HOLD, "unmistakable", (signs,))
    return _NOTHING


def _word(whole: str, settings: Wordlist) -> Match | None:
    key = compact(whole)
    if word := settings.opt_out.get(key):
        return Match(Verdict.OPT_OUT, "word", (word,), UNMISTAKABLE.get(key) or EVERYDAY.get(key))
    if key in UNMISTAKABLE:
        return Match(Verdict.OPT_OUT, "request", (whole,), UNMISTAKABLE[key])
    if word := settings.opt_in.get(key):
        return Match(Verdict.OPT_IN, "word", (word,))
    if word := settings.help.get(key):
        return Match(Verdict.HELP, "word", (word,))
    return None


def _whole(reply: Reply, settings: Wordlist) -> Match | None:
    """Rule 1: the whole reply is a word."""
    return _word(reply.literal, settings) or _word(reply.folded, settings)


def _polite(reply: Reply, settings: Wordlist) -> Match | None:
    """Rule 2: a word and politeness. Greetings may stand only around an unmistakable word."""
    bare = POLITE.strip(reply.folded)
    if word := settings.opt_out.get(compact(bare)):
        return Match(Verdict.OPT_OUT, "polite", (word,), EVERYDAY.get(compact(bare)))
    greeted = compact(COURTESIES.strip(reply.folded))
    if greeted in UNMISTAKABLE and greeted in settings.opt_out:
        word = settings.opt_out[greeted]
        return Match(Verdict.OPT_OUT, "polite", (word,), UNMISTAKABLE[greeted])
    if language := EVERYDAY.get(compact(bare)):
        return Match(Verdict.OPT_OUT, "request", (bare,), language)
    return None


def _asked(found: Finding | None) -> Match | None:
    """Rules 3 and 5: a clear request is a stop, what only reads like one is a hold."""
    if not found:
        return None
    if found.clear:
        return Match(Verdict.OPT_OUT, "request", (found.words,), found.language)
    return Match(Verdict.HOLD, "unmistakable", (found.words,), found.language)


def _harmless(found: Finding | None) -> Match | None:
    """Rule 4: a harmless collocation. Asked last, for `hinted` sees only what it leaves."""
    if not found:
        return None
    return Match(Verdict.NOTHING, "collocation", (found.words,), found.language)
