"""The list: a page anywhere in it, its thousandth page, and what more contacts cost."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from bench.browser import nobody, signed_in
from bench.figures import Figure, Target, compared
from bench.floors.bare import bare_app
from bench.places import Place
from bench.scenarios.lists import FIRST_PAGE, PAGE, crawl, showing, works
from bench.timing import Times, Work, interleaved

TARGETS = {
    "page": Target("Page of 50, no filter", 2.5),
    "fragment": Target("The same as htmx fetches it", None),
    "deep": Target("Page 1,000 against page 1", 1.2),
    "growth": Target("Page of 50, most contacts against fewest", 1.5),
}
DEEP = 1000
CHOSEN = 40
TURNS = 80


def run(places: Sequence[Place]) -> list[Figure]:
    """Measure on all sizes at once; on a short list the last page stands for the thousandth."""
    todo: dict[tuple[int, str], Work] = {}
    for place in places:
        heed, floor = signed_in(place.app), nobody(bare_app(place.engine))
        found = crawl(heed, DEEP)
        chosen = Random(place.contacts).sample(found, min(CHOSEN, len(found)))
        todo[place.contacts, "heed"], todo[place.contacts, "floor"] = works(heed, floor, chosen)
        todo[place.contacts, "fragment"], _ = works(heed, floor, chosen, htmx=True)
        for name, address in (("first", FIRST_PAGE), ("last", found[-1].heed)):
            todo[place.contacts, name] = showing(heed, [address], [PAGE])
    return _figures(places, interleaved(todo, TURNS))


def _figures(places: Sequence[Place], times: dict[tuple[int, str], Times]) -> list[Figure]:
    found = []
    for place in places:
        n, of = place.contacts, place.database
        found += [
            compared("page", of, n, times[n, "heed"], times[n, "floor"]),
            compared("fragment", of, n, times[n, "fragment"], times[n, "floor"]),
            compared("deep", of, n, times[n, "last"], times[n, "first"]),
        ]
    return found + growth("growth", places, times)


def growth(name: str, places: Sequence[Place], times: dict[tuple[int, str], Times]) -> list[Figure]:
    """Give the figure of the largest list against the smallest, where there are two."""
    least, most = places[0].contacts, places[-1].contacts
    if least == most:
        return []
    return [compared(name, places[0].database, most, times[most, "heed"], times[least, "heed"])]
