"""The one place that asks the machine for the time."""

from __future__ import annotations

import time
from datetime import UTC, datetime


def now() -> datetime:
    """Give the current time of this machine as an aware UTC datetime."""
    return datetime.now(UTC)


def elapsed() -> float:
    """Give seconds that only ever grow, and go on while the machine sleeps or we are stopped.

    Linux's monotonic clock stands still in a suspended machine, the database's does not: with
    CLOCK_BOOTTIME a claim that slept through its `begin_by` knows it.
    """
    clock = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return time.clock_gettime(clock)
