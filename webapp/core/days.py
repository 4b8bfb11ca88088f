"""Calendar days of a reader as moments: `from` and `to` of every list, both inclusive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from webapp.core.errors import Invalid

FIRST_YEAR = 1970
LAST_YEAR = 2999


@dataclass(frozen=True)
class Days:
    """A range of days, both inclusive; None leaves that side open."""

    first: date | None = None
    last: date | None = None

    def moments(self, zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
        """Give the range as UTC moments in `zone`: from the first included, until excluded."""
        until = self.last + timedelta(days=1) if self.last else None
        return _midnight(self.first, zone), _midnight(until, zone)

    def __bool__(self) -> bool:
        """True where either side is closed."""
        return self.first is not None or self.last is not None


EVER = Days()


def parse_days(first: str, last: str) -> Days:
    """Read two dates as `YYYY-MM-DD`, either of them empty. Raises Invalid with its field."""
    days = Days(_day(first, "from"), _day(last, "to"))
    if days.first and days.last and days.first > days.last:
        raise Invalid("The range ends before it begins: “to” is before “from”.", field="to")
    return days


def _day(text: str, field: str) -> date | None:
    text = text.strip()
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise ValueError
    except ValueError:
        raise Invalid(
            f"“{text[:40]}” is not a date. Write it like 2026-11-22.", field=field
        ) from None
    return day


def _midnight(day: date | None, zone: ZoneInfo) -> datetime | None:
    return datetime.combine(day, time.min, zone).astimezone(UTC) if day else None
