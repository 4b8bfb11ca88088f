"""Bring two spellings of the same words together before they are compared.

`normalise_word` is for what a person typed into the settings and will see again; `fold` is for
comparing and loses much more. `mark` is `fold` that still shows where sentences and clauses end.
"""

import re
import unicodedata

MAX_READ = 16_384
"""Characters of a text that are folded. What comes later is dropped: no reply is that long."""

_APOSTROPHES = dict.fromkeys(map(ord, "'`´‘’‛′ʹʻʼʽˈ＇՚׳"))
_INVISIBLE_LETTERS = "\u115f\u1160\u3164\uffa0\u17b4\u17b5"
_RESPELT = {
    # Latin letters that have no decomposition in Unicode
    **{"ı": "i", "ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "ħ": "h", "ŧ": "t"},
    # Arabic: what people write with and without hamza, and the Persian keyboard's letters
    **{"ٱ": "ا", "ى": "ي", "ة": "ه", "ء": "", "ـ": "", "ی": "ي", "ک": "ك"},
    **dict.fromkeys(_INVISIBLE_LETTERS, ""),
}
_DROPPED_MARKS = (
    (0x0300, 0x036F),  # accents of Latin, Greek and Cyrillic letters, after decomposition
    (0x0591, 0x05C7),  # Hebrew points
    (0x0610, 0x061A),  # Arabic signs
    (0x064B, 0x065F),  # Arabic tashkeel and, after decomposition, hamza and madda
    (0x0670, 0x0670),
    (0x06D6, 0x06ED),
    (0x20D0, 0x20F0),  # keycaps and other enclosures
    (0xFE00, 0xFE0F),  # variation selectors
    (0xE0100, 0xE01EF),
)
_CACHED = 20_000
_SENTENCE_ENDS = ".!?;…。！？；؟۔।॥\u2029"
_CLAUSE_ENDS = ",،、，\n\u2028"

_REPEATED = re.compile(r"([^\W\d_])\1{2,}")
_STARRED = re.compile(r"(?<=\w)\*+(?=\w)")
_SPACED_DASH = re.compile(r"(?<=\s)[-–—]+(?=\s)|[–—]")
_EMPTY_LINE = re.compile(r"\n\s*\n")
_UNSEEN = re.compile("[\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\u061c]")


class _Letters(dict[int, str | None]):
    """A translation table that is filled as characters are met."""

    def __missing__(self, code: int) -> str | None:
        value = _folded_character(code)
        if len(self) < _CACHED:
            self[code] = value
        return value


def _folded_character(code: int) -> str | None:
    character = chr(code)
    if character in _RESPELT:
        return _RESPELT[character]
    if any(first <= code <= last for first, last in _DROPPED_MARKS):
        return None
    category = unicodedata.category(character)
    if category[0] in "LMN":
        return character
    return None if category == "Cf" else " "


_PLAIN = _Letters(_APOSTROPHES)
_MARKED = _Letters(
    _APOSTROPHES
    | {ord(end): " . " for end in _SENTENCE_ENDS}
    | {ord(end): " , " for end in _CLAUSE_ENDS}
)


def normalise_word(text: str) -> str:
    """Return the form in which a keyword is stored and shown.

    NFKC, upper case, trimmed, runs of white space made one space, invisible marks removed:
    `"  stop  all "` becomes `"STOP ALL"`. Applying it twice changes nothing more. A dotless or
    dotted Turkish i keeps its own capital; `fold` makes them equal when a reply is compared.
    """
    apart = text[:MAX_READ].replace("´", "'")  # NFKC would make a space of this apostrophe
    shown = _UNSEEN.sub("", unicodedata.normalize("NFKC", apart))
    upper = unicodedata.normalize("NFKC", shown.upper()).upper()
    return " ".join(unicodedata.normalize("NFKC", upper).split())


def fold(text: str) -> str:
    """Return `text` as it is compared: lower-case words with one space between them.

    Both sides of a comparison go through it. NFKC and case folding; accents of Latin, Greek and
    Cyrillic letters, Arabic hamza, tashkeel and tatweel, quotes, punctuation, emoji, zero-width
    and bidirectional marks go; a letter repeated three times or more is written once. Marks of
    Indic scripts stay, because they are vowels there. Folding twice changes nothing more.
    At most `MAX_READ` characters are read.
    """
    return _folded(text, _PLAIN)


def mark(text: str) -> str:
    """Return `text` folded, with " . " where a sentence ends and " , " where a clause ends.

    An empty line ends a sentence, a line break only a clause: mail programs wrap lines. Stars
    inside a word, which stand for letters of a swear word, do not divide it.
    """
    divided = _STARRED.sub("", _EMPTY_LINE.sub(".", text[:MAX_READ]))
    return _folded(_SPACED_DASH.sub(".", divided), _MARKED)


def _folded(text: str, table: dict[int, str | None]) -> str:
    """Fold with one of the two tables; a second round settles rare compositions."""
    text = text[:MAX_READ]
    if text.isascii():
        letters = text.lower().translate(table)
    else:
        letters = _decomposed(_decomposed(text.translate(_APOSTROPHES), table), table)
    return " ".join(_REPEATED.sub(r"\1", letters).split())


def _decomposed(text: str, table: dict[int, str | None]) -> str:
    lower = unicodedata.normalize("NFKC", text)[:MAX_READ].casefold()
    parts = unicodedata.normalize("NFD", lower).translate(table)
    return unicodedata.normalize("NFKC", parts)
