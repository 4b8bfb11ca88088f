"""Telling a terminal how far a load is."""

from __future__ import annotations

import time
from typing import TextIO

# Seconds between two lines where each stays, as in a log.
LOGGED_EVERY = 15.0


class Progress:
    """One line that says how many people there are, how fast rows come, and how long it takes.

    On a terminal it is written over itself with every step; elsewhere a new one comes now and
    then, and none at all where it is soon over.
    """

    def __init__(self, people: int, out: TextIO) -> None:
        self._people, self._out = people, out
        self._live = out.isatty()
        self._began = self._said = time.monotonic()
        self._rows = 0

    def told(self, people: int, rows: int) -> None:
        """Take in that so many people and rows have been written."""
        self._rows = rows
        now = time.monotonic()
        took = max(now - self._began, 0.001)
        if not self._live and now - self._said < LOGGED_EVERY:
            return
        self._said = now
        left = took * (self._people - people) / people
        rest = f"{spell(left)} left" if people < self._people else "finishing"
        self._say(
            f"{people:,} of {self._people:,} people, {rows / took:,.0f} rows a second, {rest}"
        )

    def done(self) -> None:
        """Say what it came to, once it is committed."""
        took = time.monotonic() - self._began
        self._say(f"{self._people:,} contacts with {self._rows:,} rows in {spell(took)}")
        if self._live:
            self._out.write("\n")

    def _say(self, line: str) -> None:
        # Back to the first column, and away with what stood there (ECMA-48, EL).
        self._out.write(f"\r{line}\x1b[K" if self._live else f"{line}\n")
        self._out.flush()


def spell(seconds: float) -> str:
    """Say a time as people do: 45 s, 3 min 20 s."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
