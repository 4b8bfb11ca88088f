"""The address that drills use is nobody's: nobody can have it, nothing for it leaves, and no page,
list, export, figure or call shows it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from tests.api_client import ApiClient
from tests.drills.conftest import Came
from tests.people import add_message, record, status_of
from tests.sending import begin_all
from tests.visitor import visitor
from tests.whatsapp_wire import Wire
from webapp.accounts.rules import CUSTOMER, Role
from webapp.consent.exclusions import ExclusionFilter, count_exclusions
from webapp.contacts.addresses import key_of
from webapp.contacts.rules import Channel, Source, State, parse_address, provider_address
from webapp.contacts.sinks import PREFIX, is_sink, sink, sink_keys
from webapp.core import clock
from webapp.core.errors import Invalid
from webapp.core.zones import reader_zone
from webapp.outbox.rules import Status
from webapp.overview.opt_outs import count_opt_outs
from webapp.overview.service import nobody_yet
from webapp.overview.states import count_states
from webapp.webhooks.whatsapp_values import phone

pytestmark = pytest.mark.usefixtures("context")

PAGES = (
    "/?whole=1",
    "/audience",
    "/audience/exclusions?channel=whatsapp",
    "/audience/exclusions.csv?channel=whatsapp",
    "/dispatcher",
    "/dispatcher?tab=history",
    "/review",
)
CALLS = ("/contacts", "/opt-outs", "/messages", "/consent-events", "/reviews")


def shown(app: Flask) -> list[str]:
    """Give each page and call whose answer names a drill's address."""
    admin, api = visitor(app, Role.ADMIN), ApiClient(app)
    digits = PREFIX.removeprefix("+")
    pages = [path for path in PAGES if digits in admin.text(path)]
    answers = {path: api.get(path) for path in CALLS}
    assert {path: answer.status_code for path, answer in answers.items()} == dict.fromkeys(
        CALLS, 200
    )
    return pages + [path for path in CALLS if digits in json.dumps(answers[path].json)]


def figures() -> tuple[object, ...]:
    today, zone = clock.now().date(), reader_zone()
    on_list = count_exclusions(ExclusionFilter(Channel.WHATSAPP))
    states, opt_outs = count_states().value, count_opt_outs(today, zone).value
    return on_list, states["excluded"], opt_outs["lines"], nobody_yet()


NOTHING: tuple[object, ...] = (0, {}, [], True)


def test_after_a_drill_nothing_shows_it(app: Flask, drill: Callable[..., Came]) -> None:
    assert drill()[0]
    assert shown(app) == []
    assert figures() == NOTHING


def test_nor_does_anything_while_it_is_opted_out(app: Flask) -> None:
    today = sink(clock.now().date())
    for address in (today, sink(clock.now().date() - timedelta(days=1))):
        record(address=address, source=Source.KEYWORD, actor=CUSTOMER)
    add_message(address=today)
    add_message(address=today, status=Status.CANCELLED)
    assert shown(app) == []
    assert figures() == NOTHING


@pytest.mark.parametrize("written", [PREFIX + "261122", PREFIX[1:] + "261122", "+999 37455261122"])
@pytest.mark.parametrize("channel", [Channel.WHATSAPP, Channel.SMS, Channel.VOICE])
def test_no_form_file_or_call_takes_it(channel: Channel, written: str) -> None:
    with pytest.raises(Invalid):
        parse_address(channel, written)


def test_the_api_refuses_it(app: Flask) -> None:
    address = sink(clock.now().date()).value
    api = ApiClient(app)
    assert api.post("/contacts", {"name": "Nobody", "phone": address}).status_code == 422
    assert api.put_consent(address, State.OPTED_OUT).status_code == 422
    text = {"channel": "whatsapp", "address": address, "text": "Hello"}
    assert api.post("/messages", text).status_code == 422


def test_the_webhook_takes_it_as_whatsapp_spells_it() -> None:
    address = sink(clock.now().date())
    assert phone(address.value[1:]) == address.value
    assert provider_address(address.value) == address
    assert key_of(address) in sink_keys()


def test_a_message_to_it_never_reaches_the_provider(wire: Wire) -> None:
    message = add_message(address=sink(clock.now().date()))
    assert begin_all([message.id]) == 1
    assert status_of(message.id) is Status.SENT
    assert wire.requests == []


@pytest.mark.parametrize("near", ["+16505551234", "+9993745526112", "+999374552611221", "US.1"])
def test_only_a_drills_own_address_is_one(near: str) -> None:
    assert not is_sink(near)
