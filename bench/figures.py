"""A figure: what Heed took, what its floor took, and whether the target is met. Pure."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

from bench.timing import Times


@dataclass(frozen=True)
class Target:
    """What a measure is called and must stay within: a ratio, at most or at least `limit`.

    Where `limit` is None the figure only informs. `largest_only`: it holds for the largest
    size alone.
    """

    title: str
    limit: float | None
    at_least: bool = False
    largest_only: bool = False

    def among(self, contacts: int, most: int) -> Target:
        """Give the target for a size; `most` is the largest that is measured."""
        informs = self.largest_only and contacts < most
        return replace(self, limit=None) if informs else self

    def met(self, ratio: float) -> bool | None:
        """Tell whether a ratio is within; None where there is nothing to meet."""
        if self.limit is None:
            return None
        return ratio >= self.limit if self.at_least else ratio <= self.limit


@dataclass(frozen=True)
class Figure:
    """One measured ratio. `heed` and `floor` are in `unit`; `slow` are 95th percentiles."""

    name: str
    database: str
    contacts: int
    unit: str
    heed: float
    floor: float
    slow: tuple[float, float] | None = None
    turns: int = 0

    @property
    def ratio(self) -> float:
        """Heed over its floor."""
        return self.heed / self.floor


def compared(name: str, database: str, contacts: int, heed: Times, floor: Times) -> Figure:
    """Give the figure of two works' times: the ratio of their medians, in milliseconds."""
    return Figure(
        name,
        database,
        contacts,
        "ms",
        heed.middle,
        floor.middle,
        (heed.slow, floor.slow),
        len(heed.seconds),
    )


def as_json(figure: Figure, target: Target) -> dict[str, Any]:
    """Give what results.json keeps of a figure."""
    kept = asdict(figure) | {"heed": _short(figure.heed), "floor": _short(figure.floor)}
    kept["slow"] = [_short(value) for value in figure.slow] if figure.slow else None
    return {
        **kept,
        "ratio": _short(figure.ratio),
        "limit": target.limit,
        "at_least": target.at_least,
        "met": target.met(figure.ratio),
    }


def _short(value: float) -> float:
    return float(f"{value:.4g}")
