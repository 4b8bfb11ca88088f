"""How a phone number is written: with or without its country code, with signs in between; pure."""

from __future__ import annotations

import re

import phonenumbers

from webapp.contacts.rules import Address, canonical

LONG_ENOUGH = 10  # national digits that say whose number it is without anything before them
SHORTEST = 7  # national digits that say it after the country's own prefix, as 0
# What people put between the digits of a number. No comma, line or tab: those part the cells.
GAP = "[ \u00a0\u2009\u202f()./+\u2010-\u2013-]{0,4}"
ANOTHER = re.compile(rf"(?:\+|(?<!\d)00){GAP}\d{{1,3}}{GAP}\Z")


def spellings(address: Address) -> list[str]:
    """Give a number as country code, a space, national digits; and the older forms of its line."""
    known = [canonical(address), address.value]
    known += [value[:5] + value[6:] for value in known if re.fullmatch(r"\+55\d{11}", value)]
    known += [f"+521{value[3:]}" for value in known if re.fullmatch(r"\+52\d{10}", value)]
    return list(dict.fromkeys(_split(value) for value in known if len(value) > 1))


def pattern_of(number: str) -> re.Pattern[str]:
    """Give the pattern of a number as `spellings` gives it: it finds the whole number alone.

    No digit stands before or after it. Without the country code it needs enough digits, or the
    prefix that the country dials before them.
    """
    code, national = number.split(" ")
    own, prefix = GAP.join(national), _prefix(code)
    zero = rf"(?:\(?{prefix}\)?{GAP})?" if prefix else ""
    written = [rf"(?:\+|(?<!\d)00){GAP}{GAP.join(code)}{GAP}{zero}{own}"] if code else []
    written.append(rf"(?<!\d){GAP.join(code)}{GAP}{own}" if code else rf"(?<!\d){own}")
    if code and len(national) >= LONG_ENOUGH:
        written.append(rf"(?<!\d){zero}{own}")
    elif prefix and len(national) >= SHORTEST:
        written.append(rf"(?<!\d){prefix}{GAP}{own}")
    return re.compile(rf"(?:{'|'.join(written)})(?!\d)")


def another_country(find: re.Match[str]) -> bool:
    """Tell whether the country code before a find makes it another number."""
    if find[0].startswith(("+", "00")):
        return False
    before = find.string[max(0, find.start() - 12) : find.start()]
    return ANOTHER.search(before) is not None


def _split(value: str) -> str:
    try:
        read = phonenumbers.parse(value)
    except phonenumbers.NumberParseException:
        return f" {value[1:]}"
    code = str(read.country_code)
    return f"{code} {value[1 + len(code) :]}"


def _prefix(code: str) -> str:
    if not code:
        return ""
    region = phonenumbers.region_code_for_country_code(int(code))
    return phonenumbers.ndd_prefix_for_region(region, True) or ""
