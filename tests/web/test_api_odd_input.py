"""Nothing that a caller sends ends in a 5xx, whatever it is."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from flask import Flask

from tests.api_client import EVIDENCE, ApiClient, problem_of

NUMBER = "+16505550123"
BODIES: list[tuple[str, str, dict[str, Any]]] = [
    ("POST", "/contacts", {"phone": NUMBER, "attributes": {"city": "Oslo"}, "tags": ["a"]}),
    ("PATCH", "/contacts/1", {"name": "Ann", "attributes": {"city": "Oslo"}}),
    ("PUT", "/consents", {"channel": "sms", "address": NUMBER, "state": "opted_out"}),
    ("POST", "/check", {"channel": "sms", "address": NUMBER}),
    ("POST", "/messages", {"channel": "whatsapp", "to": NUMBER, "text": "Hi"}),
]
LISTS = ["/contacts", "/consents", "/opt-outs", "/consent-events", "/messages"]
UNREADABLE = [
    b"",
    b"{",
    b"nonsense",
    b"\xff\xfe\xfd",
    b'{"name": "\xff"}',
    b"[" * 100_000,
    b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
    b"1" * 5_000,
]
VALUES: list[Any] = [
    None,
    True,
    0,
    -1,
    2**63,
    10**400,
    1e308,
    "",
    " ",
    "\u202e",
    "😀" * 300,
    "x" * 10_000,
    [],
    [[]],
    {},
    {"": ""},
    {"a": {"b": [1, None]}},
]


@pytest.fixture
def api(app: Flask) -> ApiClient:
    api = ApiClient(app)
    api.post("/contacts", {"name": "Ann", "phone": "+16505550100"})
    return api


@pytest.mark.parametrize("raw", UNREADABLE)
def test_a_body_that_is_no_json_is_a_bad_request(api: ApiClient, raw: bytes):
    for method, path, _ in BODIES:
        kind = problem_of(api.call(method, path, data=raw))[:2]
        # A number is JSON, if a long one, and no object.
        assert kind in {(400, "bad-request"), (422, "invalid")}


@pytest.mark.parametrize("body", [None, [], "text", 7, True])
def test_a_body_that_is_no_object_is_invalid(api: ApiClient, body: Any):
    for method, path, _ in BODIES:
        assert problem_of(api.call(method, path, data=json.dumps(body)))[0] == 422


@pytest.mark.parametrize(
    "bad", [r'"\u0000"', r'"a\ud800b"', "NaN", "-Infinity", "1e999", "[" * 60 + "]" * 60]
)
def test_what_no_database_can_hold_is_refused_wherever_it_stands(api: ApiClient, bad: str):
    for method, path, good in BODIES:
        for name in good:
            body = json.dumps({**good, name: "HERE"}).replace('"HERE"', bad)
            assert problem_of(api.call(method, path, data=body))[0] == 422
    evidence = json.dumps({"channel": "sms", "address": NUMBER, "state": "opted_in"})
    for inner in (f'{{"how": {bad}}}', f'{{"how": [{{"deep": {bad}}}]}}'):
        body = f'{evidence[:-1]}, "evidence": {inner}}}'
        assert problem_of(api.call("PUT", "/consents", data=body))[0] == 422
    assert problem_of(api.call("POST", "/contacts", data=r'{"\u0000": 1}'))[0] == 422


@pytest.mark.parametrize("value", VALUES)
def test_a_value_of_any_kind_in_any_field_is_taken_or_refused(api: ApiClient, value: Any):
    for method, path, good in BODIES:
        for name in (*good, "unknown"):
            answer = api.call(method, path, json={**good, name: value})
            assert answer.status_code < 500, (path, name)
    for inner in ({"how": value}, {"when": value}, value):
        body = {**BODIES[2][2], "state": "opted_in", "evidence": inner}
        assert api.call("PUT", "/consents", json=body).status_code in (200, 422)
    api.post("/contacts", {"phone": NUMBER, "attributes": {"a": value, "b": 1}})
    assert api.get("/contacts").status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "q=%00",
        "cursor=%00",
        "limit=1e3",
        f"limit={'9' * 5000}",
        "channel=%ff%fe",
        "address=%f0%9f%98%80",
        "address=%00",
        "contact_id=9223372036854775808",
        "from=9999-12-31&to=9999-12-31",
        "to=2999-12-31T23:59:60%2B14:00",
        "attr.=1",
        "attr.a%00=1",
        "tag=%ed%a0%80",
        "sort=changed&cursor=WyJjaGFuZ2VkIiwwLCJcdWQ4MDAiLDFd",
    ],
)
def test_an_odd_query_is_taken_or_refused(api: ApiClient, query: str):
    for path in LISTS:
        assert api.call("GET", f"{path}?{query}").status_code in (200, 422), path


def test_a_cursor_made_up_by_hand_is_taken_or_refused(api: ApiClient):
    made = [
        ["-created", 0, {"t": "0001-01-01T00:00:00+14:00"}, 1],
        ["-created", 0, {"t": "9999-12-31T23:59:59-14:00"}, 1],
        ["name", 0, "\ud800", 1],
        ["name", 1, "\0", 1],
        ["-id", 0, 2**70],
        ["-id", 0, -1],
        ["-since", 0, {"t": "2026-01-01T00:00:00+00:00"}, {"b": "00"}],
        ["-created", 0, None, None],
        ["-id", 0, None],
        ["-recorded", 0, None, None],
        ["-recorded", {}, {"t": "2026-01-01"}, 1],
        {"a": 1},
    ]
    for content in made:
        cursor = base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")
        for path in LISTS:
            for sort in ("-created", "name"):
                answer = api.get(path, cursor=cursor, sort=sort, address=NUMBER)
                assert answer.status_code in (200, 422), content


def test_a_body_beyond_the_limit_is_too_large(api: ApiClient):
    body = b" " * (33 * 1024 * 1024)

    assert problem_of(api.call("PUT", "/consents", data=body))[0] == 413
    assert problem_of(api.call("POST", "/consents/bulk", data=body))[0] == 413


def test_what_is_not_there_is_a_problem_too(api: ApiClient):
    assert problem_of(api.get("/nothing"))[:2] == (404, "not-found")
    refused = api.call("PUT", "/contacts", json={})
    assert problem_of(refused)[:2] == (405, "method-not-allowed")
    assert "POST" in refused.headers["Allow"]


@pytest.mark.parametrize("raw", [*UNREADABLE, b"\x00", b"\n\n\n", b"{}\r\n{}\r\n"])
def test_odd_lines_have_answers(api: ApiClient, raw: bytes):
    answer = api.call("POST", "/consents/bulk", data=raw, key="k")

    assert answer.status_code == 200
    assert all("problem" in json.loads(line) for line in answer.get_data().splitlines())


def test_a_line_among_odd_ones_is_recorded(api: ApiClient):
    body = b"\n".join([*UNREADABLE, json.dumps(BODIES[2][2]).encode()])
    last = api.call("POST", "/consents/bulk", data=body).get_data().splitlines()[-1]

    assert json.loads(last)["state"] == "opted_out"


def test_evidence_may_not_be_a_book(api: ApiClient):
    evidence = {**EVIDENCE, "scan": "x" * 30_000}

    refused = api.put_consent(NUMBER, "opted_in", evidence=evidence)
    assert problem_of(refused) == (422, "invalid", "evidence")
