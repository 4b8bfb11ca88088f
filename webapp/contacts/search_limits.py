"""How much a search may ask for, and when it is a number; pure."""

from __future__ import annotations

import re

from webapp.core.errors import Invalid

# Digits as people write a number; nothing else may stand in a search for one.
NUMBER = re.compile(r"[\d\s()+./-]*\d[\d\s()+./-]*")
MIN_DIGITS = 3
MAX_WORDS = 6
MAX_LENGTH = 200


def is_number(text: str) -> bool:
    """Tell whether a search is a number, however it is written."""
    return bool(NUMBER.fullmatch(text)) and len(re.sub(r"\D", "", text)) >= MIN_DIGITS


def check_search(text: str) -> None:
    """Refuse a search of which a part would not be looked for: it would find more than was asked.

    Raises Invalid (field `q`).
    """
    if len(text) > MAX_LENGTH:
        raise Invalid(f"A search has at most {MAX_LENGTH} characters.", field="q")
    if not is_number(text) and len(text.split()) > MAX_WORDS:
        raise Invalid(f"Search for at most {MAX_WORDS} words.", field="q")
