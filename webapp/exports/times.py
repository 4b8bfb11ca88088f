"""When a planned export is due next; pure."""

from __future__ import annotations

import enum
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DAYS_AHEAD = 62  # two months: somewhere in them every plan is due


class Every(enum.StrEnum):
    """How often."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True)
class Plan:
    """A time that comes again: an hour in a zone, each day, on a weekday, or a day of the month.

    `on_day` is 1 (Monday) to 7 for a week, 1 to 31 for a month, where a month that is shorter
    has it on its last day.
    """

    every: Every
    on_day: int
    at_hour: int
    zone: ZoneInfo

    def next_after(self, moment: datetime) -> datetime:
        """Give the first due time after `moment`, in UTC.

        An hour that the clocks skip counts as the one after it, one that comes twice as its
        first: each day has one such time.
        """
        today = moment.astimezone(self.zone).date()
        # From yesterday on: where the clocks skip a midnight, its time is on the day after.
        times = (self._at(day) for day in _days(today - timedelta(days=1)) if self._falls_on(day))
        return next(due for due in times if due > moment)

    def said(self) -> str:
        """Say it: `each Monday at 07:00 (Europe/Berlin)`."""
        when = {
            Every.DAY: "each day",
            Every.WEEK: f"each {WEEKDAYS[(self.on_day - 1) % 7]}",
            Every.MONTH: f"each month on day {self.on_day}",
        }[self.every]
        return f"{when} at {self.at_hour:02}:00 ({self.zone.key})"

    def _at(self, day: date) -> datetime:
        return datetime.combine(day, time(self.at_hour), self.zone).astimezone(UTC)

    def _falls_on(self, day: date) -> bool:
        if self.every is Every.WEEK:
            return day.isoweekday() == self.on_day
        if self.every is Every.MONTH:
            return day.day == min(self.on_day, monthrange(day.year, day.month)[1])
        return True


def _days(first: date) -> Iterator[date]:
    return (first + timedelta(days=ahead) for ahead in range(DAYS_AHEAD + 2))
