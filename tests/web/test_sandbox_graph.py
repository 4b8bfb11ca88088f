"""The sandbox speaks the Cloud API as Meta does."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.whatsapp_sandbox import OFFER, UPDATE, build
from webapp.core.config import Config
from webapp.sandbox import people, queue
from webapp.sandbox.store import register_phones, register_templates

NUMBER_ID = "106540352242922"
ACCOUNT_ID = "102290129340398"


@pytest.fixture
def both(tmp_path: Path) -> tuple[Flask, Config]:
    app, config = build(tmp_path)
    register_templates(config, [OFFER, UPDATE])
    return app, config


@pytest.fixture
def sandbox(both: tuple[Flask, Config]) -> Flask:
    return both[0]


@pytest.fixture
def config(both: tuple[Flask, Config]) -> Config:
    return both[1]


def call(
    app: Flask, path: str, body: Any = None, *, token: str | None = None, method: str = "POST"
) -> TestResponse:
    token = app.extensions["sandbox"].token if token is None else token
    headers = {"Authorization": f"Bearer {token}"}
    return app.test_client().open(f"/v23.0/{path}", method=method, json=body, headers=headers)


def text(body: Any = "Hello", **more: Any) -> dict[str, Any]:
    base = {"messaging_product": "whatsapp", "to": "16505551234", "type": "text"}
    return {**base, "text": {"body": body}, **more}


def offer(
    *values: str, name: str = "offer", language: str = "en_US", **more: Any
) -> dict[str, Any]:
    parameters = [{"type": "text", "text": value} for value in values]
    template = {
        "name": name,
        "language": {"code": language},
        "components": [{"type": "body", "parameters": parameters}, *more.pop("components", [])],
    }
    base = {"messaging_product": "whatsapp", "to": "+1 650 555-1234", "type": "template"}
    return {**base, "template": template, **more}


def error(response: TestResponse) -> tuple[int, int]:
    return response.status_code, response.json["error"]["code"]  # type: ignore[index]


def phone(app: Flask, number: str = "16505551234") -> dict[str, Any]:
    with app.extensions["sandbox"].store.read() as db:
        found = people.find_phone(db, number)
    assert found is not None
    return found


def queued(app: Flask) -> list[dict[str, Any]]:
    """Give the values of all webhooks that wait."""
    with app.extensions["sandbox"].store.read() as db:
        rows = [row for group in queue.due(db, 1e12, 1000).values() for row in group]
    return [json.loads(row["body"])["entry"][0]["changes"][0]["value"] for row in rows]


def statuses(app: Flask) -> list[dict[str, Any]]:
    return [one for value in queued(app) for one in value.get("statuses", [])]


def hears(app: Flask, number: str = "16505551234") -> None:
    """Let a person write, so that free text is allowed."""
    app.test_client().post("/sandbox/reply", json={"from": number, "text": "hi"})


def test_a_template_is_taken_and_its_statuses_follow(sandbox: Flask) -> None:
    response = call(
        sandbox, f"{NUMBER_ID}/messages", offer("Ann", "20 %", biz_opaque_callback_data="heed-7")
    )
    assert response.status_code == 200
    wamid = response.json["messages"][0]["id"]  # type: ignore[index]
    assert response.json == {
        "messaging_product": "whatsapp",
        "contacts": [{"input": "+1 650 555-1234", "wa_id": "16505551234"}],
        "messages": [{"id": wamid}],
    }
    assert [
        (one["id"], one["status"], one["biz_opaque_callback_data"], one["recipient_id"])
        for one in statuses(sandbox)
    ] == [
        (wamid, "sent", "heed-7", "16505551234"),
        (wamid, "delivered", "heed-7", "16505551234"),
    ]


def test_any_version_is_served(sandbox: Flask) -> None:
    token = sandbox.extensions["sandbox"].token
    response = sandbox.test_client().post(
        f"/v19.0/{NUMBER_ID}/messages",
        json=offer("Ann", "1"),
        headers={"Authorization": f"Bearer {token}"},
    )
    assert response.status_code == 200


@pytest.mark.parametrize("token", ["wrong", "", "ünï"])
def test_a_wrong_token_is_190(sandbox: Flask, token: str) -> None:
    assert error(call(sandbox, f"{NUMBER_ID}/messages", text(), token=token)) == (401, 190)
    assert queued(sandbox) == []


def test_another_number_is_100_with_subcode_33(sandbox: Flask) -> None:
    response = call(sandbox, "999/messages", text())
    assert error(response) == (400, 100)
    assert response.json["error"]["error_subcode"] == 33  # type: ignore[index]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (None, 100),
        ([], 100),
        ({"to": "16505551234"}, 100),
        (text(messaging_product="sms"), 100),
        (text(to=None), 100),
        (text(to="nobody"), 131009),
        (text(to=None, recipient="nobody"), 131009),
        (text(to=None, recipient="US.1"), 131009),
        (text(text=None), 100),
        (text(""), 100),
        (text(5), 100),
        (text("x" * 4097), 100),
        (text(biz_opaque_callback_data="x" * 513), 100),
        (text(type="poll", poll={}), 131051),
        (text(type="interactive", interactive={"type": "button", "body": {"text": "?"}}), 131009),
        (offer("Ann", "1", name="missing"), 132001),
        (offer("Ann", "1", language="de"), 132001),
        (offer("Ann"), 132000),
        (offer("Ann", "1", "2"), 132000),
        (offer("Ann", " "), 131008),
        (offer("Ann", "1", type="text"), 100),
    ],
)
def test_a_wrong_request_gets_metas_code(sandbox: Flask, body: Any, code: int) -> None:
    response = call(sandbox, f"{NUMBER_ID}/messages", body)
    assert response.status_code in (400, 404)
    assert response.json["error"]["code"] == code  # type: ignore[index]
    assert response.json["error"]["fbtrace_id"]  # type: ignore[index]
    assert queued(sandbox) == []


def test_free_text_is_taken_and_fails_outside_the_24_hours(sandbox: Flask) -> None:
    response = call(sandbox, f"{NUMBER_ID}/messages", text())
    assert response.status_code == 200
    (failed,) = statuses(sandbox)
    assert failed["status"] == "failed"
    assert failed["errors"][0]["code"] == 131047


def test_free_text_arrives_within_24_hours_of_hearing_from_the_person(sandbox: Flask) -> None:
    hears(sandbox)
    call(sandbox, f"{NUMBER_ID}/messages", text())
    assert [one["status"] for one in statuses(sandbox)] == ["sent", "delivered"]


def test_the_24_hours_may_be_told(sandbox: Flask, config: Config) -> None:
    register_phones(
        config,
        [
            {"number": "+16505551234", "name": "Ann", "last_inbound_at": time.time() - 3600},
            {"number": "+16505559999", "last_inbound_at": time.time() - 90_000},
        ],
    )
    call(sandbox, f"{NUMBER_ID}/messages", text())
    call(sandbox, f"{NUMBER_ID}/messages", text(to="16505559999"))
    assert [one["status"] for one in statuses(sandbox)] == ["sent", "delivered", "failed"]


def test_a_person_who_stopped_marketing_gets_no_marketing_but_the_rest(sandbox: Flask) -> None:
    hears(sandbox)
    client = sandbox.test_client()
    client.post("/sandbox/preference", json={"from": "16505551234", "value": "stop"})
    for body in (offer("Ann", "1"), offer("4711", name="order_update"), text()):
        assert call(sandbox, f"{NUMBER_ID}/messages", body).status_code == 200
    ends = [one for one in statuses(sandbox) if one["status"] != "sent"]
    assert [one["status"] for one in ends] == ["failed", "delivered", "delivered"]
    assert ends[0]["errors"][0]["code"] == 131050


def test_a_paused_template_is_132015(sandbox: Flask, config: Config) -> None:
    register_templates(config, [{**OFFER, "status": "PAUSED"}])
    assert error(call(sandbox, f"{NUMBER_ID}/messages", offer("Ann", "1"))) == (400, 132015)


def test_a_user_id_reaches_the_phone_that_has_it(sandbox: Flask) -> None:
    hears(sandbox)
    user_id = phone(sandbox)["user_id"]
    response = call(sandbox, f"{NUMBER_ID}/messages", text(to=None, recipient=user_id))
    assert response.json["contacts"] == [{"input": user_id, "user_id": user_id}]  # type: ignore[index]
    assert statuses(sandbox)[-1]["recipient_user_id"] == user_id


def test_the_business_can_mark_a_message_as_read(sandbox: Flask) -> None:
    wamid = (
        sandbox.test_client()
        .post("/sandbox/reply", json={"from": "16505551234", "text": "hi"})
        .json["id"]  # type: ignore[index]
    )
    body = {"messaging_product": "whatsapp", "status": "read", "message_id": wamid}
    assert call(sandbox, f"{NUMBER_ID}/messages", body).json == {"success": True}
    missing = call(sandbox, f"{NUMBER_ID}/messages", {**body, "message_id": "wamid.none"})
    assert error(missing) == (400, 131009)


def test_the_marketing_messages_api_takes_templates_alone(sandbox: Flask) -> None:
    assert call(sandbox, f"{NUMBER_ID}/marketing_messages", offer("Ann", "1")).status_code == 200
    assert error(call(sandbox, f"{NUMBER_ID}/marketing_messages", text())) == (400, 100)


def test_templates_can_be_made_and_listed_in_pages(sandbox: Flask) -> None:
    wanted = {
        "name": "winter",
        "language": "de",
        "category": "MARKETING",
        "components": [
            {"type": "BODY", "text": "Hallo {{1}}"},
            {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Stopp"}]},
        ],
    }
    made = call(sandbox, f"{ACCOUNT_ID}/message_templates", wanted)
    assert made.json["status"] == "APPROVED"  # type: ignore[index]
    assert error(call(sandbox, f"{ACCOUNT_ID}/message_templates", wanted)) == (400, 100)
    named = call(sandbox, f"{ACCOUNT_ID}/message_templates?name=winter", method="GET").json
    assert named["data"] == [  # type: ignore[index]
        {**wanted, "id": made.json["id"], "status": "APPROVED"}  # type: ignore[index]
    ]
    first = call(sandbox, f"{ACCOUNT_ID}/message_templates?limit=2", method="GET").json
    after = first["paging"]["cursors"]["after"]  # type: ignore[index]
    rest = call(sandbox, f"{ACCOUNT_ID}/message_templates?limit=2&after={after}", method="GET").json
    names = [one["name"] for one in first["data"] + rest["data"]]  # type: ignore[index]
    assert names == ["offer", "order_update", "winter"]


@pytest.mark.parametrize(
    "body",
    [
        None,
        {},
        {"name": "Bad Name", "language": "de", "category": "UTILITY", "components": []},
        {"name": "ok", "language": "de", "category": "NEWS", "components": []},
        {"name": "ok", "language": "de", "category": "UTILITY", "components": []},
    ],
)
def test_a_wrong_template_is_100(sandbox: Flask, body: Any) -> None:
    assert error(call(sandbox, f"{ACCOUNT_ID}/message_templates", body)) == (400, 100)


def test_the_number_can_be_looked_at(sandbox: Flask) -> None:
    assert call(sandbox, NUMBER_ID, method="GET").json["id"] == NUMBER_ID  # type: ignore[index]
    assert error(call(sandbox, "1", method="GET")) == (400, 100)


def test_interactive_buttons_and_lists_are_taken(sandbox: Flask) -> None:
    hears(sandbox)
    buttons = {
        "type": "button",
        "body": {"text": "Stop?"},
        "action": {"buttons": [{"type": "reply", "reply": {"id": "stop", "title": "Stop"}}]},
    }
    rows = {
        "type": "list",
        "body": {"text": "Which?"},
        "action": {"button": "Choose", "sections": [{"rows": [{"id": "a", "title": "A"}]}]},
    }
    for content in (buttons, rows):
        body = text(type="interactive", interactive=content)
        assert call(sandbox, f"{NUMBER_ID}/messages", body).status_code == 200
    client = sandbox.test_client()
    client.post("/sandbox/reply", json={"from": "16505551234", "button": "stop"})
    client.post("/sandbox/reply", json={"from": "16505551234", "button": "A"})
    said = [one for value in queued(sandbox) for one in value.get("messages", [])]
    assert [one.get("interactive") for one in said[1:]] == [
        {"type": "button_reply", "button_reply": {"id": "stop", "title": "Stop"}},
        {"type": "list_reply", "list_reply": {"id": "a", "title": "A"}},
    ]


def test_what_is_kept_is_there_after_a_restart(sandbox: Flask, tmp_path: Path) -> None:
    hears(sandbox)
    call(sandbox, f"{NUMBER_ID}/messages", offer("Ann", "1"))
    before = queued(sandbox)
    again, _ = build(tmp_path)
    assert queued(again) == before
    assert len(again.test_client().get("/sandbox/messages").json["items"]) == 2  # type: ignore[index]
