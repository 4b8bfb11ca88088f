"""Calendar days of a reader as moments: `from` and `to` of every list, both inclusive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from webapp.core import clock
from webapp.core.errors import Invalid

FIRST_YEAR = 1970
LAST_YEAR = 2999
MOST_RECENT = 3660  # days: ten years
LONGEST_RECENT = 4  # digits
ANY, DATES = "any", "dates"


@dataclass(frozen=True)
class Days:
    """A range of days, both inclusive; None leaves that side open.

    `recent` in their place are the last so many days, today included, whenever they are asked.
    """

    first: date | None = None
    last: date | None = None
    recent: int = 0

    def dates(self, zone: ZoneInfo) -> tuple[date | None, date | None]:
        """Give the first and the last day as they are now in `zone`."""
        if not self.recent:
            return self.first, self.last
        today = clock.now().astimezone(zone).date()
        return today - timedelta(days=self.recent - 1), today

    def moments(self, zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
        """Give the range as UTC moments in `zone`: from the first included, until excluded."""
        first, last = self.dates(zone)
        until = last + timedelta(days=1) if last else None
        return _midnight(first, zone), _midnight(until, zone)

    def __bool__(self) -> bool:
        """True where either side is closed."""
        return self.first is not None or self.last is not None or self.recent > 0


EVER = Days()


def parse_days(first: str, last: str, recent: str = "") -> Days:
    """Read two dates as `YYYY-MM-DD`, either of them empty.

    `recent` goes first: a number of days, or `any` for all of them; `dates` leaves it to the two.
    Raises Invalid with its field: `from`, `to` or `last`.
    """
    if recent == ANY:
        return EVER
    if recent not in ("", DATES):
        plain = recent.isascii() and recent.isdigit() and len(recent) <= LONGEST_RECENT
        if not (plain and 0 < int(recent) <= MOST_RECENT):
            raise Invalid(
                f"“{recent[:40]}” is no number of days up to {MOST_RECENT}.", field="last"
            )
        return Days(recent=int(recent))
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
