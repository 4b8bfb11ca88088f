"""Stages and money of opportunities; pure."""

from __future__ import annotations

import enum
import re
from decimal import Decimal
from functools import cache

from babel import Locale
from babel.core import get_global
from babel.numbers import format_currency, get_currency_precision, get_territory_currencies

LARGEST = Decimal("999999999999.99")
LONGEST_NAME = 200  # characters
LONGEST_NOTE = 5000
DECIMALS = 2
_AMOUNT = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_ENGLISH = Locale("en")


class Stage(enum.StrEnum):
    """How far a deal is; the last two are its ends."""

    NEW = "new"
    QUALIFIED = "qualified"
    PROPOSAL = "proposal"
    NEGOTIATION = "negotiation"
    WON = "won"
    LOST = "lost"

    @property
    def label(self) -> str:
        """The word that people read."""
        return self.value.capitalize()

    @property
    def ended(self) -> bool:
        """True where the deal is over."""
        return self in (Stage.WON, Stage.LOST)


@cache
def currencies() -> dict[str, str]:
    """Give the currencies that are legal tender somewhere, by ISO 4217 code, with their names.

    In the order of their codes. Those with more than two decimals are left out: amounts are kept
    with two.
    """
    codes = {
        code
        for territory in get_global("territory_currencies")
        for code in get_territory_currencies(territory)
    }
    names = _ENGLISH.currencies
    known = [code for code in codes if get_currency_precision(code) <= DECIMALS]
    return {code: names.get(code, code) for code in sorted(known)}


def read_amount(text: str, currency: str) -> Decimal | None:
    """Read an amount as it is typed: `1200`, `1,200.50`; None for an empty text.

    Raises ValueError for what is no amount of this currency, or is too large.
    """
    plain = text.strip().replace("\u00a0", "").replace(" ", "")
    if not plain:
        return None
    if not (plain.isascii() and _AMOUNT.fullmatch(plain)):
        raise ValueError("not an amount")
    amount = Decimal(plain.replace(",", ""))
    places = min(get_currency_precision(currency), DECIMALS)
    if amount > LARGEST or amount != round(amount, places):
        raise ValueError("not an amount of this currency")
    return round(amount, DECIMALS)


def say_amount(amount: Decimal | None, currency: str) -> str:
    """Write an amount with its currency, like `€1,200.50`; empty where there is none."""
    return "" if amount is None else format_currency(amount, currency, locale=_ENGLISH)


def typed_amount(amount: Decimal | None, currency: str) -> str:
    """Write an amount as a field holds it, like `1200.50`."""
    if amount is None:
        return ""
    places = min(get_currency_precision(currency), DECIMALS)
    return f"{amount:.{places}f}"
