"""PUT and GET /consents."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.api_client import EVIDENCE, ApiClient, problem_of
from webapp.consent import queries
from webapp.consent.models import ConsentEvent, ConsentState
from webapp.consent.rules import fold
from webapp.core.db import db

NUMBER = "+16505550123"


@pytest.fixture
def api(app: Flask) -> ApiClient:
    return ApiClient(app)


def ago(**delta: float) -> str:
    return (datetime.now(UTC) - timedelta(**delta)).isoformat()


def test_an_opt_out_is_answered_with_what_it_did(api: ApiClient):
    answer = api.put_consent(NUMBER, "opted_out").get_json()

    assert isinstance(answer.pop("event_id"), int)
    assert answer == {
        "state": "opted_out",
        "changed": True,
        "superseded": False,
        "cancelled_messages": 0,
    }


def test_a_repeat_of_an_opt_out_changes_nothing(api: ApiClient):
    api.put_consent(NUMBER, "opted_out")
    again = api.put_consent("+1 (650) 555-0123", "opted_out")

    assert again.status_code == 200
    assert again.get_json()["changed"] is False


def test_opting_in_with_evidence_takes_effect(api: ApiClient):
    answer = api.put_consent(NUMBER, "opted_in", evidence=EVIDENCE).get_json()

    assert (answer["state"], answer["changed"]) == ("opted_in", True)


def test_evidence_may_be_a_sentence(api: ApiClient):
    said = "Signed the form at the fair"
    event_id = api.put_consent(NUMBER, "opted_in", evidence=said).get_json()["event_id"]

    event = api.get("/consent-events", address=NUMBER).get_json()["items"][0]
    assert (event["id"], event["evidence"]) == (event_id, {"how": said})


@pytest.mark.parametrize(
    "evidence",
    [None, {}, "", "  ", {"how": ""}, {"how": None}, {"how": [{}, " "]}, {"agreed": True}],
)
def test_opting_in_needs_evidence_that_says_something(api: ApiClient, evidence: Any):
    refused = api.put_consent(NUMBER, "opted_in", evidence=evidence)

    assert problem_of(refused) == (422, "invalid", "evidence")


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"occurred_at": "2999-01-01T00:00:00Z", "evidence": EVIDENCE}, "occurred_at"),
        ({"evidence": {**EVIDENCE, "when": "2999-01-01"}}, "evidence"),
    ],
)
def test_an_opt_in_dated_in_the_future_is_refused(api: ApiClient, more: dict[str, Any], field: str):
    refused = api.put_consent(NUMBER, "opted_in", **more)

    assert problem_of(refused) == (422, "invalid", field)


def test_evidence_whose_time_cannot_be_read_is_refused(api: ApiClient):
    refused = api.put_consent(NUMBER, "opted_in", evidence={"how": "form", "when": "lately"})

    assert problem_of(refused) == (422, "invalid", "evidence")


@pytest.mark.parametrize(
    "more",
    [
        {"evidence": {**EVIDENCE, "when": ago(days=30)}},
        {"evidence": {**EVIDENCE, "when": ago(days=30)[:10]}},
        {"evidence": EVIDENCE, "occurred_at": ago(days=30)},
    ],
)
def test_an_opt_in_older_than_the_opt_out_is_kept_and_changes_nothing(
    api: ApiClient, more: dict[str, Any]
):
    api.put_consent(NUMBER, "opted_out", occurred_at=ago(days=1))
    late = api.put_consent(NUMBER, "opted_in", **more).get_json()

    assert (late["state"], late["changed"], late["superseded"]) == ("opted_out", False, True)
    events = api.get("/consent-events", address=NUMBER).get_json()["items"]
    assert [event["asked"] for event in events] == ["opted_in", "opted_out"]


def test_an_opt_out_from_a_fast_clock_cannot_silence_a_later_opt_in(api: ApiClient):
    api.put_consent(NUMBER, "opted_out", occurred_at="2999-01-01T00:00:00Z")
    answer = api.put_consent(NUMBER, "opted_in", evidence=EVIDENCE).get_json()

    assert answer["state"] == "opted_in"


def test_there_are_four_items_in_the_order_of_channels(api: ApiClient):
    api.put_consent(NUMBER, "opted_out", channel="sms")
    items = api.get("/consents", address=NUMBER).get_json()["items"]

    assert [item["channel"] for item in items] == ["email", "sms", "voice", "whatsapp"]
    assert [item["state"] for item in items] == ["unknown", "opted_out", "unknown", "unknown"]
    assert [item["source"] for item in items] == [None, "api", None, None]
    assert items[1]["since"].endswith("Z")
    assert all(item.keys() == {"channel", "state", "since", "source", "held"} for item in items)


def test_a_number_shows_the_other_channels_of_the_contact_who_has_it(api: ApiClient):
    api.post("/contacts", {"phone": NUMBER, "email": "ann@example.com"})
    api.put_consent("Ann@Example.com", "opted_out", channel="email")

    by_number = api.get("/consents", address=NUMBER).get_json()
    assert by_number["items"][0]["state"] == "opted_out"
    assert by_number == api.get("/consents", address="ann@example.com").get_json()


@pytest.mark.parametrize("address", ["", "nobody", "@", "+1", "a@b@c"])
def test_what_is_no_address_is_refused(api: ApiClient, address: str):
    assert problem_of(api.get("/consents", address=address)) == (422, "invalid", "address")
    assert problem_of(api.put_consent(address, "opted_out"))[2] == "address"


def test_a_hundred_at_once_leave_the_state_that_their_events_come_to(api: ApiClient):
    def one(n: int) -> int:
        if n % 2:
            return api.put_consent(NUMBER, "opted_out").status_code
        return api.put_consent(NUMBER, "opted_in", evidence=EVIDENCE).status_code

    with ThreadPoolExecutor(25) as pool:
        assert set(pool.map(one, range(100))) == {200}

    with api.app.app_context():
        row = db.session.scalars(select(ConsentState)).one()
        folded = fold(queries.entries(row.channel, row.key))
        seqs = db.session.scalars(select(ConsentEvent.seq).order_by(ConsentEvent.seq)).all()
    shown = api.get("/consents", address=NUMBER).get_json()["items"][3]
    assert (row.state, row.since, row.source) == (folded.state, folded.since, folded.source)
    assert shown["state"] == row.state
    assert list(seqs) == list(range(1, 101))
