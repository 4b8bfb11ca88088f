"""Dates and times as lists write them; pure functions.

An opt-out is never refused for its date: one that cannot be read counts from now.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from webapp.core.days import FIRST_YEAR, LAST_YEAR
from webapp.imports.rules import clean

# 22.11.2026, 11/22/2026 and the like, with a time behind it or without.
WRITTEN = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})(?:[ ,T]+(\d{1,2}:\d\d.*))?")
# 22 Nov 2026, November 22nd, 2026.
NAMED = re.compile(
    r"(?:(\d{1,2})\.? ([a-z]{3})[a-z]*\.?|([a-z]{3})[a-z]*\.? (\d{1,2})(?:st|nd|rd|th)?),? "
    r"(\d{4})(?:[ ,T]+(?:at )?(\d{1,2}:\d\d.*))?",
    re.I,
)
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
CLOCK = re.compile(r"(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d+)?)?\s*([ap]\.?m\.?)?", re.I)
SERIAL = re.compile(r"(\d{5})(?:[.,](\d+))?")
SECONDS = re.compile(r"\d{10}(\d{3})?")
# Day 0 of a spreadsheet's dates (ECMA-376, part 1, 18.17.4.1).
SHEET_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001
SERIALS = range(25_569, 80_000)  # 1970 to 2119
# A date without a time counts to its end: a stop is not overtaken by an opt-in of the same day.
DAYS_END = time(23, 59, 59)


def read_moment(cell: str, zone: ZoneInfo, *, day_first: bool) -> datetime | None:
    """Read a date, with a time or without, in `zone` where it names none; as UTC.

    `day_first` decides 03/04/2026. None where it is no date that anybody could have meant.
    """
    text = clean(cell).strip("'\"")
    try:
        found = _iso(text) or _written(text, day_first) or _named(text)
        found = found or _counted(text, zone)
        if found is None:
            return None
        moment = (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if FIRST_YEAR <= moment.year <= LAST_YEAR else None


def days_first(cells: Iterable[str]) -> bool | None:
    """Tell from a column's cells whether the day stands before the month; None: either may."""
    for cell in cells:
        found = WRITTEN.fullmatch(clean(cell))
        if found and (int(found[1]) > 12) != (int(found[2]) > 12):
            return int(found[1]) > 12
    return None


def looks_dated(cell: str) -> bool:
    """Tell whether a cell looks like a date that a person wrote."""
    return read_moment(cell, ZoneInfo("UTC"), day_first=True) is not None


def _iso(text: str) -> datetime | None:
    """Read ISO 8601 and its cousin with a space; eight digits alone are more likely a number."""
    if not re.match(r"\d{4}[-/.]\d", text):
        return None
    text = re.sub(r"^(\d{4})[/.](\d{1,2})[/.](\d{1,2})", r"\1-\2-\3", text)
    text = re.sub(r"\s*(?:UTC|GMT|Z)$", "+00:00", text)
    text = re.sub(r"(\d)\s+([+-]\d\d:?\d\d)$", r"\1\2", text)
    if re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2}", text):
        year, month, day = map(int, text.split("-"))
        return datetime.combine(date(year, month, day), DAYS_END)
    return datetime.fromisoformat(text)


def _written(text: str, day_first: bool) -> datetime | None:
    found = WRITTEN.fullmatch(text)
    if found is None:
        return None
    first, second, year = int(found[1]), int(found[2]), int(found[3])
    if first > 12 or second > 12 or "." in text[: found.end(2)]:
        day_first = second <= 12  # 22.11.2026 is always the day first
    day = date(year, second, first) if day_first else date(year, first, second)
    return datetime.combine(day, _clock(found[4]) if found[4] else DAYS_END)


def _named(text: str) -> datetime | None:
    found = NAMED.fullmatch(text)
    if found is None:
        return None
    month = MONTHS.index((found[2] or found[3]).lower()) + 1
    day = date(int(found[5]), month, int(found[1] or found[4]))
    return datetime.combine(day, _clock(found[6]) if found[6] else DAYS_END)


def _clock(text: str) -> time:
    found = CLOCK.match(text)
    if found is None:
        raise ValueError("no time")
    hour = int(found[1])
    if found[4]:
        hour = hour % 12 + (12 if found[4][0] in "pP" else 0)
    return time(hour, int(found[2]), int(found[3] or 0))


def _counted(text: str, zone: ZoneInfo) -> datetime | None:
    """Read days since 1900, as spreadsheets keep a date, or seconds since 1970."""
    if SECONDS.fullmatch(text):
        return datetime.fromtimestamp(int(text[:10]), UTC)
    found = SERIAL.fullmatch(text)
    if found is None or int(found[1]) not in SERIALS:
        return None
    day = SHEET_EPOCH + timedelta(days=int(found[1]))
    if not found[2]:
        return datetime.combine(day.date(), DAYS_END, zone)
    return (day + timedelta(days=float(f"0.{found[2]}"))).replace(microsecond=0)
