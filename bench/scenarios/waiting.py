"""An opt-out with a thousand messages waiting for the address, among as many as there are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import delete, insert, text

from bench.browser import signed_in
from bench.figures import Figure, Target, compared
from bench.floors.consent import Asked, changed
from bench.floors.hand import Hand
from bench.people import Person, people
from bench.places import Place
from bench.scenarios.pages import growth
from bench.scenarios.toggles import MARKETER, click, on_each
from bench.timing import Work, interleaved
from webapp.contacts.rules import Channel, Source, State
from webapp.core import clock
from webapp.outbox.models import Message
from webapp.outbox.rules import Category, Origin, Reason, Status

TARGETS = {
    "waiting": Target("Opt-out with 1,000 messages waiting", 3.0),
    "waiting-growth": Target("The same, among most messages against fewest", 1.5),
}
TURNS, WARM = 20, 2
WAITING = 1000
LATER = timedelta(days=40)
BODY = "One of a thousand"
EPOCH = text("SELECT epoch FROM consent_states WHERE channel = 'whatsapp' AND key = :key")


def run(places: Sequence[Place]) -> list[Figure]:
    """Measure on all sizes at once; every turn is another contact's, with messages of their own."""
    todo: dict[tuple[int, str], Work] = {}
    for place in places:
        who = people(place, State.OPTED_IN, 2 * (TURNS + WARM))
        todo[place.contacts, "heed"] = _by_page(place, who)
        todo[place.contacts, "floor"] = _by_hand(place, Hand(place), who)
    times = interleaved(todo, TURNS, WARM)
    found = [
        compared(
            "waiting",
            place.database,
            place.contacts,
            times[place.contacts, "heed"],
            times[place.contacts, "floor"],
        )
        for place in places
    ]
    return found + growth("waiting-growth", places, times)


def _by_page(place: Place, who: Iterator[Person]) -> Work:
    browser = signed_in(place.app)
    return _waiting(place, who, partial(click, browser))


def _by_hand(place: Place, hand: Hand, who: Iterator[Person]) -> Work:
    def begin(person: Person) -> Callable[[], int]:
        asked = Asked(person.phone, person.key, State.OPTED_OUT, Source.MANUAL, MARKETER)
        return partial(changed, hand, asked)

    return _waiting(place, who, begin)


def _waiting(
    place: Place, who: Iterator[Person], begin: Callable[[Person], Callable[[], Any]]
) -> Work:
    """Give the work of an opt-out a turn; what waited for it is made, counted and taken away."""
    now: list[Person] = []

    def with_messages(person: Person) -> Callable[[], Any]:
        now[:] = [person]
        _queue(place, person)
        return begin(person)

    work = on_each(place, who, State.OPTED_OUT, with_messages)

    def check(turn: int, result: Any) -> None:
        work.check(turn, result)
        with place.engine.begin() as connection:
            ended = connection.execute(
                delete(Message).where(
                    Message.contact_id == now[0].id,
                    Message.body == BODY,
                    Message.status == Status.CANCELLED,
                    Message.reason == Reason.OPTED_OUT,
                )
            ).rowcount
        assert ended == WAITING, f"{ended} messages were cancelled, not {WAITING}"

    return Work(work.prepare, check)


def _queue(place: Place, person: Person) -> None:
    """Let a thousand messages wait for a person, as a long plan of somebody's does."""
    later = clock.now() + LATER
    row = {
        "contact_id": person.id,
        "channel": Channel.WHATSAPP,
        "key": person.key,
        "address": person.phone,
        "origin": Origin.SCHEDULED,
        "category": Category.MARKETING,
        "body": BODY,
        "send_at": later,
        "not_before": later,
        "actor_kind": MARKETER.kind,
    }
    with place.engine.begin() as connection:
        epoch = connection.execute(EPOCH, {"key": person.key}).scalar_one()
        connection.execute(insert(Message), [row | {"epoch": epoch}] * WAITING)
