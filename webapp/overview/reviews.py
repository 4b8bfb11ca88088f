"""The replies that wait for a person's decision, the oldest first."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.consent.review_lines import Line
from webapp.consent.review_list import COUNT_AT_MOST, Tab, count_open, review_page

SHOWN = 6


@dataclass(frozen=True)
class Reviews:
    """The oldest open reviews, and how many there are; `most` + 1 stands for more."""

    lines: list[Line]
    count: int
    most: int = COUNT_AT_MOST


def read_reviews() -> Reviews:
    """Read what waits for review."""
    return Reviews(review_page(Tab.OPEN, limit=SHOWN).items, count_open())
