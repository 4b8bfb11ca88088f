"""How much happens with people: a lot with the newest ones, little with those before them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from webapp.contacts.rules import Channel
from webapp.demo import plots
from webapp.demo.plots import Plots
from webapp.demo.traits import TAGS

# So many of the newest contacts lead lively lives; a demo of this size has no others.
LIVELY_ONES = 2000


class Deck:
    """Plots to draw from, each as often as it happens in 1,000 people."""

    def __init__(self, some: Plots) -> None:
        self._acts = [acts.split() for _, acts in some]
        self._weights = list(accumulate(weight for weight, _ in some))

    def draw(self, rng: Random) -> list[str]:
        """Choose how it went with somebody: the acts, none where there is no record."""
        return rng.choices(self._acts, cum_weights=self._weights)[0]


@dataclass(frozen=True)
class Pace:
    """How often things happen in a life.

    `tags` is how large a part of the people carries each tag; `talkers` write on WhatsApp without
    being asked; `sendings` are numbers of messages to choose from, `cut_off` is how many of those
    who opt out had a message waiting, `planned` how many have one that waits now. Acts share the
    time since the person came evenly; `off` is how far each stays off the ends of its part.
    """

    decks: Mapping[Channel, Deck]
    tags: Mapping[str, float]
    talkers: float
    sendings: tuple[int, ...]
    cut_off: float
    planned: float
    off: float


LIVELY = Pace(
    decks={channel: Deck(some) for channel, some in plots.LIVELY.items()},
    tags=dict.fromkeys(TAGS, 0.11),
    talkers=0.17,
    sendings=(0, 0, 0, 1, 1, 2),
    cut_off=0.4,
    planned=0.028,
    off=0.1,
)
QUIET = Pace(
    decks={channel: Deck(some) for channel, some in plots.QUIET.items()},
    tags=TAGS,
    talkers=0.03,
    sendings=(0, 0, 0, 0, 0, 0, 0, 1),
    cut_off=0.1,
    planned=0.002,
    off=0.02,
)


def pace_at(from_the_end: int) -> Pace:
    """Give the pace of somebody's life at a place counted from the newest contact, which is 0."""
    return LIVELY if from_the_end < LIVELY_ONES else QUIET
