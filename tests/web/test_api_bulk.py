"""POST /consents/bulk."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.api_client import EVIDENCE, ApiClient, answers, problem_of
from webapp.accounts import settings
from webapp.accounts.rules import Role
from webapp.consent.models import ConsentEvent
from webapp.core.db import db, transaction


@pytest.fixture
def api(app: Flask) -> ApiClient:
    return ApiClient(app)


def wish(n: int, state: str = "opted_out", **more: Any) -> dict[str, Any]:
    return {"channel": "sms", "address": f"+1650555{n:04}", "state": state, **more}


def event_count(api: ApiClient) -> int:
    with api.app.app_context():
        return db.session.scalars(select(func.count()).select_from(ConsentEvent)).one()


def test_each_line_has_a_result_of_its_own(api: ApiClient):
    answer = api.bulk([wish(1), wish(2, "opted_in", evidence=EVIDENCE), wish(1)])

    assert answer.mimetype == "application/x-ndjson"
    results = answers(answer)
    assert [r["line"] for r in results] == [1, 2, 3]
    assert [r["state"] for r in results] == ["opted_out", "opted_in", "opted_out"]
    assert [r["changed"] for r in results] == [True, True, False]


def test_a_line_that_cannot_be_done_harms_no_other(api: ApiClient):
    lines = [
        wish(1),
        "no json",
        "",
        "[]",
        wish(2, "opted_in"),
        {**wish(3), "channel": "pigeon"},
        {**wish(4), "address": "nobody"},
        {**wish(5), "reason": "\0"},
        '{"address": "\\ud800"}',
        wish(6),
    ]
    results = answers(api.bulk(lines))

    assert [r["line"] for r in results] == [1, 2, 4, 5, 6, 7, 8, 9, 10]
    assert [r["problem"]["status"] if "problem" in r else 200 for r in results] == [
        *(200, 400, 422, 422, 422, 422, 422, 422, 200)
    ]
    assert [r["problem"].get("field") for r in results[1:-1]] == [
        *(None, None, "evidence", "channel", "address", "reason", "address")
    ]
    assert len(api.get("/opt-outs").get_json()["items"]) == 2


def test_lines_count_in_their_order(api: ApiClient):
    results = answers(api.bulk([wish(1, "opted_in", evidence=EVIDENCE), wish(1), wish(2), wish(2)]))

    assert [r["state"] for r in results] == ["opted_in", "opted_out", "opted_out", "opted_out"]


def test_ten_thousand_lines_are_a_call_and_one_more_is_none(api: ApiClient):
    too_many = api.bulk(["{}"] * 10_001)

    assert problem_of(too_many) == (413, "too-many-lines", None)
    assert len(answers(api.bulk(["{}"] * 10_000))) == 10_000


def test_more_lines_than_fit_one_transaction_are_all_recorded(api: ApiClient):
    results = answers(api.bulk(wish(n) for n in range(110)))

    assert [r["line"] for r in results] == list(range(1, 111))
    assert all(r["changed"] for r in results)


def test_an_empty_call_has_an_empty_answer(api: ApiClient):
    assert answers(api.bulk([])) == []


def test_a_caller_who_hangs_up_loses_no_line(api: ApiClient):
    answer = api.bulk((wish(n) for n in range(110)), buffered=False)
    next(iter(answer.response))
    answer.close()

    assert event_count(api) == 110


def test_a_repeat_with_its_key_answers_the_same_and_records_nothing(api: ApiClient):
    lines = [wish(n) for n in range(110)]
    first = api.bulk(lines, key="nightly-1")
    again = api.bulk(lines, key="nightly-1")

    assert again.get_data() == first.get_data()
    assert event_count(api) == 110


def test_a_key_is_refused_for_other_lines(api: ApiClient):
    api.bulk([wish(1)], key="nightly-1")

    assert problem_of(api.bulk([wish(2)], key="nightly-1"))[:2] == (422, "idempotency-key-reused")
    assert event_count(api) == 1


def test_who_may_not_opt_in_may_still_opt_out(api: ApiClient):
    with api.app.app_context():
        transaction(lambda: settings.write(settings.LIMITS, {"only_admins_resubscribe": True}))
    marketer = ApiClient(api.app, Role.MARKETER)
    results = answers(marketer.bulk([wish(1, "opted_in", evidence=EVIDENCE), wish(2)]))

    assert results[0]["problem"]["status"] == 403
    assert results[1]["state"] == "opted_out"
