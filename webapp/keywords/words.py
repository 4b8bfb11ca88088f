"""The words of the settings, and how a reply is compared with them."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from webapp.keywords.folding import fold, normalise_word
from webapp.keywords.languages.ready import READY_SETS
from webapp.keywords.lexicon import compact

ENGLISH = READY_SETS[0]
READY_OPT_OUT_WORDS = ENGLISH.opt_out
"""The English words that mean a stop in a reply: 47 CFR 64.1200(a)(10), CTIA, Twilio."""
_LONGEST_SIGN = 64


@dataclass(frozen=True)
class Words:
    """The words of the settings, as `normalise_word` stores them, and the master switch."""

    opt_out: tuple[str, ...]
    opt_in: tuple[str, ...]
    help: tuple[str, ...]
    enabled: bool = True


DEFAULT_WORDS = Words(opt_out=("STOP",), opt_in=ENGLISH.opt_in, help=ENGLISH.help)


@dataclass(frozen=True)
class Wordlist:
    """The words of the settings by their keys. `off`: a stop is to be held, not recorded."""

    opt_out: dict[str, str]
    opt_in: dict[str, str]
    help: dict[str, str]
    off: bool
    enabled: bool


@lru_cache(maxsize=64)
def wordlist(words: Words) -> Wordlist:
    """Return the words ready to be looked up; those that fold to nothing never match.

    Switched off, or without opt-out words, the ready words stand in for them, so that what would
    have matched is seen.
    """
    opt_out = _keyed(words.opt_out)
    off = not (words.enabled and opt_out)
    if off:
        opt_out = _keyed(READY_OPT_OUT_WORDS) | opt_out
    return Wordlist(opt_out, _keyed(words.opt_in), _keyed(words.help), off, words.enabled)


def key(word: str) -> str:
    """Return what a word is compared by: folded, without spaces. A word without letters, such
    as an emoji, is compared by its signs."""
    return compact(fold(word)) or sign(word)


def sign(text: str) -> str:
    """Return the signs of a short text that has no letters, without variation selectors."""
    shown = normalise_word(text[:_LONGEST_SIGN])
    return "".join(character for character in shown if unicodedata.category(character) == "So")


def _keyed(words: tuple[str, ...]) -> dict[str, str]:
    return {key(word): word for word in reversed(words) if key(word)}
