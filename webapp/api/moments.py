"""Times in calls: RFC 3339 with a zone going in, UTC with Z coming out."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator, WithJsonSchema

from webapp.core.days import FIRST_YEAR, LAST_YEAR

When = TypeVar("When", date, datetime)

# RFC 3339, 5.6; seconds may be missing, as other writers of times leave them out.
RFC_3339 = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
# A day begins first at UTC+14, so this long before it does in UTC.
FURTHEST_EAST = timedelta(hours=14)


def parse_moment(value: Any) -> datetime:
    """Read an RFC 3339 time as aware UTC. Raises ValueError with a sentence."""
    if isinstance(value, str) and RFC_3339.fullmatch(value):
        try:
            moment = datetime.fromisoformat(_without_leap_second(value)).astimezone(UTC)
        except (ValueError, OverflowError):
            pass
        else:
            return _in_our_time(moment)
    raise ValueError("is a time with its zone, like 2026-11-22T09:30:00Z")


def parse_day_or_moment(value: Any) -> date | datetime:
    """Read `2026-11-22` as a date, else an RFC 3339 time. Raises ValueError with a sentence."""
    if not isinstance(value, str) or not DAY.fullmatch(value):
        return parse_moment(value)
    try:
        return _in_our_time(date.fromisoformat(value))
    except ValueError:
        raise ValueError("is a day of the calendar, like 2026-11-22") from None


def earliest(value: date | datetime) -> datetime:
    """Give a time itself; of a day, the moment at which it began anywhere on Earth."""
    return value if isinstance(value, datetime) else _midnight(value) - FURTHEST_EAST


def since(value: date | datetime | None) -> datetime | None:
    """Give the first moment of a range that starts with `value`; days are UTC days."""
    return value if value is None or isinstance(value, datetime) else _midnight(value)


def until(value: date | datetime | None) -> datetime | None:
    """Give the moment before which a range ends that includes `value`; days are UTC days."""
    if value is None:
        return None
    if isinstance(value, datetime):
        return value + timedelta(microseconds=1)
    return _midnight(value + timedelta(days=1))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


def _in_our_time(value: When) -> When:
    """Refuse years that no record of ours can mean; far ones overflow in a reader's zone."""
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValueError(f"lies between the years {FIRST_YEAR} and {LAST_YEAR}")
    return value


def _without_leap_second(text: str) -> str:
    """Give the time as Python reads it: it knows no second 60, which RFC 3339 allows."""
    text = text.upper().replace(" ", "T")
    return re.sub(r"(T\d\d:\d\d):60", r"\1:59", text)


Moment = Annotated[
    datetime,
    BeforeValidator(parse_moment),
    WithJsonSchema({"type": "string", "format": "date-time"}, mode="validation"),
]
DayOrMoment = Annotated[
    date | datetime,
    BeforeValidator(parse_day_or_moment),
    WithJsonSchema(
        {
            "type": "string",
            "anyOf": [{"format": "date"}, {"format": "date-time"}],
            "examples": ["2026-11-22", "2026-11-22T09:30:00Z"],
        }
    ),
]
