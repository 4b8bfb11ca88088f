"""/contacts."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from tests.api_client import ApiClient, problem_of

ANN = {
    "name": "Ann Lee",
    "phone": "+16505550101",
    "email": "ann@example.com",
    "attributes": {"city": "Oslo", "orders": 3, "vip": True},
    "tags": ["Press"],
}


@pytest.fixture
def api(app: Flask) -> ApiClient:
    return ApiClient(app)


def items(api: ApiClient, **query: Any) -> list[str]:
    return [item["name"] for item in api.get("/contacts", **query).get_json()["items"]]


def test_a_contact_is_added_and_shown(api: ApiClient):
    added = api.post("/contacts", ANN)
    assert added.status_code == 201

    shown = api.get(f"/contacts/{added.get_json()['id']}").get_json()
    assert shown == added.get_json()
    assert {name: shown[name] for name in ANN} == ANN
    assert [c["channel"] for c in shown["consents"]] == ["email", "sms", "voice", "whatsapp"]
    assert shown["created_at"].endswith("Z")


@pytest.mark.parametrize("by", [{"phone": "+1 650-555-0101"}, {"email": "ANN@example.com"}])
def test_the_one_with_that_phone_or_email_is_updated(api: ApiClient, by: dict[str, str]):
    added = api.post("/contacts", ANN).get_json()
    answer = api.post("/contacts", {**by, "name": "Ann Berg", "attributes": {"orders": 4}})

    updated = answer.get_json()
    assert answer.status_code == 200
    assert (updated["id"], updated["name"]) == (added["id"], "Ann Berg")
    assert updated["attributes"] == {"city": "Oslo", "orders": 4, "vip": True}
    assert (updated["phone"], updated["email"]) == (added["phone"], added["email"])


def test_a_phone_and_an_email_of_two_people_are_a_conflict(api: ApiClient):
    api.post("/contacts", ANN)
    api.post("/contacts", {"phone": "+16505550102"})
    refused = api.post("/contacts", {"phone": "+16505550102", "email": "ann@example.com"})

    assert problem_of(refused)[:2] == (409, "conflict")


def test_a_contact_needs_an_address(api: ApiClient):
    assert problem_of(api.post("/contacts", {"name": "Nobody"})) == (422, "invalid", "phone")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"phone": "12"}, "phone"),
        ({"email": "@"}, "email"),
        ({"name": 7}, "name"),
        ({"tags": "Press"}, "tags"),
        ({"attributes": {"not a word": 1}}, "attr.not a word"),
        ({"nickname": "A"}, "nickname"),
    ],
)
def test_a_wrong_field_is_named(api: ApiClient, wrong: dict[str, Any], field: str):
    refused = api.post("/contacts", {"phone": "+16505550101", **wrong})

    assert problem_of(refused) == (422, "invalid", field)


def test_an_opt_out_from_before_shows_on_a_new_contact(api: ApiClient):
    api.put_consent("+16505550101", "opted_out")
    consents = api.post("/contacts", ANN).get_json()["consents"]

    assert (consents[3]["state"], consents[3]["source"]) == ("opted_out", "api")


def test_a_patch_changes_what_it_names_alone(api: ApiClient):
    added = api.post("/contacts", ANN).get_json()
    body = {"name": "Ann Berg", "attributes": {"city": None}, "tags": []}
    answer = api.call("PATCH", f"/contacts/{added['id']}", json=body)

    changed = answer.get_json()
    assert answer.status_code == 200
    assert (changed["name"], changed["tags"]) == ("Ann Berg", [])
    assert changed["attributes"] == {"orders": 3, "vip": True}
    assert (changed["phone"], changed["email"]) == (added["phone"], added["email"])


def test_a_patch_takes_away_what_is_null(api: ApiClient):
    added = api.post("/contacts", ANN).get_json()
    changed = api.call("PATCH", f"/contacts/{added['id']}", json={"email": None}).get_json()

    assert (changed["phone"], changed["email"]) == (added["phone"], None)


def test_an_opt_out_goes_along_to_a_new_number(api: ApiClient):
    added = api.post("/contacts", ANN).get_json()
    api.put_consent("+16505550101", "opted_out")
    body = {"phone": "+16505550199"}
    changed = api.call("PATCH", f"/contacts/{added['id']}", json=body).get_json()

    assert changed["consents"][3]["state"] == "opted_out"
    assert api.get("/consents", address="+16505550199").get_json()["items"][3]["state"] == (
        "opted_out"
    )


def test_a_patch_cannot_take_the_number_of_another(api: ApiClient):
    api.post("/contacts", ANN)
    other = api.post("/contacts", {"phone": "+16505550102"}).get_json()
    refused = api.call("PATCH", f"/contacts/{other['id']}", json={"phone": "+16505550101"})

    assert problem_of(refused) == (409, "conflict", "phone")


def test_the_list_narrows_as_the_audience_does(api: ApiClient):
    api.post("/contacts", ANN)
    api.post("/contacts", {"name": "Bo", "phone": "+16505550102", "tags": ["Press", "New"]})
    api.put_consent("+16505550102", "opted_out", channel="sms")

    assert items(api) == ["Bo", "Ann Lee"]
    assert items(api, sort="name") == ["Ann Lee", "Bo"]
    assert items(api, q="lee") == ["Ann Lee"]
    assert items(api, **{"attr.city": "Oslo"}) == ["Ann Lee"]
    assert items(api, **{"attr.orders.min": "4"}) == []
    assert items(api, tag=["press", "new"]) == ["Bo"]
    assert items(api, channel="sms", state="opted_out") == ["Bo"]
    assert items(api, channel="whatsapp", state="opted_out") == []
    assert items(api, channel="sms", source="api", **{"from": "2020-01-01"}) == ["Bo"]
    assert items(api, channel="sms", to="2020-01-01") == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"state": "perhaps"}, "state"),
        ({"attr.unknown": "1"}, "attr.unknown"),
        ({"from": "yesterday"}, "from"),
        ({"limit": "0"}, "limit"),
        ({"cursor": "x"}, "cursor"),
        ({"sort": "-phone"}, "sort"),
    ],
)
def test_a_wrong_filter_is_named(api: ApiClient, query: dict[str, str], field: str):
    assert problem_of(api.get("/contacts", **query)) == (422, "invalid", field)


def test_pages_give_everybody_once(api: ApiClient):
    for n in range(7):
        api.post("/contacts", {"name": f"P{n}", "phone": f"+1650555010{n}"})
    seen, cursor = [], ""
    while cursor is not None:
        page = api.get("/contacts", limit=3, cursor=cursor).get_json()
        seen += [item["name"] for item in page["items"]]
        cursor = page["next_cursor"]

    assert seen == [f"P{n}" for n in reversed(range(7))]


@pytest.mark.parametrize("contact_id", ["0", "1", "9223372036854775808", "9" * 5000, "x", "-1"])
def test_a_contact_who_is_not_there_is_not_found(api: ApiClient, contact_id: str):
    assert problem_of(api.get(f"/contacts/{contact_id}"))[:2] == (404, "not-found")
