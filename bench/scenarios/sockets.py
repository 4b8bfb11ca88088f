"""The same page over a socket: Heed and the bare view behind the server that Heed runs on."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bench.browser import Answer, expect, signed_in
from bench.figures import Figure, Target, compared
from bench.places import Place
from bench.scenarios.lists import PAGE, Asked, crawl
from bench.served import FLOOR, HEED, Served, served
from bench.timing import Work, interleaved

TARGETS = {"socket": Target("Page of 50 over a socket", None)}
PAGES, TURNS = 40, 60


def run(places: Sequence[Place]) -> list[Figure]:
    """Measure on the largest list; it confirms what is measured without sockets."""
    place = places[-1]
    browser = signed_in(place.app)
    found = crawl(browser, PAGES)
    with served(place, HEED) as heed, served(place, FLOOR) as floor:
        ours = _fetching(heed, found, "heed", browser.cookie)
        theirs = _fetching(floor, found, "floor")
        times = interleaved({"heed": ours, "floor": theirs}, TURNS)
    return [compared("socket", place.database, place.contacts, times["heed"], times["floor"])]


def _fetching(server: Served, asked: Sequence[Asked], which: str, cookie: str = "") -> Work:
    def prepare(turn: int) -> Callable[[], Answer]:
        return server.ready(getattr(asked[turn % len(asked)], which), cookie)

    def check(_turn: int, answer: Answer) -> None:
        expect(answer)
        assert answer.body.count(b'id="contact-') >= PAGE, "rows are missing"

    return Work(prepare, check)
