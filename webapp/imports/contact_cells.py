"""What stands in a cell of a list of contacts: values, names of tags, dates of consent; pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from webapp.contacts.attributes import Definition, Kind, Value, kind_of, read_value
from webapp.contacts.rules import E164, AddressKind
from webapp.contacts.service import MAX_NAME
from webapp.contacts.tags import clean_tags
from webapp.core import clock
from webapp.core.errors import Invalid
from webapp.imports.moments import looks_dated, read_moment
from webapp.imports.rules import KINDS, Refused, clean, read_address
from webapp.imports.words import NO, YES, fold

# 12,5 as half of the world writes it; 1,234 could be either.
COMMA = re.compile(r"[+-]?\d+,(?:\d{1,2}|\d{4,})")
ANY = ",;|"
WHOLE = "none"  # a cell is one tag


def read_name(*parts: str) -> str:
    """Put a name together. Raises Refused."""
    name = " ".join(" ".join(map(clean, parts)).split())
    if len(name) > MAX_NAME:
        raise Refused(f"A name has at most {MAX_NAME} characters.")
    return name


def read_phone(cell: str, region: str | None) -> str | None:
    """Read a phone number in E.164, None where the cell is empty. Raises Refused."""
    value = _address(cell, region, AddressKind.PHONE)
    if value is not None and not E164.fullmatch(value):
        raise Refused(f"“{clean(cell)[:60]}” is too short or too long for a phone number.")
    return value


def read_email(cell: str) -> str | None:
    """Read an email address, None where the cell is empty. Raises Refused."""
    return _address(cell, None, AddressKind.EMAIL)


def _address(cell: str, region: str | None, kind: AddressKind) -> str | None:
    if not cell or not clean(cell):
        return None
    found = read_address(cell, region)
    if found.kind is not kind:
        raise Refused(f"“{clean(cell)[:60]}” is {KINDS[found.kind]}, not {KINDS[kind]}.")
    return found.value


def read_tags(cells: Sequence[str], separator: str) -> tuple[str, ...]:
    """Read the tags in cells. Raises Refused."""
    names = [clean(name) for cell in cells for name in _cut(cell, separator)]
    try:
        return tuple(clean_tags(filter(None, names)))
    except Invalid as error:
        raise Refused(error.message) from None


def _cut(cell: str, separator: str) -> list[str]:
    if separator == WHOLE:
        return [cell]
    return re.split(f"[{re.escape(separator)}]", cell)


def read_attribute(definition: Definition, cell: str, zone: ZoneInfo, *, day_first: bool) -> Value:
    """Read a value of an attribute's kind, None where the cell is empty. Raises Refused."""
    text, kind = clean(cell), kind_of(definition.kind)
    if not text:
        return None
    if kind is Kind.BOOLEAN and fold(text) in YES | NO:
        return fold(text) in YES
    if kind is Kind.DATE:
        moment = read_moment(text, zone, day_first=day_first)
        text = moment.astimezone(zone).date().isoformat() if moment else text
    elif kind is Kind.NUMBER and COMMA.fullmatch(text):
        text = text.replace(",", ".")
    elif kind is Kind.CHOICE:
        same = (choice for choice in definition.choices if fold(choice) == fold(text))
        text = next(same, text)
    try:
        return read_value(kind, text, definition.choices, definition.label)
    except Invalid as error:
        raise Refused(f"“{text[:40]}”: {error.message}") from None


def read_given(cell: str, zone: ZoneInfo, *, day_first: bool) -> datetime | None:
    """Read when a consent was given, None where the cell is empty. Raises Refused.

    A day without a time counts from its first minute: a consent is never taken for later than
    it was, since a later one would lift more.
    """
    text = clean(cell)
    if not text:
        return None
    moment = read_moment(text, zone, day_first=day_first)
    if moment is None:
        raise Refused(f"“{text[:40]}” is no date; when the person agreed cannot be read.")
    if ":" not in text:
        local = moment.astimezone(zone)
        moment = local.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
    if moment > clock.now():
        raise Refused(f"“{text[:40]}” lies in the future; nobody has agreed then.")
    return moment


def guess_kind(cells: Sequence[str]) -> Kind:
    """Guess of which kind the values of a new attribute are."""
    filled = [cell for cell in map(clean, cells) if cell]
    if filled and all(fold(cell) in YES | NO for cell in filled):
        return Kind.BOOLEAN
    # A number that begins with 0 or has many digits names something: a code, not an amount.
    if filled and all(re.fullmatch(r"-?(0|[1-9]\d{0,8})([.,]\d+)?", cell) for cell in filled):
        return Kind.NUMBER
    return Kind.DATE if filled and all(map(looks_dated, filled)) else Kind.TEXT
