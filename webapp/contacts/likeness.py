"""How two contacts are alike who may be one person: by name, email or number; pure."""

from __future__ import annotations

import enum
from collections.abc import Collection

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

# Shorter names are too common to say anything: "Ann" and "Ann".
SHORTEST_NAME = 5
# Digits after the country code that must be the same: shorter numbers fall together by chance.
SHORTEST_NUMBER = 9
# Their dots say nothing, and both domains are one (Google's help: "Dots don't matter").
DOTLESS = ("gmail.com", "googlemail.com")


class Likeness(enum.StrEnum):
    """What two contacts have in common, the strongest sign of one person first."""

    PHONE = "phone"
    EMAIL = "email"
    NAME = "name"

    @property
    def label(self) -> str:
        """What it is called above the list."""
        return {"name": "Name", "email": "Mailbox", "phone": "Number"}[self]

    @property
    def explained(self) -> str:
        """What it means, as a sentence."""
        return {
            "phone": "The same digits after two country codes, or with a 0 between: one was likely"
            " imported under the wrong country. The strongest sign.",
            "email": "One address is the other with a +word, or with dots where Gmail ignores them:"
            " both reach one mailbox.",
            "name": "Two contacts whose names read alike, whatever their case and accents. The"
            " weakest sign: many people share a name.",
        }[self]


def plain_email(email: str) -> str:
    """Give the address whose mailbox this one ends in: without +word, and Gmail's without dots.

    Mailboxes with a +word are RFC 5233's subaddresses. The same address where it is plain already.
    """
    local, _, domain = email.rpartition("@")
    local = local.split("+", 1)[0] or local
    if domain in DOTLESS:
        return f"{local.replace('.', '')}@gmail.com"
    return f"{local}@{domain}"


def split_number(phone: str) -> tuple[str, str]:
    """Give the country code and the rest of an E.164 number; two empty texts where it has none.

    No country code begins another (ITU-T E.164).
    """
    digits = phone.lstrip("+")
    for length in (1, 2, 3):
        if digits[:length].isdecimal() and int(digits[:length]) in COUNTRY_CODE_TO_REGION_CODE:
            return digits[:length], digits[length:]
    return "", ""


def other_numbers(phone: str, codes: Collection[str]) -> list[str]:
    """Give the numbers with the same digits under other country codes, or its own with a 0."""
    own, rest = split_number(phone)
    plain = rest.removeprefix("0")
    if len(plain) < SHORTEST_NUMBER:
        return []
    found = [f"+{code}{plain}" for code in {own, *codes}] + [f"+{own}0{plain}"]
    return [number for number in found if number != phone and len(number) <= 16]
