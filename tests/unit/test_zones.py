"""Moments in the reader's zone: read from a form, and said as briefly as their distance allows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from webapp.core.zones import exact, local_moment, spoken, zone_named

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)  # 10:30 in Berlin


@pytest.mark.parametrize(
    ("distance", "said"),
    [
        (timedelta(seconds=-20), "just now"),
        (timedelta(seconds=20), "in a moment"),
        (timedelta(minutes=-5), "5 min ago"),
        (timedelta(minutes=5, seconds=30), "in 5 min"),
        (timedelta(hours=-3), "Today 07:30"),
        (timedelta(hours=-11), "Yesterday 23:30"),
        (timedelta(hours=14), "Tomorrow 00:30"),
        (timedelta(days=-40), "13 Oct"),
        (timedelta(days=20), "12 Dec, 10:30"),
        (timedelta(days=-400), "18 Oct 2025"),
        (timedelta(days=100), "2 Mar 2027, 10:30"),
    ],
)
def test_a_moment_is_said_as_its_distance_allows(distance: timedelta, said: str) -> None:
    assert spoken(NOW + distance, NOW, BERLIN) == said


def test_the_exact_time_names_its_zone() -> None:
    assert exact(NOW, BERLIN) == "22 November 2026, 10:30:00 (Europe/Berlin)"


def test_a_local_time_is_read_in_the_readers_zone() -> None:
    assert local_moment("2026-07-01T09:00", BERLIN) == datetime(2026, 7, 1, 7, tzinfo=UTC)
    assert local_moment(" ", BERLIN) is None


def test_an_hour_that_the_clocks_skip_counts_as_the_one_after() -> None:
    assert local_moment("2026-03-29T02:30", BERLIN) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_an_hour_that_comes_twice_counts_as_its_first() -> None:
    assert local_moment("2026-10-25T02:30", BERLIN) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_what_is_not_a_time_is_refused() -> None:
    with pytest.raises(ValueError, match="Invalid isoformat"):
        local_moment("soon", BERLIN)


@pytest.mark.parametrize(
    "name", [None, "", "Nowhere/Land", "../etc/passwd", "/etc", "a\0b", "x" * 999]
)
def test_a_zone_that_is_none_is_none(name: str | None) -> None:
    assert zone_named(name) is None
