"""When a planned export is due: every day has its time once, whatever the clocks do."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.exports.times import Every, Plan

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def due(plan: Plan, after: str, count: int) -> list[str]:
    """Give so many due times in a row, in UTC."""
    moment, found = at(after), []
    for _ in range(count):
        moment = plan.next_after(moment)
        found.append(f"{moment:%Y-%m-%d %H:%M}")
    return found


def test_each_day_at_an_hour_of_the_zone_through_the_end_of_summer_time() -> None:
    plan = Plan(Every.DAY, 1, 7, BERLIN)
    assert due(plan, "2026-10-24 00:00", 3) == [
        "2026-10-24 05:00",
        "2026-10-25 06:00",
        "2026-10-26 06:00",
    ]


def test_an_hour_that_the_clocks_skip_counts_as_the_one_after_it() -> None:
    plan = Plan(Every.DAY, 1, 2, BERLIN)
    assert due(plan, "2026-03-28 12:00", 2) == ["2026-03-29 01:00", "2026-03-30 00:00"]


def test_an_hour_that_comes_twice_counts_once() -> None:
    plan = Plan(Every.DAY, 1, 1, NEW_YORK)
    assert due(plan, "2026-11-01 00:00", 3) == [
        "2026-11-01 05:00",
        "2026-11-02 06:00",
        "2026-11-03 06:00",
    ]


def test_a_midnight_that_the_clocks_skip_is_not_lost() -> None:
    plan = Plan(Every.DAY, 1, 0, ZoneInfo("Africa/Cairo"))
    assert due(plan, "2026-04-23 12:00", 2) == ["2026-04-23 22:00", "2026-04-24 21:00"]


def test_each_week_on_its_day() -> None:
    plan = Plan(Every.WEEK, 1, 9, BERLIN)
    assert due(plan, "2026-11-22 12:00", 2) == ["2026-11-23 08:00", "2026-11-30 08:00"]


def test_what_is_due_right_now_is_due_again_only_next_time() -> None:
    plan = Plan(Every.WEEK, 1, 9, BERLIN)
    assert due(plan, "2026-11-23 08:00", 1) == ["2026-11-30 08:00"]


def test_a_month_that_is_shorter_has_it_on_its_last_day() -> None:
    plan = Plan(Every.MONTH, 31, 0, ZoneInfo("UTC"))
    assert due(plan, "2027-12-31 00:00", 4) == [
        "2028-01-31 00:00",
        "2028-02-29 00:00",
        "2028-03-31 00:00",
        "2028-04-30 00:00",
    ]


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        (Plan(Every.DAY, 1, 7, BERLIN), "each day at 07:00 (Europe/Berlin)"),
        (Plan(Every.WEEK, 7, 0, BERLIN), "each Sunday at 00:00 (Europe/Berlin)"),
        (Plan(Every.MONTH, 31, 23, BERLIN), "each month on day 31 at 23:00 (Europe/Berlin)"),
    ],
)
def test_a_plan_is_said_in_words(plan: Plan, said: str) -> None:
    assert plan.said() == said


ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia"]


@given(
    st.sampled_from(list(Every)),
    st.integers(1, 7),
    st.integers(0, 23),
    st.sampled_from(ZONES),
    st.datetimes(datetime(2015, 1, 1), datetime(2036, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_times_go_on_and_each_is_a_day_of_its_own(
    every: Every, on_day: int, hour: int, zone: str, moment: datetime
) -> None:
    plan = Plan(every, on_day, hour, ZoneInfo(zone))
    times = [moment]
    for _ in range(10):
        times.append(plan.next_after(times[-1]))
    assert all(one < two for one, two in pairwise(times))
    days = [time.astimezone(ZoneInfo(zone)).date() for time in times[1:]]
    assert len(set(days)) == len(days)
