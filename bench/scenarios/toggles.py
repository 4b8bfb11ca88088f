"""The toggle of the list: opting out with one click, opting in with the record of consent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from bench.browser import Answer, Browser, signed_in
from bench.figures import Figure, Target, compared
from bench.floors.consent import Asked, changed
from bench.floors.hand import Hand, RawHand
from bench.people import Person, expect_state, people
from bench.places import Place
from bench.timing import Times, Work, interleaved
from webapp.accounts.rules import Actor, ActorKind
from webapp.contacts.rules import Source, State

TARGETS = {
    "opt-out": Target("Toggle to Opted Out, nothing waiting", 4.0),
    "opt-out-raw": Target("The same against the driver alone, without Core", None),
    "opt-in": Target("Toggle to Opted In, with its record", 4.0),
}
TURNS, WARM = 60, 5
RECORD = {
    "how": "In person",
    "where": "The shop in Harbour Street",
    "wording": "Yes, send me offers on WhatsApp.",
}
MARKETER = Actor(ActorKind.USER, 2)


def run(places: Sequence[Place]) -> list[Figure]:
    """Measure both directions on all sizes at once; every turn is another contact's."""
    out = _measured(places, State.OPTED_IN, State.OPTED_OUT)
    back = _measured(places, State.OPTED_OUT, State.OPTED_IN)
    found = []
    for name, times, floor in (
        ("opt-out", out, "floor"),
        ("opt-out-raw", out, "raw"),
        ("opt-in", back, "floor"),
    ):
        for place in places:
            n = place.contacts
            found.append(compared(name, place.database, n, times[n, "heed"], times[n, floor]))
    return found


def _measured(places: Sequence[Place], before: State, after: State) -> dict[tuple[int, str], Times]:
    todo: dict[tuple[int, str], Work] = {}
    hands = {place.contacts: (Hand(place), RawHand(place)) for place in places}
    for place in places:
        who = people(place, before, 3 * (TURNS + WARM))
        core, raw = hands[place.contacts]
        todo[place.contacts, "heed"] = _by_page(place, who, after)
        todo[place.contacts, "floor"] = _by_hand(place, core, who, after)
        todo[place.contacts, "raw"] = _by_hand(place, raw, who, after)
    times = interleaved(todo, TURNS, WARM)
    for _, raw in hands.values():
        raw.close()
    return times


def _by_page(place: Place, who: Iterator[Person], after: State) -> Work:
    browser = signed_in(place.app)

    def begin(person: Person) -> Callable[[], Answer]:
        return click(browser, person) if after is State.OPTED_OUT else consent(browser, person)

    return on_each(place, who, after, begin)


def _by_hand(place: Place, hand: Hand, who: Iterator[Person], after: State) -> Work:
    evidence = {**RECORD, "when": "2026-11-01T10:00:00+00:00"} if after is State.OPTED_IN else {}

    def begin(person: Person) -> Callable[[], int]:
        asked = Asked(person.phone, person.key, after, Source.MANUAL, MARKETER, evidence=evidence)
        return partial(changed, hand, asked)

    return on_each(place, who, after, begin)


def on_each(
    place: Place,
    who: Iterator[Person],
    after: State,
    begin: Callable[[Person], Callable[[], Any]],
) -> Work:
    """Give the work of a change to the next person each turn, held to the state that it leaves."""
    now: list[Person] = []

    def prepare(_turn: int) -> Callable[[], Any]:
        now[:] = [next(who)]
        return begin(now[0])

    def check(_turn: int, result: Any) -> None:
        if isinstance(result, Answer):
            assert result.status in (200, 204), f"{result.status}: {result.text[-2000:]}"
        expect_state(place, now[0], after)

    return Work(prepare, check)


def click(browser: Browser, person: Person) -> Callable[[], Answer]:
    """Give what sends the toggle of the list, as htmx sends it."""
    form = {"state": "opted_out", "next": "/audience?channel=whatsapp"}
    return browser.ready(f"/audience/whatsapp/{person.id}/opt-out", htmx=True, form=form)


def consent(browser: Browser, person: Person) -> Callable[[], Answer]:
    """Give what sends the form with the record of consent."""
    form = {**RECORD, "when": "", "next": "/audience?channel=whatsapp"}
    return browser.ready(f"/contacts/{person.id}/consents/whatsapp/opt-in", htmx=True, form=form)
