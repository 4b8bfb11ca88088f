"""Decide what a reply means: a stop, a start, a call for help, something to look at, or nothing."""

import enum
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache

from webapp.keywords import requests
from webapp.keywords.folding import fold, normalise_word
from webapp.keywords.lexicon import (
    COURTESIES,
    EVERYDAY,
    POLITE,
    UNMISTAKABLE,
    compact,
    strip,
)
from webapp.keywords.reading import Reply, read

READY_OPT_OUT_WORDS: tuple[str, ...] = (
    "STOP",
    "STOPALL",
    "STOP ALL",
    "UNSUBSCRIBE",
    "UNSUB",
    "CANCEL",
    "END",
    "QUIT",
    "REVOKE",
    "OPTOUT",
    "OPT OUT",
    "REMOVE",
)
"""The English words that mean a stop in a reply: 47 CFR 64.1200(a)(10), CTIA, Twilio."""

_SIGNS = {"\U0001f6d1", "\U0001f6ab"}  # the stop sign, the no-entry sign


class Verdict(enum.StrEnum):
    """What a reply asks for."""

    OPT_OUT = "opt_out"
    OPT_IN = "opt_in"
    HELP = "help"
    HOLD = "hold"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Words:
    """The words of the settings, as `normalise_word` stores them, and the master switch."""

    opt_out: tuple[str, ...]
    opt_in: tuple[str, ...]
    help: tuple[str, ...]
    enabled: bool = True


DEFAULT_WORDS = Words(
    opt_out=("STOP",), opt_in=("START", "UNSTOP", "RESUME"), help=("HELP", "INFO")
)


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


@dataclass(frozen=True)
class _Settings:
    """The words of the settings by their compact folded form."""

    opt_out: dict[str, str]
    opt_in: dict[str, str]
    help: dict[str, str]
    off: bool
    enabled: bool


def match(text: str, words: Words, *, payload: str | None = None) -> Match:
    """Decide what the reply `text` means under the settings' `words`.

    `payload` is that of a tapped button; it counts before the text, where it is a word or a
    request as a whole. A stop in either beats anything in the other. The order of the rules:
    the whole reply is a word; a word and politeness; a clear request; a harmless collocation;
    an unmistakable word or something that reads like a request, which is a hold; nothing.
    Switched off, or without opt-out words, a stop becomes a hold: it is never ignored.
    """
    settings = _settings(words)
    said = _judged(text, settings)
    if payload and said.verdict is not Verdict.OPT_OUT:
        tapped = _judged(payload, settings)
        if _is_whole(tapped, payload):
            said = tapped
    return _as_switched(said, settings)


@lru_cache(maxsize=64)
def _settings(words: Words) -> _Settings:
    off = not words.enabled or not any(map(_key, words.opt_out))
    opt_out = (*words.opt_out, *READY_OPT_OUT_WORDS) if off else words.opt_out
    return _Settings(_keyed(opt_out), _keyed(words.opt_in), _keyed(words.help), off, words.enabled)


def _keyed(words: tuple[str, ...]) -> dict[str, str]:
    return {_key(word): word for word in reversed(words) if _key(word)}


def _key(word: str) -> str:
    """Return what a word is compared by: folded and without spaces; signs stay where no letters
    are left of it."""
    return compact(fold(word)) or _sign(word)


def _sign(text: str) -> str:
    shown = normalise_word(text[:64])
    return "".join(c for c in shown if unicodedata.category(c) == "So")


def _is_whole(tapped: Match, payload: str) -> bool:
    if tapped.rule == "request":
        return tapped.verdict is Verdict.OPT_OUT and tapped.words == (fold(payload),)
    return tapped.rule in ("word", "polite")


def _as_switched(said: Match, settings: _Settings) -> Match:
    if settings.off and said.verdict is Verdict.OPT_OUT:
        return replace(said, verdict=Verdict.HOLD, rule="switched_off")
    if not settings.enabled and said.verdict in (Verdict.OPT_IN, Verdict.HELP):
        return _NOTHING
    return said


def _judged(text: str, settings: _Settings) -> Match:
    reply = read(text)
    if not reply.folded:
        return _signed(_sign(text), settings)
    return (
        _whole(reply, settings)
        or _polite(reply, settings)
        or _asked(requests.clear_request(reply))
        or _harmless(requests.only_harmless(reply), requests.unclear_request(reply))
        or _NOTHING
    )


def _signed(sign: str, settings: _Settings) -> Match:
    """Judge a reply without a letter in it, such as an emoji."""
    if found := _setting(sign, settings):
        return found
    if sign and set(sign) <= _SIGNS:
        return Match(Verdict.HOLD, "unmistakable", (sign,))
    return _NOTHING


def _setting(key: str, settings: _Settings, language: str | None = None) -> Match | None:
    if not key:
        return None
    if word := settings.opt_out.get(key):
        return Match(Verdict.OPT_OUT, "word", (word,), UNMISTAKABLE.get(key) or EVERYDAY.get(key))
    if key in UNMISTAKABLE:
        return Match(Verdict.OPT_OUT, "request", (key,), UNMISTAKABLE[key])
    if word := settings.opt_in.get(key):
        return Match(Verdict.OPT_IN, "word", (word,))
    if word := settings.help.get(key):
        return Match(Verdict.HELP, "word", (word,))
    return None


def _whole(reply: Reply, settings: _Settings) -> Match | None:
    """Rule 1: the whole reply is a word."""
    for whole in (reply.literal, reply.folded):
        if found := _setting(compact(whole), settings):
            return found
    return None


def _polite(reply: Reply, settings: _Settings) -> Match | None:
    """Rule 2: a word and politeness. Greetings may stand only around an unmistakable word."""
    bare = strip(reply.folded, POLITE)
    if word := settings.opt_out.get(compact(bare)):
        return Match(Verdict.OPT_OUT, "polite", (word,), EVERYDAY.get(compact(bare)))
    greeted = compact(strip(reply.folded, COURTESIES))
    if greeted in UNMISTAKABLE and greeted in settings.opt_out:
        word = settings.opt_out[greeted]
        return Match(Verdict.OPT_OUT, "polite", (word,), UNMISTAKABLE[greeted])
    if language := EVERYDAY.get(compact(bare)):
        return Match(Verdict.OPT_OUT, "request", (bare,), language)
    return None


def _asked(found: requests.Finding | None) -> Match | None:
    """Rule 3: a clear request; what is in doubt is kept for a person."""
    if not found:
        return None
    if found.clear:
        return Match(Verdict.OPT_OUT, "request", (found.words,), found.language)
    return Match(Verdict.HOLD, "unmistakable", (found.words,), found.language)


def _harmless(harmless: requests.Finding | None, unclear: requests.Finding | None) -> Match | None:
    """Rules 4 and 5: a harmless collocation is nothing, what reads like a request is a hold."""
    if unclear:
        return Match(Verdict.HOLD, "unmistakable", (unclear.words,), unclear.language)
    if harmless:
        return Match(Verdict.NOTHING, "collocation", (harmless.words,), harmless.language)
    return None
