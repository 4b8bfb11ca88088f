"""Verifying the whole ledger, against reading it and hashing the same bytes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import median
from time import perf_counter
from typing import TypeVar

from bench.figures import Figure, Target
from bench.floors.verify import hash_as_many, hash_bare
from bench.places import Place
from webapp.ledger.verifying import Verified, verify

TARGETS = {
    "verify": Target("Verifying the ledger, every event", 0.5, at_least=True, largest_only=True),
    "verify-raw": Target("The same against hashes over as many bytes of nothing", None),
}
TURNS = 3
Result = TypeVar("Result")


def run(places: Sequence[Place]) -> list[Figure]:
    """Measure on the fewest and on the most contacts; the target is for a million events."""
    chosen = [places[0], *([places[-1]] if len(places) > 1 else [])]
    return [figure for place in chosen for figure in _figures(place)]


def _figures(place: Place) -> list[Figure]:
    spent: dict[str, list[float]] = {"ours": [], "verify": [], "verify-raw": []}
    events = 0
    for _ in range(TURNS):
        verified = _timed(lambda: verify(place.config.database_url), spent["ours"])
        events = _timed(lambda: hash_bare(place), spent["verify"])
        _timed(lambda: hash_as_many(place), spent["verify-raw"])
        _expect(verified, events)
    ours = events / median(spent.pop("ours"))
    return [
        Figure(
            name,
            place.database,
            place.contacts,
            "events/s",
            ours,
            events / median(theirs),
            turns=TURNS,
        )
        for name, theirs in spent.items()
    ]


def _timed(work: Callable[[], Result], spent: list[float]) -> Result:
    start = perf_counter()
    result = work()
    spent.append(perf_counter() - start)
    return result


def _expect(verified: Verified, events: int) -> None:
    assert verified.whole, verified.findings.told[:5]
    assert verified.events == events, "events were left out"
