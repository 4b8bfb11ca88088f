"""Numbers and user ids of the sandbox's people. Pure."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets

import phonenumbers

USER_ID = re.compile(r"[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}")


def digits(number: str) -> str:
    """Give a number as WhatsApp writes it: its digits alone."""
    return re.sub(r"[^0-9]", "", number)


def is_number(number: str) -> bool:
    """Say whether this can be a number: digits, perhaps with a plus and the usual separators."""
    return bool(re.fullmatch(r"\+?[0-9 ().-]+", number)) and 5 <= len(digits(number)) <= 15


def user_id_for(number: str) -> str:
    """Give the business-scoped user id of a number: always the same, in the number's country."""
    digest = hashlib.sha256(f"sandbox {number}".encode()).digest()
    return f"{_country(number)}.{int.from_bytes(digest[:7], 'big'):017d}"


def _country(number: str) -> str:
    try:
        region = phonenumbers.region_code_for_number(phonenumbers.parse(f"+{number}"))
    except phonenumbers.NumberParseException:
        region = None
    return region if region and region.isalpha() else "US"


def pretty(number: str) -> str:
    """Write a number for people, with its country code."""
    try:
        parsed = phonenumbers.parse(f"+{number}")
    except phonenumbers.NumberParseException:
        return f"+{number}"
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def new_wamid() -> str:
    """Make a message id that looks like WhatsApp's."""
    return "wamid." + base64.b64encode(secrets.token_bytes(30)).decode()
