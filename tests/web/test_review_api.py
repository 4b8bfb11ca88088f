"""/reviews: what waits for a decision, and deciding it by call, once and settled."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from time_machine import travel

from tests.api_client import ApiClient, problem_of
from tests.people import add_contact, add_message, all_events, phone, record, state_of, status_of
from webapp.accounts import settings
from webapp.accounts.rules import CUSTOMER, Role
from webapp.accounts.settings import LIMITS
from webapp.consent.holds import hold
from webapp.contacts.rules import Channel, Source, State
from webapp.core import clock
from webapp.core.db import transaction
from webapp.outbox.rules import Status

BECAUSE = {"rule": "unmistakable", "words": ["stop"], "language": "en"}
OTHER = "+16505559876"


@pytest.fixture
def api(app: Flask) -> ApiClient:
    return ApiClient(app, Role.MARKETER)


def held(app: Flask, said: str = "stop it", number: str = "+16505551234") -> int:
    with app.app_context():
        to = phone(number)
        return transaction(lambda: hold(Channel.WHATSAPP, to, said, BECAUSE, actor=CUSTOMER)).id


def decide(api: ApiClient, review: int, decision: str = "opted_out", **more: Any) -> Any:
    return api.post(f"/reviews/{review}/decide", {"decision": decision}, **more)


def test_it_says_what_was_said_why_it_waits_and_until_when(app: Flask, api: ApiClient) -> None:
    with app.app_context():
        ann = add_contact().id
        add_message(send_at=clock.now() + timedelta(hours=1))
    review = held(app)
    found = api.get("/reviews").get_json()["items"][0]
    assert found["text"] == "stop it"
    assert found["because"] == BECAUSE
    assert (found["contact_id"], found["waiting_messages"]) == (ann, 1)
    assert (found["status"], found["overdue"], found["decision"]) == ("open", False, None)
    assert found["decide_by"] > found["received_at"][:10]
    assert api.get(f"/reviews/{review}").get_json() == found


def test_an_opt_out_answers_with_what_it_came_to(app: Flask, api: ApiClient) -> None:
    with app.app_context():
        add_contact()
        message = add_message(send_at=clock.now() + timedelta(hours=1)).id
    answer = decide(api, held(app))
    said = answer.get_json()
    assert answer.status_code == 200
    assert (said["decision"], said["state"]) == ("opted_out", "opted_out")
    assert (said["cancelled_messages"], said["superseded"], said["still_held"]) == (1, False, False)
    assert said["decided_by"] == "API token a marketer"
    with app.app_context():
        assert state_of() is State.OPTED_OUT
        assert status_of(message) is Status.CANCELLED
        assert all_events()[0].source is Source.REVIEW


def test_deciding_the_same_again_changes_nothing(app: Flask, api: ApiClient) -> None:
    review = held(app)
    first = decide(api, review, key="once").get_json()
    again = decide(api, review)
    assert again.get_json()["decided_at"] == first["decided_at"]
    assert decide(api, review, key="once").headers["Idempotency-Replayed"] == "true"
    with app.app_context():
        assert len(all_events()) == 1


def test_an_opt_out_that_an_opt_in_outlived_says_so_each_time(app: Flask, api: ApiClient) -> None:
    with travel(clock.now() - timedelta(hours=1)):
        review = held(app)
    with app.app_context():
        record(State.OPTED_IN)
    for _ in range(2):
        said = decide(api, review).get_json()
        assert (said["decision"], said["superseded"]) == ("opted_out", True)


def test_an_opt_in_after_the_decision_is_another_story(app: Flask, api: ApiClient) -> None:
    with travel(clock.now() - timedelta(hours=1)):
        review = held(app)
        assert decide(api, review).get_json()["superseded"] is False
    with app.app_context():
        record(State.OPTED_IN)
    said = decide(api, review).get_json()
    assert (said["state"], said["superseded"]) == ("opted_in", False)


def test_it_says_since_when_they_are_in_and_whether_that_came_after_the_reply(
    app: Flask, api: ApiClient
) -> None:
    def said(review: int) -> tuple[Any, ...]:
        found = api.get(f"/reviews/{review}").get_json()
        return found["state"], found["opted_in_at"], found["opted_in_since_reply"]

    with app.app_context():
        at = clock.now() - timedelta(hours=2)
    review = held(app)
    assert said(review) == ("unknown", None, False)
    with app.app_context():
        record(State.OPTED_IN, at=at)
    state, since, after = said(review)
    assert (state, datetime.fromisoformat(since), after) == ("opted_in", at, False)
    with app.app_context():
        record(State.OPTED_IN, source=Source.KEYWORD, at=clock.now(), address=phone("+16505559876"))
    with travel(clock.now() - timedelta(hours=1)):
        before = held(app, number="+16505559876")
    state, since, after = said(before)
    assert (state, after) == ("opted_in", True)
    assert since is not None


def test_deciding_otherwise_is_a_conflict(app: Flask, api: ApiClient) -> None:
    review = held(app)
    decide(api, review, "dismissed")
    assert decide(api, review).status_code == 409
    with app.app_context():
        assert not all_events()


def test_open_and_decided_are_two_lists_in_pages(app: Flask, api: ApiClient) -> None:
    ids = [held(app, f"stop {n}", OTHER) for n in range(3)]
    page = api.get("/reviews", limit=2).get_json()
    assert [item["id"] for item in page["items"]] == ids[:2]
    rest = api.get("/reviews", limit=2, cursor=page["next_cursor"]).get_json()
    assert ([item["id"] for item in rest["items"]], rest["next_cursor"]) == (ids[2:], None)
    decide(api, ids[0], "dismissed")
    decided = api.get("/reviews", status="decided", channel="whatsapp").get_json()["items"]
    assert [item["id"] for item in decided] == ids[:1]
    assert not api.get("/reviews", channel="sms").get_json()["items"]


def test_nobody_decides_beyond_their_role(app: Flask, api: ApiClient) -> None:
    review = held(app)
    assert decide(ApiClient(app, Role.VIEWER), review).status_code == 403
    with app.app_context():
        transaction(lambda: settings.write(LIMITS, {"only_admins_change_consent": True}))
    assert decide(api, review).status_code == 403
    assert decide(api, review, "dismissed").status_code == 403
    assert decide(ApiClient(app, Role.ADMIN), review).status_code == 200


def test_what_is_not_there_or_not_known_is_refused(app: Flask, api: ApiClient) -> None:
    assert problem_of(api.get("/reviews/99"))[0] == 404
    assert decide(api, 99).status_code == 404
    unknown = decide(api, held(app), "maybe")
    assert unknown.status_code == 422
    assert "'opted_out' or 'dismissed'" in unknown.get_data(as_text=True)
