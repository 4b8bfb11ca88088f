"""The inbox: opening a conversation, its list, and a search in it, as messages grow."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from random import Random

from sqlalchemy import text

from bench.browser import Answer, Browser, expect, signed_in
from bench.figures import Figure, Target
from bench.places import Place
from bench.scenarios.pages import growth
from bench.timing import Work, interleaved

TARGETS = {
    "inbox-open": Target("Opening a conversation, most messages against fewest", 1.5),
    "inbox-list": Target("The list of conversations, most against fewest", 1.5),
    "inbox-unread": Target("Its unread ones, most against fewest", 1.5),
    "inbox-search": Target("A search in the inbox, most against fewest", None),
}
CHOSEN = 40
TURNS = 60
LATIN = re.compile(r"[a-z]{5,} [a-z]{5,}")
# Conversations with something on both sides, so that the same is shown on every size.
TALKS = """
SELECT c.id FROM conversations AS c
WHERE (SELECT count(*) FROM inbound_messages AS i WHERE i.conversation_id = c.id) BETWEEN 2 AND 4
  AND (SELECT count(*) FROM messages AS m
       WHERE m.key = c.key AND m.channel = c.channel) BETWEEN 1 AND 6
ORDER BY c.id DESC LIMIT 2000
"""
NAMES = """
SELECT p.name_folded FROM conversations AS c JOIN contacts AS p ON p.id = c.contact_id
ORDER BY c.id LIMIT 2000
"""


def run(places: Sequence[Place]) -> list[Figure]:
    """Measure each on all sizes at once; the figure is the largest against the smallest."""
    found = []
    for name, addresses in KINDS.items():
        todo: dict[tuple[int, str], Work] = {}
        for place in places:
            todo[place.contacts, "heed"] = _showing(signed_in(place.app), list(addresses(place)))
        found += growth(name, places, interleaved(todo, TURNS))
    return found


def _showing(heed: Browser, addresses: Sequence[str]) -> Work:
    """Give the work of fetching one address after the other, as htmx does."""

    def prepare(turn: int) -> Callable[[], Answer]:
        return heed.ready(addresses[turn % len(addresses)], htmx=True)

    def check(_turn: int, answer: Answer) -> None:
        expect(answer)
        assert b'class="talk' in answer.body, "no conversation is shown"

    return Work(prepare, check)


def _talks(place: Place) -> Iterator[str]:
    for number in _chosen(place, TALKS):
        yield f"/inbox/{number}"


def _list(place: Place) -> Iterator[str]:
    del place
    yield "/inbox"


def _unread(place: Place) -> Iterator[str]:
    del place
    yield "/inbox?tab=unread"


def _search(place: Place) -> Iterator[str]:
    for name in _chosen(place, NAMES):
        if LATIN.fullmatch(str(name)):
            yield f"/inbox?q={str(name).split()[1][:5]}"


KINDS: dict[str, Callable[[Place], Iterator[str]]] = {
    "inbox-open": _talks,
    "inbox-list": _list,
    "inbox-unread": _unread,
    "inbox-search": _search,
}


def _chosen(place: Place, query: str) -> list[object]:
    with place.engine.connect() as connection:
        rows = [row[0] for row in connection.execute(text(query))]
    assert rows, "the demo has no conversations"
    return Random(place.contacts).sample(rows, min(CHOSEN, len(rows)))
