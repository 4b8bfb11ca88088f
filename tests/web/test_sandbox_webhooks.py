"""What the sandbox's people do comes back to Heed as signed webhooks."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.sending import cut_short
from tests.servers import wait_until
from tests.whatsapp_sandbox import OFFER, Receiver, build, delivering, received, served, settings
from webapp.core.config import Config
from webapp.delivery.providers.base import Answer, Outcome, Outgoing, TemplateCall
from webapp.delivery.providers.whatsapp import WhatsApp
from webapp.sandbox.store import register_templates
from webapp.webhooks.whatsapp_payload import Inbound, Preference, Status

ANN = "+16505551234"


class Rig:
    """A sandbox that delivers to a receiver, and Heed's own client to send with."""

    def __init__(self, app: Flask, config: Config, receiver: Receiver, address: str) -> None:
        self.client, self.config, self.receiver = app.test_client(), config, receiver
        self.api_url = f"http://{address}/v23.0"
        self.post("behaviour", status_delay_ms=0)

    def post(self, name: str, /, **body: Any) -> Any:
        response = self.client.post(f"/sandbox/{name}", json=body)
        assert response.status_code < 400, response.text
        return response.json

    def send(self, text: str | None = None, *, timeout: float = 10.0) -> Answer:
        """Send a text, or else the offer, to Ann."""
        call = None if text else TemplateCall("offer", "en_US", ("Ann", "20 %"))
        number, token = self.config.whatsapp_phone_number_id, self.config.whatsapp_token

        async def main() -> Answer | None:
            client = WhatsApp(self.api_url, number, token, timeout=timeout)
            message = Outgoing(1, "heed-1", ANN, text, call)
            try:
                return await client.send(message, begin=lambda: True)
            finally:
                await client.close()

        answer = asyncio.run(main())
        assert answer is not None
        return answer

    def get(self, name: str) -> Any:
        return self.client.get(f"/sandbox/{name}").json

    def arrived(self) -> list[str]:
        return [one["text"] for one in self.get(f"messages?to={ANN}")["items"]]


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    secret = settings(tmp_path).whatsapp_app_secret
    with received(secret) as (receiver, bind):
        app, config = build(tmp_path, bind=bind)
        register_templates(config, [OFFER])
        with delivering(app), served(app) as address:
            yield Rig(app, config, receiver, address)


def test_a_message_is_reported_sent_delivered_and_read(rig: Rig) -> None:
    answer = rig.send()
    assert answer.outcome is Outcome.ACCEPTED
    rig.receiver.wait(2)
    rig.post("read", phone=ANN)
    items = rig.receiver.wait(3)
    assert all(isinstance(item, Status) for item in items)
    assert [(item.status, item.correlation, item.recipient) for item in items] == [  # type: ignore[union-attr]
        ("sent", "heed-1", ANN),
        ("delivered", "heed-1", ANN),
        ("read", "heed-1", ANN),
    ]
    assert {item.message_id for item in items} == {answer.provider_message_id}  # type: ignore[union-attr]


def test_what_a_person_writes_comes_back(rig: Rig) -> None:
    wamid = rig.post("reply", **{"from": ANN, "name": "Ann", "text": "STOP, s'il vous plaît 🙏"})[
        "id"
    ]
    (item,) = rig.receiver.wait(1)
    assert isinstance(item, Inbound)
    assert (item.address, item.text, item.profile_name) == (ANN, "STOP, s'il vous plaît 🙏", "Ann")
    assert item.message_id == wamid
    assert item.user_id is not None
    assert rb"pla\u00eet" in rig.receiver.bodies[0]


def test_a_tap_on_a_template_comes_back_with_its_payload_and_context(rig: Rig) -> None:
    sent = rig.send()
    rig.post("reply", **{"from": ANN, "button": "Stop promotions"})
    item = rig.receiver.wait(3)[-1]
    assert isinstance(item, Inbound)
    assert (item.kind, item.text, item.payload) == ("button", "Stop promotions", "Stop promotions")
    assert item.context_id == sent.provider_message_id


def test_whatsapps_own_switch_comes_back_once_for_each_change(rig: Rig) -> None:
    for value in ("stop", "stop", "resume"):
        rig.post("preference", **{"from": ANN, "value": value})
    rig.post("reply", **{"from": ANN, "text": "end"})
    items = rig.receiver.wait(3)
    assert [item.value for item in items if isinstance(item, Preference)] == ["stop", "resume"]


