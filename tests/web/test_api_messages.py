"""/messages and /check."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from tests.api_client import EVIDENCE, ApiClient, problem_of
from webapp.contacts.rules import Channel
from webapp.core.db import db, transaction
from webapp.message_templates.models import Template
from webapp.outbox.rules import Category

NUMBER = "+16505550123"
LATER = (datetime.now(UTC) + timedelta(days=2)).isoformat()


@pytest.fixture
def api(app: Flask) -> ApiClient:
    return ApiClient(app)


def send(api: ApiClient, **more: Any) -> dict[str, Any]:
    body = {"channel": "whatsapp", "to": NUMBER, "text": "Ten percent off", **more}
    answer = api.post("/messages", body)
    assert answer.status_code == 202, answer.get_data(as_text=True)
    found: dict[str, Any] = answer.get_json()
    return found


def add_template(api: ApiClient, language: str = "en") -> None:
    template = Template(
        channel=Channel.WHATSAPP,
        name="shipped",
        language=language,
        category=Category.UTILITY,
        body="Hello {{1}}, it is on its way.",
    )
    with api.app.app_context():
        transaction(lambda: db.session.add(template))


def may(api: ApiClient, **more: Any) -> dict[str, Any]:
    asked = {"channel": "whatsapp", "address": NUMBER, **more}
    found: dict[str, Any] = api.post("/check", asked).get_json()
    return found


def test_a_message_is_accepted_and_shown(api: ApiClient):
    accepted = send(api, send_at=LATER)

    assert (accepted["status"], accepted["origin"]) == ("scheduled", "api")
    assert accepted["category"] == "marketing"
    assert api.get(f"/messages/{accepted['id']}").get_json() == accepted


def test_a_message_goes_to_a_contact(api: ApiClient):
    contact = api.post("/contacts", {"phone": NUMBER}).get_json()
    by_id = api.post(
        "/messages", {"channel": "whatsapp", "contact_id": contact["id"], "text": "Hi"}
    )

    assert by_id.get_json()["to"] == NUMBER
    assert send(api)["contact_id"] == contact["id"]


def test_a_template_is_filled_and_gives_its_category(api: ApiClient):
    add_template(api)
    sent = send(api, text=None, template="shipped", variables={"1": "Ann"})

    assert (sent["text"], sent["category"]) == ("Hello Ann, it is on its way.", "utility")
    assert sent["template"] == "shipped"


def test_a_template_in_several_languages_wants_one_named(api: ApiClient):
    add_template(api, "en")
    add_template(api, "de")
    body = {"channel": "whatsapp", "to": NUMBER, "template": "shipped", "variables": {"1": "A"}}

    assert problem_of(api.post("/messages", body)) == (422, "invalid", "language")
    assert api.post("/messages", {**body, "language": "de"}).status_code == 202


def test_what_consent_forbids_is_skipped_with_its_reason(api: ApiClient):
    event_id = api.put_consent(NUMBER, "opted_out").get_json()["event_id"]
    skipped = send(api)

    assert (skipped["status"], skipped["reason"]) == ("skipped", "opted_out")
    assert (skipped["rule"], skipped["event_id"]) == ("opted_out", event_id)
    assert "opted out" in skipped["explanation"]


def test_an_opt_out_cancels_what_waits_and_counts_it(api: ApiClient):
    first, second = send(api, send_at=LATER), send(api, send_at=LATER)
    other = send(api, to="+16505550199", send_at=LATER)
    opted_out = api.put_consent(NUMBER, "opted_out").get_json()
    api.put_consent(NUMBER, "opted_in", evidence=EVIDENCE)

    assert opted_out["cancelled_messages"] == 2
    for message in (first, second):
        now = api.get(f"/messages/{message['id']}").get_json()
        assert (now["status"], now["reason"]) == ("cancelled", "opted_out")
        assert now["event_id"] == opted_out["event_id"]
    assert api.get(f"/messages/{other['id']}").get_json()["status"] == "scheduled"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"to": None}, "to"),
        ({"contact_id": 1}, "to"),
        ({"to": None, "contact_id": 1}, "contact_id"),
        ({"to": "nobody"}, "to"),
        ({"text": None}, "text"),
        ({"text": "x" * 4097}, "text"),
        ({"template": "shipped"}, "template"),
        ({"channel": "email", "to": "a@example.com"}, "channel"),
        ({"category": "utility"}, "category"),
        ({"send_at": "tomorrow"}, "send_at"),
        ({"send_at": "2026-11-22T09:30:00"}, "send_at"),
        ({"send_at": "2999-01-01T00:00:00Z"}, "send_at"),
        ({"origin": "manual"}, "origin"),
    ],
)
def test_a_wrong_field_is_named(api: ApiClient, wrong: dict[str, Any], field: str):
    body = {"channel": "whatsapp", "to": NUMBER, "text": "Hi", **wrong}

    assert problem_of(api.post("/messages", body)) == (422, "invalid", field)


def test_a_message_that_waits_can_be_cancelled(api: ApiClient):
    message = send(api, send_at=LATER)
    cancelled = api.post(f"/messages/{message['id']}/cancel")
    again = api.post(f"/messages/{message['id']}/cancel")

    assert (cancelled.status_code, again.status_code) == (200, 200)
    assert cancelled.get_json()["status"] == "cancelled"
    assert cancelled.get_json()["reason"] == "by_person"


def test_a_message_that_ended_cannot_be_cancelled(api: ApiClient):
    api.put_consent(NUMBER, "opted_out")
    skipped = send(api)

    refused = api.post(f"/messages/{skipped['id']}/cancel")
    assert problem_of(refused)[:2] == (409, "conflict")
    assert problem_of(api.post("/messages/999/cancel"))[:2] == (404, "not-found")


def test_the_list_gives_the_newest_first_in_pages(api: ApiClient):
    sent = [send(api, send_at=LATER)["id"] for _ in range(5)]
    first = api.get("/messages", limit=3).get_json()
    second = api.get("/messages", limit=3, cursor=first["next_cursor"]).get_json()

    assert [m["id"] for m in first["items"] + second["items"]] == sent[::-1]
    assert second["next_cursor"] is None


def test_the_list_narrows(api: ApiClient):
    contact = api.post("/contacts", {"phone": NUMBER}).get_json()
    mine, other = send(api, send_at=LATER), send(api, to="+16505550199", send_at=LATER)
    api.put_consent(NUMBER, "opted_out")

    def found(**query: Any) -> list[int]:
        return [m["id"] for m in api.get("/messages", **query).get_json()["items"]]

    assert found(status="cancelled") == [mine["id"]]
    assert found(reason="opted_out") == [mine["id"]]
    assert found(contact_id=contact["id"]) == [mine["id"]]
    assert found(to="+1 650 555 0199") == [other["id"]]
    assert found(channel="sms") == []
    assert found(origin="api", channel="whatsapp") == [other["id"], mine["id"]]


def test_a_check_tells_what_would_become_of_a_message(api: ApiClient):
    before = may(api)
    event_id = api.put_consent(NUMBER, "opted_out").get_json()["event_id"]

    assert before == {"allowed": True, "reason": None, "rule": "free", "event_id": None}
    assert may(api) == {
        "allowed": False,
        "reason": "opted_out",
        "rule": "opted_out",
        "event_id": event_id,
    }
    assert may(api, category="utility")["rule"] == "exempt"
    assert may(api, category="utility")["allowed"] is True
    assert may(api, category="utility", channel="sms")["rule"] == "free"
    assert may(api, category="utility", origin="manual")["rule"] == "manual_service"


def test_a_check_counts_the_stricter_of_two_addresses(api: ApiClient):
    api.put_consent(NUMBER, "opted_out", channel="sms")

    assert may(api, channel="sms")["allowed"] is False
    assert may(api)["allowed"] is True


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"channel": "pigeon"}, "channel"),
        ({"address": "nobody"}, "address"),
        ({"category": "spam"}, "category"),
        ({"origin": "nowhere"}, "origin"),
    ],
)
def test_a_check_names_what_is_wrong(api: ApiClient, wrong: dict[str, str], field: str):
    asked = {"channel": "whatsapp", "address": NUMBER, **wrong}

    assert problem_of(api.post("/check", asked)) == (422, "invalid", field)
