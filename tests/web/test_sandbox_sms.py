"""The sandbox takes SMS as Twilio does, and shows them on its phones."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.whatsapp_sandbox import build, served
from webapp.core.config import Config
from webapp.delivery.providers.base import Answer, Outcome, Outgoing
from webapp.delivery.providers.twilio import Twilio
from webapp.sandbox.sms_rules import choice

ANN = "+16505551234"


@pytest.fixture
def both(tmp_path: Path) -> tuple[Flask, Config]:
    return build(tmp_path)


@pytest.fixture
def sandbox(both: tuple[Flask, Config]) -> Flask:
    return both[0]


def post(sandbox: Flask, *, token: str = "", account: str = "", **form: str) -> TestResponse:
    parts = sandbox.extensions["sandbox"]
    fields = {"To": ANN, "From": parts.sms_from, "Body": "Ten percent off", **form}
    return sandbox.test_client().post(
        f"/2010-04-01/Accounts/{account or parts.account_sid}/Messages.json",
        data={name: value for name, value in fields.items() if value},
        auth=(parts.account_sid, token or parts.auth_token),
    )


def on_phone(sandbox: Flask) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = sandbox.test_client().get("/sandbox/messages").json["items"]  # type: ignore[index]
    return found


def say(sandbox: Flask, text: str) -> None:
    body = {"from": ANN, "text": text}
    assert sandbox.test_client().post("/sandbox/sms", json=body).status_code == 200


def test_an_sms_arrives_on_the_phone_and_is_marked_as_one(sandbox: Flask) -> None:
    answer = post(sandbox, Body="Größe <b>M</b>")
    assert answer.status_code == 201
    assert answer.json is not None
    assert answer.json["sid"].startswith("SM")
    assert (answer.json["status"], answer.json["to"]) == ("queued", ANN)
    [message] = on_phone(sandbox)
    assert (message["kind"], message["text"]) == ("sms", "Größe <b>M</b>")
    page = sandbox.test_client().get("/phone/16505551234").text
    assert "Größe &lt;b&gt;M&lt;/b&gt;" in page
    assert '<span class="by">SMS</span>' in page


def test_to_look_at_an_sms_tells_nobody(sandbox: Flask) -> None:
    post(sandbox)
    sandbox.test_client().get("/phone/16505551234")
    assert sandbox.test_client().get("/sandbox/webhooks").json["waiting"] == 0  # type: ignore[index]


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"To": ""}, 21604),
        ({"To": "650 555"}, 21211),
        ({"From": ""}, 21603),
        ({"From": "+15005550006"}, 21606),
        ({"From": "", "MessagingServiceSid": "MG" + "0" * 32}, 21701),
        ({"Body": ""}, 21602),
        ({"Body": "x" * 1601}, 21617),
    ],
)
def test_what_twilio_refuses_is_refused_with_its_code(
    sandbox: Flask, form: dict[str, str], code: int
) -> None:
    answer = post(sandbox, **form)
    assert answer.status_code == 400
    assert answer.json is not None
    assert answer.json["code"] == code
    assert on_phone(sandbox) == []


def test_the_account_and_its_token_are_asked_for(sandbox: Flask) -> None:
    wrong = post(sandbox, token="not-the-token")
    assert (wrong.status_code, wrong.json["code"]) == (401, 20003)  # type: ignore[index]
    other = post(sandbox, account="AC" + "f" * 32)
    assert (other.status_code, other.json["code"]) == (404, 20404)  # type: ignore[index]
    bare = sandbox.test_client().post("/2010-04-01/Accounts/AC/Messages.json")
    assert bare.status_code == 401
    assert on_phone(sandbox) == []


def test_who_texts_stop_gets_no_sms_until_they_text_start(sandbox: Flask) -> None:
    say(sandbox, " Stop ")
    refused = post(sandbox)
    assert (refused.status_code, refused.json["code"]) == (400, 21610)  # type: ignore[index]
    assert "You stopped SMS" in sandbox.test_client().get("/phone/16505551234").text
    say(sandbox, "START")
    assert post(sandbox).status_code == 201


def test_the_page_itself_has_the_buttons(sandbox: Flask) -> None:
    client = sandbox.test_client()
    client.get("/phone/16505551234")
    assert client.post("/phone/16505551234/sms", data={"text": "STOP"}).status_code == 303
    assert post(sandbox).status_code == 400
    assert [one["direction"] for one in on_phone(sandbox)] == ["from_phone"]


def test_a_stop_by_sms_is_none_on_whatsapp(sandbox: Flask) -> None:
    say(sandbox, "STOP")
    [phone] = sandbox.test_client().get("/sandbox/phones").json["items"]  # type: ignore[index]
    assert phone["marketing_stopped"] == 0
    assert phone["free_text"] is False


@pytest.mark.parametrize(
    ("said", "stops"),
    [("STOP", True), ("unstop", False), ("Stop please", None), ("", None), ("Revoke", True)],
)
def test_only_twilios_whole_words_count(said: str, stops: bool | None) -> None:
    assert choice(said) is stops


def test_faults_on_demand_are_of_sms_alone(sandbox: Flask) -> None:
    client = sandbox.test_client()
    fault = {"error_code": 20429, "times": 1}
    assert client.post("/sandbox/behaviour/sms", json=fault).status_code == 200
    assert client.get("/sandbox/behaviour").json["error_code"] is None  # type: ignore[index]
    assert post(sandbox).status_code == 429
    assert post(sandbox).status_code == 201
    client.post("/sandbox/behaviour/sms", json={"http_status": 502, "taken": True, "times": 1})
    assert post(sandbox).status_code == 502
    assert len(on_phone(sandbox)) == 2
    assert client.get("/sandbox/behaviour/fax").status_code == 404


def test_heeds_own_client_is_understood(both: tuple[Flask, Config]) -> None:
    sandbox, config = both

    async def three(client: Twilio) -> list[Answer | None]:
        await client.ready(2)
        message = Outgoing(1, "1-abc", ANN, "Olá", None)
        first = await client.send(message, begin=lambda: True)
        say(sandbox, "STOP")
        return [first, await client.send(message, begin=lambda: True)]

    async def main(host: str) -> list[Answer | None]:
        client = Twilio.from_config(
            config.model_copy(update={"twilio_api_url": f"http://{host}"}), timeout=10
        )
        try:
            return await three(client)
        finally:
            await client.close()

    with served(sandbox) as host:
        answers = asyncio.run(main(host))
    assert [one.outcome for one in answers if one] == [Outcome.ACCEPTED, Outcome.OPTED_OUT]
    assert [one["text"] for one in on_phone(sandbox)] == ["Olá", "STOP"]
