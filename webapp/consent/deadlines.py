"""Until when a request to stop must be honoured; pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

BUSINESS_DAYS = 10
SATURDAY = 5
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Deadline:
    """The `last` day in time, the business days `left` after today, and whether it is `over`."""

    last: date
    left: int
    over: bool


def deadline(received: date, today: date) -> Deadline:
    """Give until when a request of one day must be honoured, as seen on another.

    Ten business days from receipt at the latest (47 CFR 64.1200(a)(10)): the day after receipt is
    the first; Saturdays and Sundays do not count. Public holidays count as if people worked, so
    the day is never too late.
    """
    last = received
    for _ in range(BUSINESS_DAYS):
        last = _next_business_day(last)
    left, day = 0, today
    while (day := _next_business_day(day)) <= last:
        left += 1
    return Deadline(last, left, today > last)


def _next_business_day(day: date) -> date:
    day += DAY
    while day.weekday() >= SATURDAY:
        day += DAY
    return day
