"""What the last drill came to, and how long the slowest opt-outs took to be enforced."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.conversations.models import SlowestStop
from webapp.conversations.slowest import slowest_stops
from webapp.core import clock
from webapp.drills.models import Drill
from webapp.drills.queries import last_drill

DAYS = 7


@dataclass(frozen=True)
class Proof:
    """The last drill, if there was one; the slowest opt-out of today (UTC) and of seven days."""

    drill: Drill | None
    today: SlowestStop | None
    week: SlowestStop | None

    @property
    def failed(self) -> tuple[str, str] | None:
        """The step of the last drill that failed first, and what it found; None where none did."""
        steps = self.drill.steps if self.drill else []
        return next((_said(step) for step in steps if step["passed"] is False), None)


def read_proof() -> Proof:
    """Read it: two rows by their keys."""
    stops = slowest_stops(DAYS)
    today = next((stop for stop in stops if stop.day == clock.now().date()), None)
    return Proof(last_drill(), today, max(stops, key=lambda stop: stop.milliseconds, default=None))


def _said(step: dict[str, str]) -> tuple[str, str]:
    return step["name"], step["found"]
