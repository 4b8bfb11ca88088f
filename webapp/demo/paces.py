"""How much happens with people: a lot with the newest ones, little with those before them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from webapp.contacts.rules import Channel
from webapp.demo import plots
from webapp.demo.draws import Draw
from webapp.demo.plots import Plots
from webapp.demo.traits import TAGS

# So many of the newest contacts lead lively lives; a demo of this size has no others.
LIVELY_ONES = 2000


@dataclass(frozen=True)
class Pace:
    """How often things happen in a life: by channel the acts of a plot, empty for no record.

    `tags` is how large a part of the people carries each tag; `talkers` write on WhatsApp without
    being asked; `sendings` are numbers of messages to choose from, `cut_off` is how many of those
    who opt out had a message waiting, `planned` how many have one that waits now. Acts share the
    time since the person came evenly; `off` is how far each stays off the ends of its part.
    """

    decks: Mapping[Channel, Draw[list[str]]]
    tags: Mapping[str, float]
    talkers: float
    sendings: tuple[int, ...]
    cut_off: float
    planned: float
    off: float


def _decks(by_channel: Mapping[Channel, Plots]) -> dict[Channel, Draw[list[str]]]:
    return {
        channel: Draw((weight, acts.split()) for weight, acts in some)
        for channel, some in by_channel.items()
    }


LIVELY = Pace(
    decks=_decks(plots.LIVELY),
    tags=dict.fromkeys(TAGS, 0.11),
    talkers=0.17,
    sendings=(0, 0, 0, 1, 1, 2),
    cut_off=0.4,
    planned=0.028,
    off=0.1,
)
QUIET = Pace(
    decks=_decks(plots.QUIET),
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
