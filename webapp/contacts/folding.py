"""The form of a name that lists sort and search by; pure."""

from __future__ import annotations

import unicodedata

MAX_LENGTH = 200


def fold_name(text: str) -> str:
    """Give a text without case and accents, spaces folded: "  Éva  MÜLLER" is "eva muller".

    A mark goes only where it stands on a Latin, Greek or Cyrillic letter: in Indic scripts and
    in Hebrew or Arabic marks carry vowels, without which other words would match.
    """
    kept: list[str] = []
    for char in unicodedata.normalize("NFKD", text.casefold()):
        accent = unicodedata.combining(char) and kept and _drops_accents(kept[-1])
        if not accent and char != "\x00":
            kept.append(char)
    folded = unicodedata.normalize("NFC", "".join(kept))
    return " ".join(folded.split())[:MAX_LENGTH]


def _drops_accents(letter: str) -> bool:
    return ord(letter) < 0x0530
