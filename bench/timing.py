"""Measuring works turn by turn, so that what the machine does meanwhile hits all of them."""

from __future__ import annotations

import gc
import math
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Any, TypeVar

Name = TypeVar("Name", bound=Hashable)


@dataclass(frozen=True)
class Work:
    """Something to measure, a turn at a time.

    `prepare` takes the turn's number and gives what is timed; `check` takes the number and the
    result and raises where the work was not done. Neither is timed.
    """

    prepare: Callable[[int], Callable[[], Any]]
    check: Callable[[int, Any], None]


@dataclass(frozen=True)
class Times:
    """What the turns of one work took, in seconds."""

    seconds: tuple[float, ...]

    @property
    def middle(self) -> float:
        """The median, in milliseconds."""
        return median(self.seconds) * 1000

    @property
    def slow(self) -> float:
        """What 95 of 100 turns stay within (the nearest rank), in milliseconds."""
        ordered = sorted(self.seconds)
        return ordered[math.ceil(len(ordered) * 0.95) - 1] * 1000

    @property
    def rate(self) -> float:
        """How many turns of the median fit into a second, one after the other."""
        return 1000 / self.middle


def interleaved(works: Mapping[Name, Work], turns: int, warm: int = 5) -> dict[Name, Times]:
    """Run every work once a turn, in rotating order; the first `warm` turns do not count.

    So a machine that slows down for a while slows all of them, and none always comes first.
    """
    found: dict[Name, list[float]] = {name: [] for name in works}
    gc.collect()
    for turn in range(warm + turns):
        for name in _rotated(list(works), turn):
            seconds = _timed(works[name], turn)
            if turn >= warm:
                found[name].append(seconds)
    return {name: Times(tuple(seconds)) for name, seconds in found.items()}


def _rotated(names: Sequence[Name], turn: int) -> list[Name]:
    start = turn % len(names)
    return [*names[start:], *names[:start]]


def _timed(work: Work, turn: int) -> float:
    act = work.prepare(turn)
    start = perf_counter()
    result = act()
    seconds = perf_counter() - start
    work.check(turn, result)
    return seconds
