"""Verifying the whole ledger, against reading it and making the same number of hashes."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from time import perf_counter

from bench.figures import Figure, Target
from bench.floors.verify import hash_bare
from bench.places import Place
from webapp.ledger.verifying import Verified, verify

TARGETS = {
    "verify": Target("Verifying the ledger, every event", 0.5, at_least=True, largest_only=True)
}
TURNS = 3


def run(places: Sequence[Place]) -> list[Figure]:
    """Measure on the fewest and on the most contacts; the target is for a million events."""
    chosen = [places[0], *([places[-1]] if len(places) > 1 else [])]
    return [_figure(place) for place in chosen]


def _figure(place: Place) -> Figure:
    ours, theirs, events = [], [], 0
    for _ in range(TURNS):
        start = perf_counter()
        verified = verify(place.config.database_url)
        between = perf_counter()
        events = hash_bare(place)
        ours.append(between - start)
        theirs.append(perf_counter() - between)
        _expect(verified, events)
    return Figure(
        "verify",
        place.database,
        place.contacts,
        "events/s",
        events / median(ours),
        events / median(theirs),
        turns=TURNS,
    )


def _expect(verified: Verified, events: int) -> None:
    assert verified.whole, verified.findings.told[:5]
    assert verified.events == events, "events were left out"
