"""Ten business days from receipt, at the latest."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.consent.deadlines import deadline

MONDAY = date(2026, 11, 2)
SOME_DAY = st.dates(date(2020, 1, 1), date(2040, 1, 1))


@pytest.mark.parametrize(
    ("received", "last"),
    [
        (MONDAY, date(2026, 11, 16)),
        (date(2026, 11, 6), date(2026, 11, 20)),  # a Friday
        (date(2026, 11, 7), date(2026, 11, 20)),  # a Saturday: Monday is the first day
        (date(2026, 11, 8), date(2026, 11, 20)),  # a Sunday
    ],
)
def test_the_last_day_is_the_tenth_business_day_after_receipt(received: date, last: date) -> None:
    assert deadline(received, received).last == last


def test_the_days_left_fall_on_business_days_alone() -> None:
    left = [deadline(MONDAY, MONDAY + timedelta(days=n)).left for n in range(16)]
    assert left == [10, 9, 8, 7, 6, 6, 6, 5, 4, 3, 2, 1, 1, 1, 0, 0]


def test_it_is_over_the_day_after_also_at_a_weekend() -> None:
    friday, saturday = date(2026, 11, 20), date(2026, 11, 21)
    assert not deadline(date(2026, 11, 6), friday).over
    assert deadline(date(2026, 11, 6), saturday).over


@given(received=SOME_DAY, later=st.integers(0, 40))
def test_ten_business_days_lie_between_receipt_and_the_last_day(received: date, later: int) -> None:
    today = received + timedelta(days=later)
    found = deadline(received, today)
    days = [received + timedelta(days=n) for n in range(1, (found.last - received).days + 1)]
    assert sum(day.weekday() < 5 for day in days) == 10
    assert found.last.weekday() < 5
    assert found.over == (today > found.last)
    assert found.left == sum(day.weekday() < 5 and day > today for day in days)
