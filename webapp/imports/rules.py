"""What stands in a cell of a list of opt-outs; pure functions.

Spreadsheets and other systems' exports damage addresses in ways that are known; what can be
mended without a guess is mended, and what cannot is refused with its reason.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

import phonenumbers

from webapp.contacts.rules import (
    WHATSAPP_ID,
    Address,
    AddressKind,
    Channel,
    channels_of,
    dialled,
    email_address,
    phone_address,
    phone_number,
)
from webapp.core.errors import Invalid

LONGEST = 320  # characters that any address can have (RFC 5321: 64 before the @, 255 after it)

# An apostrophe that makes a spreadsheet keep a number as text, as exports write it out.
APOSTROPHES = "'’‘`´"
# How other systems name the channel before the address: whatsapp:+491511234567 (Twilio).
PREFIX = re.compile(r"(?:whatsapp|sms|tel|phone|mobile|mailto|email|e-mail)\s*:\s*", re.I)
NAMED = re.compile(r".*<\s*([^<>]+@[^<>]+?)\s*>", re.S)
NUMBER = re.compile(r"[+\d][\d\s()/.\-–]*")
# 4.47911E+11 is a number of 12 digits of which a spreadsheet kept six.
SHORTENED = re.compile(r"[+-]?\d+(?:[.,]\d+)?\s*[eE]\s*\+?\s*\d+")
# 447911123456.0 is a number that went through a decimal type; nothing of it is lost.
DECIMAL = re.compile(r"(\+?\d{5,})[.,]0+")
MOBILE = (
    phonenumbers.PhoneNumberType.MOBILE,
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
)
MANGLED = (
    "A spreadsheet has shortened this number. Format the column as text and export the list again."
)

KINDS = {
    AddressKind.EMAIL: "an email address",
    AddressKind.PHONE: "a phone number",
    AddressKind.WHATSAPP_ID: "a WhatsApp id",
}


class Refused(Exception):
    """A row cannot be taken; its text is the reason, a sentence for a person."""


@dataclass(frozen=True)
class OptOut:
    """A row as it was understood: an address, and the channels that it is opted out of.

    `row` counts the rows of the file from 1. `occurred_at` None is now; `undated` tells that a
    date stood there that could not be read.
    """

    row: int
    address: Address
    channels: tuple[Channel, ...]
    occurred_at: datetime | None = None
    undated: bool = False


def clean(cell: str) -> str:
    """Give a cell's text without what nobody sees: direction and zero-width marks, NUL, edges."""
    if cell.isascii() and cell.isprintable():
        return cell.strip()
    kept = (
        char if char in "\t\n\r" or unicodedata.category(char) not in ("Cc", "Cf") else ""
        for char in cell
    )
    return " ".join("".join(kept).split())


def read_address(cell: str, region: str | None) -> Address:
    """Read the address in a cell, a number without its country code as one of `region`.

    `region` (ISO 3166) None: numbers begin with their country code, with or without a plus.
    Raises Refused.
    """
    text = _bare(cell)
    if not text:
        raise Refused("There is no address in this row.")
    if len(text) > LONGEST:
        raise Refused("This is too long for an address.")
    if _is_whatsapp_id(text):
        return Address(AddressKind.WHATSAPP_ID, text)
    try:
        return _email(text) if "@" in text else _number(text, region)
    except Invalid as error:
        raise Refused(error.message) from None


def looks_addressed(cell: str) -> bool:
    """Tell whether a cell holds an address, or what is one but for its country or its damage."""
    try:
        read_address(cell, None)
    except Refused:
        text = _bare(cell)
        digits = sum(char.isdigit() for char in text)
        number = NUMBER.fullmatch(text.lstrip("(")) is not None and 6 <= digits <= 17
        return number or "@" in text or SHORTENED.fullmatch(text) is not None
    return True


def _bare(cell: str) -> str:
    """Give an address without what other systems put around it."""
    return PREFIX.sub("", clean(cell).strip(APOSTROPHES + '"').strip(), count=1).strip(APOSTROPHES)


def _is_whatsapp_id(text: str) -> bool:
    """Tell a business-scoped id (DE.1A2b3C) from other words with a dot, like ST.Peter."""
    known = text[:2] in phonenumbers.SUPPORTED_REGIONS and any(map(str.isdigit, text))
    return known and WHATSAPP_ID.fullmatch(text) is not None


def _email(text: str) -> Address:
    named = NAMED.fullmatch(text)
    return email_address(named.group(1) if named else text)


def _number(text: str, region: str | None) -> Address:
    if SHORTENED.fullmatch(text):
        raise Refused(MANGLED)
    whole = DECIMAL.fullmatch(text)
    text = whole.group(1) if whole else text
    # Letters would be read as the keys of a telephone: 1-800-FLOWERS, but also a name.
    if not NUMBER.fullmatch(text.lstrip("(")):
        raise Refused(f"“{text[:60]}” is neither a phone number nor an email address.")
    text = f"+{text[2:]}" if text.startswith("00") else text
    if text.startswith("+"):
        return phone_address(text)
    return _national(text, region) if region else _international(text)


def _international(text: str) -> Address:
    """Read a number that begins with its country code, without a plus.

    It must be one that can be in use: else it is more likely a national number.
    """
    if _kind_of(f"+{text}", None) is None:
        raise Refused(
            f"“{text[:60]}” seems to lack its country code. Choose the country of such numbers, "
            "or write them with a plus."
        )
    return phone_address(f"+{text}")


def _national(text: str, region: str) -> Address:
    """Read a number as one of a country, unless it is more likely one with its country code.

    447911123456 could be a long number of Germany, but is a mobile of Great Britain: what can
    get messages comes first, then what whoever chose the country said.
    """
    # No country code begins with 0: written so, it is a number of this country.
    home = MOBILE[0] if text.startswith("0") else _kind_of(text, region)
    if home not in MOBILE:
        abroad = _kind_of(f"+{text}", None)
        if abroad is not None and (home is None or abroad in MOBILE):
            return phone_address(f"+{text}")
    found = phone_number(text, region)
    if _is_local(found):
        raise Refused(f"“{text[:60]}” lacks its area code: it is a number within a town alone.")
    return dialled(found)


def _is_local(number: phonenumbers.PhoneNumber) -> bool:
    """Tell whether a number can only be called from its own town: nobody else reaches it."""
    local = phonenumbers.ValidationResult.IS_POSSIBLE_LOCAL_ONLY
    reason: int = phonenumbers.is_possible_number_with_reason(number)
    return reason == local


def _kind_of(text: str, region: str | None) -> int | None:
    """Give what a number is used for (`PhoneNumberType`); None where it cannot be in use."""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    kind = phonenumbers.number_type(number)
    return None if kind == phonenumbers.PhoneNumberType.UNKNOWN else kind


def served(address: Address, wanted: tuple[Channel, ...]) -> tuple[Channel, ...]:
    """Give those of the wanted channels that reach an address of its kind. Raises Refused."""
    found = tuple(channel for channel in wanted if channel in channels_of(address.kind))
    if not found:
        names = " and ".join(channel.label for channel in wanted) or "no channel"
        raise Refused(f"This is {KINDS[address.kind]}, and the list speaks for {names}.")
    return found
