"""Searches: a part of a name, parts of both names, a part of a number; on the list of all too."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from random import Random

from sqlalchemy import text

from bench.browser import nobody, signed_in
from bench.figures import Figure, Target, compared
from bench.floors.bare import bare_app
from bench.floors.reads import grams
from bench.places import Place
from bench.scenarios.lists import Address, Asked, audience, bare, contacts, works
from bench.scenarios.pages import growth
from bench.timing import Work, interleaved

TARGETS = {
    "search-name": Target("Search by a part of a name", 5.0, largest_only=True),
    "search-names": Target("Search by parts of both names", 5.0, largest_only=True),
    "search-number": Target("Search by a part of a number", 5.0, largest_only=True),
    "contacts-name": Target("Contacts by a part of a name", 5.0, largest_only=True),
    "contacts-number": Target("Contacts by a part of a number", 5.0, largest_only=True),
    "contacts-consent": Target("Contacts by consent on two channels", 5.0, largest_only=True),
    "search-growth": Target("Search by a part of a name, most contacts against fewest", 1.5),
}
CHOSEN = 20
TURNS = 60
LATIN = re.compile(r"[a-z]{5,} [a-z]{5,}")


def run(places: Sequence[Place]) -> list[Figure]:
    """Measure each kind of search on all sizes at once, the newest who are found first."""
    found = []
    for name, terms in KINDS.items():
        todo: dict[tuple[int, str], Work] = {}
        for place in places:
            heed, floor = signed_in(place.app), nobody(bare_app(place.engine))
            both = works(heed, floor, list(terms(place)))
            todo[place.contacts, "heed"], todo[place.contacts, "floor"] = both
        times = interleaved(todo, TURNS)
        for place in places:
            n = place.contacts
            found.append(compared(name, place.database, n, times[n, "heed"], times[n, "floor"]))
        if name == "search-name":
            found += growth("search-growth", places, times)
    return found


def _one_name(place: Place, at: Address = audience) -> Iterator[Asked]:
    for name, _ in _people(place):
        yield _asked(place, at, "/search/1", name.split()[1][:5])


def _both_names(place: Place) -> Iterator[Asked]:
    for name, _ in _people(place):
        yield _asked(place, audience, "/search/2", *(word[-4:] for word in name.split()))


def _number(place: Place, at: Address = audience) -> Iterator[Asked]:
    for _, phone in _people(place):
        # Zeros before a national number are no part of it.
        if not phone[-7:].startswith("0"):
            yield _asked(place, at, "/number", phone[-7:-1])


def _consent(_place: Place) -> Iterator[Asked]:
    yield Asked(
        contacts(**{"consent.email": "opted_out", "consent.whatsapp": "opted_in"}), bare("/consent")
    )


def _asked(place: Place, at: Address, path: str, *words: str) -> Asked:
    named = {f"word{n}": word for n, word in enumerate(words)}
    return Asked(at(q=" ".join(words)), bare(path, grams=grams(place.database, *words), **named))


KINDS: dict[str, Callable[[Place], Iterator[Asked]]] = {
    "search-name": _one_name,
    "search-names": _both_names,
    "search-number": _number,
    "contacts-name": partial(_one_name, at=contacts),
    "contacts-number": partial(_number, at=contacts),
    "contacts-consent": _consent,
}


def _people(place: Place) -> list[tuple[str, str]]:
    """Give folded names and numbers of people all over the list whose names a part is taken of."""
    ids = Random(place.contacts).sample(range(1, place.contacts + 1), CHOSEN * 20)
    some = ", ".join(map(str, ids))
    query = f"SELECT name_folded, phone FROM contacts WHERE id IN ({some}) AND phone IS NOT NULL"
    with place.engine.connect() as connection:
        people = [(name, phone) for name, phone in connection.execute(text(query))]
    return [(name, phone) for name, phone in people if LATIN.fullmatch(name)][:CHOSEN]
