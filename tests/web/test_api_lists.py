"""GET /opt-outs and GET /consent-events."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from tests.api_client import EVIDENCE, ApiClient, problem_of

NUMBERS = [f"+1650555020{n}" for n in range(4)]


@pytest.fixture
def api(app: Flask) -> ApiClient:
    return ApiClient(app)


def day(offset: int) -> str:
    return (datetime.now(UTC) + timedelta(days=offset)).date().isoformat()


def opted_out(api: ApiClient, **query: Any) -> list[tuple[str, str]]:
    items = api.get("/opt-outs", **query).get_json()["items"]
    return [(item["channel"], item["address"]) for item in items]


def test_the_exclusion_list_holds_contacts_and_others_newest_first(api: ApiClient):
    contact = api.post("/contacts", {"phone": NUMBERS[0]}).get_json()
    api.put_consent(NUMBERS[0], "opted_out")
    api.put_consent(NUMBERS[1], "opted_out")
    api.put_consent(NUMBERS[2], "opted_in", evidence=EVIDENCE)

    stranger, known = api.get("/opt-outs", channel="whatsapp").get_json()["items"]
    assert (stranger["address"], stranger["contact_id"]) == (NUMBERS[1], None)
    assert (known["address"], known["contact_id"]) == (NUMBERS[0], contact["id"])
    assert known["source"] == "api"
    assert known["opted_out_at"].endswith("Z")


def test_the_exclusion_list_narrows(api: ApiClient):
    api.put_consent(NUMBERS[0], "opted_out", channel="sms")
    api.put_consent(NUMBERS[1], "opted_out", occurred_at=f"{day(-3)}T23:59:59.5Z")

    assert opted_out(api, channel="sms") == [("sms", NUMBERS[0])]
    assert opted_out(api, source="keyword") == []
    assert opted_out(api, **{"from": day(0)}) == [("sms", NUMBERS[0])]
    # Both days count as a whole.
    assert opted_out(api, **{"from": day(-3), "to": day(-3)}) == [("whatsapp", NUMBERS[1])]
    assert opted_out(api, to=f"{day(-3)}T23:59:59Z") == []
    assert opted_out(api, to=f"{day(-3)}T23:59:59.5Z") == [("whatsapp", NUMBERS[1])]


def test_who_opts_in_again_leaves_the_exclusion_list(api: ApiClient):
    api.put_consent(NUMBERS[0], "opted_out")
    api.put_consent(NUMBERS[0], "opted_in", evidence=EVIDENCE)

    assert opted_out(api) == []


def test_the_ledger_tells_each_change_newest_first(api: ApiClient):
    api.put_consent(NUMBERS[0], "opted_out", reason="Called us")
    api.put_consent(NUMBERS[0], "opted_in", evidence=EVIDENCE)
    newest, oldest = api.get("/consent-events", address=NUMBERS[0]).get_json()["items"]

    assert (oldest["from_state"], oldest["to_state"]) == ("unknown", "opted_out")
    assert oldest["evidence"]["reason"] == "Called us"
    assert (newest["from_state"], newest["to_state"]) == ("opted_out", "opted_in")
    assert newest["evidence"] == EVIDENCE
    assert newest["previous_hash"] == oldest["hash"]
    assert newest["actor"]["kind"] == "token"
    assert {newest["address"], oldest["address"]} == {NUMBERS[0]}


def test_the_ledger_narrows(api: ApiClient):
    api.put_consent(NUMBERS[0], "opted_out", channel="sms")
    api.put_consent(NUMBERS[0], "opted_out", channel="voice")
    api.put_consent(NUMBERS[1], "opted_out")

    def found(**query: Any) -> list[str]:
        items = api.get("/consent-events", **query).get_json()["items"]
        return [item["channel"] for item in items]

    assert found() == ["whatsapp", "voice", "sms"]
    assert found(address=NUMBERS[0]) == ["voice", "sms"]
    assert found(address=NUMBERS[0], channel="sms") == ["sms"]
    assert found(**{"from": day(0), "to": day(0)}) == ["whatsapp", "voice", "sms"]
    assert found(to=day(-1)) == []


@pytest.mark.parametrize("path", ["/opt-outs", "/consent-events"])
def test_pages_give_everything_once(api: ApiClient, path: str):
    for number in NUMBERS:
        api.put_consent(number, "opted_out")
    seen, cursor = [], ""
    while cursor is not None:
        page = api.get(path, limit=3, cursor=cursor).get_json()
        seen += [item["address"] for item in page["items"]]
        cursor = page["next_cursor"]

    assert seen == NUMBERS[::-1]


@pytest.mark.parametrize("path", ["/opt-outs", "/consent-events", "/messages"])
@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"channel": "pigeon"}, "channel"),
        ({"limit": "-1"}, "limit"),
        ({"chanel": "sms"}, "chanel"),
        ({"cursor": "e30"}, "cursor"),
        ({"cursor": "é"}, "cursor"),
    ],
)
def test_a_wrong_parameter_is_named(api: ApiClient, path: str, query: dict[str, str], field: str):
    assert problem_of(api.get(path, **query)) == (422, "invalid", field)


@pytest.mark.parametrize("path", ["/opt-outs", "/consent-events"])
@pytest.mark.parametrize("when", ["yesterday", "2026-02-30", "0001-01-01", "2026-11-22T10:00:00"])
def test_a_date_that_is_none_is_named(api: ApiClient, path: str, when: str):
    assert problem_of(api.get(path, **{"from": when})) == (422, "invalid", "from")