def test_who_hides_the_number_comes_back_as_a_user_id(rig: Rig) -> None:
    rig.post("reply", **{"from": ANN, "text": "hi"})
    rig.client.post("/phone/16505551234/privacy", data={"hidden": "1"})
    rig.post("reply", **{"from": ANN, "text": "STOP"})
    first, second = rig.receiver.wait(2)
    assert isinstance(first, Inbound)
    assert isinstance(second, Inbound)
    assert (second.address, second.user_id) == (None, first.user_id)


def test_a_webhook_is_tried_again_until_it_is_answered_with_200(rig: Rig) -> None:
    rig.receiver.answers = [503, 302]
    rig.post("reply", **{"from": ANN, "text": "one"})
    rig.post("reply", **{"from": ANN, "text": "two"})
    assert [item.text for item in rig.receiver.wait(2) if isinstance(item, Inbound)] == [
        "one",
        "two",
    ]
    assert rig.receiver.bodies[0] == rig.receiver.bodies[1] == rig.receiver.bodies[2]
    wait_until(lambda: rig.get("webhooks")["waiting"] == 0, "an empty queue")


def test_what_waited_is_delivered_after_a_restart(tmp_path: Path) -> None:
    with received(settings(tmp_path).whatsapp_app_secret) as (receiver, bind):
        app, _ = build(tmp_path, bind=bind)
        app.test_client().post("/sandbox/reply", json={"from": ANN, "text": "STOP"})
        again, _ = build(tmp_path, bind=bind)
        with delivering(again):
            assert len(receiver.wait(1)) == 1


def test_any_form_can_be_delivered_by_hand(rig: Rig) -> None:
    body = b'{"object": "whatsapp_business_account",  "entry": [{"changes": [{"field": "new"}]}]}'
    rig.client.post("/sandbox/webhook", data=body)
    rig.receiver.wait(1)
    assert rig.receiver.bodies == [body]


def test_the_handshake_is_made_on_request(rig: Rig) -> None:
    assert rig.post("verify") == {"verified": True}


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        ({"error_code": 131056}, Outcome.THROTTLED),
        ({"error_code": 131050}, Outcome.OPTED_OUT),
        ({"error_code": 190}, Outcome.ACCOUNT),
        ({"error_code": 131000}, Outcome.NOT_TAKEN),
        ({"http_status": 502}, Outcome.UNKNOWN),
        ({"drop": True}, Outcome.UNKNOWN),
    ],
)
def test_a_fault_on_request_leaves_nothing_on_the_phone(
    rig: Rig, fault: dict[str, Any], outcome: Outcome
) -> None:
    rig.post("behaviour", **fault, times=1)
    assert rig.send().outcome is outcome
    assert rig.arrived() == []
    assert rig.send().outcome is Outcome.ACCEPTED


@pytest.mark.parametrize("fault", [{"http_status": 504}, {"drop": True}])
def test_a_message_can_be_taken_though_its_answer_is_lost(rig: Rig, fault: dict[str, Any]) -> None:
    rig.post("behaviour", **fault, taken=True, times=1, status_delay_ms=0)
    assert rig.send().outcome is Outcome.UNKNOWN
    assert rig.arrived() == ["Hi Ann, 20 % off."]
    assert [item.correlation for item in rig.receiver.wait(2)] == ["heed-1"] * 2  # type: ignore[union-attr]


def test_an_error_can_come_as_a_status(rig: Rig) -> None:
    rig.post("behaviour", error_code=131026, as_status=True, times=1, status_delay_ms=0)
    assert rig.send().outcome is Outcome.ACCEPTED
    (item,) = rig.receiver.wait(1)
    assert isinstance(item, Status)
    assert item.errors == (("131026", "Message Undeliverable."),)


def test_an_answer_can_be_slow(rig: Rig) -> None:
    rig.post("behaviour", latency_ms=3000)
    answer = cut_short(lambda seconds: rig.send(timeout=seconds))
    assert answer.outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    "wrong", [{"latency": 5}, {"latency_ms": "5"}, {"latency_ms": -1}, {"drop": 1}, {"times": True}]
)
def test_a_fault_that_is_none_is_refused(rig: Rig, wrong: dict[str, Any]) -> None:
    assert rig.client.post("/sandbox/behaviour", json=wrong).status_code == 400
