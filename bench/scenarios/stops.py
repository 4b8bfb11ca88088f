"""A customer's STOP: from the signed webhook to the committed opt-out."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Iterator, Sequence
from uuid import uuid4

from bench.browser import Answer, Browser, nobody
from bench.figures import Figure, Target
from bench.floors.hand import Hand
from bench.floors.stop import bare_webhook
from bench.people import Person, people
from bench.places import NUMBER_ID, SECRET, Place
from bench.scenarios.toggles import on_each
from bench.timing import Work, interleaved
from webapp.contacts.rules import State
from webapp.core import clock

TARGETS = {"stop": Target("STOP by webhook to committed opt-out", 0.4, at_least=True)}
TURNS, WARM = 100, 5


def run(places: Sequence[Place]) -> list[Figure]:
    """Measure one after the other on all sizes; the figure is stops a second."""
    todo: dict[tuple[int, str], Work] = {}
    for place in places:
        who = people(place, State.OPTED_IN, 2 * (TURNS + WARM))
        todo[place.contacts, "heed"] = _heard(place, nobody(place.app), who)
        todo[place.contacts, "floor"] = _heard(place, nobody(bare_webhook(place, Hand(place))), who)
    times = interleaved(todo, TURNS, WARM)
    return [
        Figure(
            "stop",
            place.database,
            place.contacts,
            "a second",
            times[place.contacts, "heed"].rate,
            times[place.contacts, "floor"].rate,
            turns=TURNS,
        )
        for place in places
    ]


def _heard(place: Place, browser: Browser, who: Iterator[Person]) -> Work:
    def begin(person: Person) -> Callable[[], Answer]:
        body = stop_from(person)
        signed = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        headers = {"X-Hub-Signature-256": f"sha256={signed}"}
        return browser.ready("/webhooks/whatsapp", body=body, headers=headers)

    return on_each(place, who, State.OPTED_OUT, begin)


def stop_from(person: Person) -> bytes:
    """Give the body of a notification: this person wrote STOP just now."""
    number = person.phone.removeprefix("+")
    message = {
        "from": number,
        "id": f"wamid.{uuid4().hex}",
        "timestamp": str(int(clock.now().timestamp())),
        "type": "text",
        "text": {"body": "STOP"},
    }
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550783881", "phone_number_id": NUMBER_ID},
        "contacts": [{"profile": {"name": "Ann"}, "wa_id": number}],
        "messages": [message],
    }
    change = {"field": "messages", "value": value}
    entry = {"id": "102290129340398", "changes": [change]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()
