"""A search as its words, and how each is looked for in a contact; pure but for the SQL it gives."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import ColumnElement, FromClause, or_

from webapp.contacts.folding import fold_name
from webapp.contacts.rules import WHATSAPP_ID
from webapp.contacts.search_limits import MAX_WORDS, MIN_DIGITS, is_number


@dataclass(frozen=True)
class Word:
    """What is looked for in the name, or in the email, or in the number; empty: not there."""

    name: str = ""
    email: str = ""
    phone: str = ""

    @property
    def texts(self) -> tuple[str, ...]:
        """Everything of which one must stand somewhere."""
        return tuple(dict.fromkeys(text for text in (self.name, self.email, self.phone) if text))

    def stands_in(self, of: FromClause) -> ColumnElement[bool]:
        """Give the condition that a contact holds it. `%` and `_` stand for themselves."""
        pairs = ((of.c.name_folded, self.name), (of.c.email, self.email), (of.c.phone, self.phone))
        return or_(*(column.contains(text, autoescape=True) for column, text in pairs if text))


def whatsapp_id_in(text: str) -> str | None:
    """Give the business-scoped WhatsApp id that a search is, if it is one."""
    return text if WHATSAPP_ID.fullmatch(text) and not is_number(text) else None


def words_of(text: str) -> list[Word]:
    """Read a search: a number by its digits wherever they stand; else every word, anywhere.

    The zeros before a national number are not part of its international form. Digits alone may be
    a part of a name or an email just as well.
    """
    if is_number(text):
        alone = text if text.isdecimal() else ""
        return [Word(fold_name(alone), alone, digits_of(text))]
    return [_word(word) for word in text.split()[:MAX_WORDS]]


def digits_of(text: str) -> str:
    """Give the digits by which a number is found: without the zeros before a national one."""
    digits = re.sub(r"\D", "", text)
    return digits.lstrip("0") or digits


def _word(word: str) -> Word:
    digits = word.lstrip("+0")
    numeric = digits.isdecimal() and len(digits) >= MIN_DIGITS
    return Word(fold_name(word), word.casefold(), digits if numeric else "")
