"""Idempotency-Key on every POST."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from tests.api_client import ApiClient, answers, problem_of
from tests.database import Rows
from tests.servers import wait_until
from webapp.accounts.models import IdempotentAnswer
from webapp.api.idempotency import forget_old
from webapp.consent.locks import lock_number
from webapp.contacts.addresses import key_of
from webapp.contacts.models import Contact
from webapp.contacts.rules import phone_address
from webapp.core.db import db, transaction
from webapp.core.dialect import lock
from webapp.outbox.models import Message

NUMBER = "+16505550123"
MESSAGE = {"channel": "whatsapp", "to": NUMBER, "text": "Hi", "send_at": "2027-01-01T00:00:00Z"}
OUT = {"channel": "whatsapp", "address": NUMBER, "state": "opted_out"}


@pytest.fixture
def api(app: Flask) -> ApiClient:
    return ApiClient(app)


def count(api: ApiClient, model: Any) -> int:
    with api.app.app_context():
        return db.session.scalars(select(func.count()).select_from(model)).one()


def test_a_repeat_has_the_same_answer_and_no_effect(api: ApiClient):
    first = api.post("/messages", MESSAGE, key="order-17")
    again = api.post("/messages", dict(reversed(MESSAGE.items())), key="order-17")

    assert (again.status_code, again.get_data()) == (202, first.get_data())
    assert again.headers["Idempotency-Replayed"] == "true"
    assert count(api, Message) == 1


def test_a_repeat_of_what_added_says_so_again(api: ApiClient):
    statuses = [
        api.post("/contacts", {"phone": NUMBER}, key="import-1").status_code for _ in range(2)
    ]

    assert statuses == [201, 201]


def test_another_key_or_none_is_another_call(api: ApiClient):
    for key in ("a", "b", None, None):
        api.post("/messages", MESSAGE, key=key)

    assert count(api, Message) == 4


@pytest.mark.parametrize(
    ("path", "body"),
    [("/messages", {**MESSAGE, "text": "Other"}), ("/check", {**OUT}), ("/contacts", MESSAGE)],
)
def test_a_key_belongs_to_one_request(api: ApiClient, path: str, body: dict[str, Any]):
    api.post("/messages", MESSAGE, key="order-17")
    body = body if path == "/messages" else {"channel": "sms", "address": NUMBER}
    body = {"phone": NUMBER} if path == "/contacts" else body

    refused = api.post(path, body, key="order-17")
    assert problem_of(refused)[:2] == (422, "idempotency-key-reused")


def test_another_token_may_use_the_same_key(api: ApiClient):
    api.post("/messages", MESSAGE, key="order-17")
    ApiClient(api.app).post("/messages", MESSAGE, key="order-17")

    assert count(api, Message) == 2


def test_what_was_refused_is_judged_again(api: ApiClient):
    body = {"channel": "whatsapp", "contact_id": 1, "text": "Hi"}
    assert api.post("/messages", body, key="order-17").status_code == 422
    with api.app.app_context():
        contact = Contact(id=1, phone=NUMBER, phone_key=key_of(phone_address(NUMBER)))
        transaction(lambda: db.session.add(contact))

    assert api.post("/messages", body, key="order-17").status_code == 202


def test_a_check_is_never_answered_from_memory(api: ApiClient):
    asked = {"channel": "whatsapp", "address": NUMBER}
    before = api.post("/check", asked, key="look").get_json()
    api.call("PUT", "/consents", json=OUT)
    after = api.post("/check", asked, key="look").get_json()

    assert (before["allowed"], after["allowed"]) == (True, False)
    reused = api.post("/check", {**asked, "channel": "sms"}, key="look")
    assert problem_of(reused)[:2] == (422, "idempotency-key-reused")


def test_cancelling_twice_with_a_key_answers_twice(api: ApiClient):
    message = api.post("/messages", MESSAGE).get_json()
    path = f"/messages/{message['id']}/cancel"
    first, again = (api.call("POST", path, key="c-1") for _ in range(2))

    assert (first.status_code, again.get_data()) == (200, first.get_data())


@pytest.mark.parametrize("key", ["", "x" * 201, "two words", "naïve"])
def test_a_key_that_is_misspelt_is_refused(api: ApiClient, key: str):
    refused = api.post("/messages", MESSAGE, key=key)

    assert problem_of(refused) == (422, "invalid", "Idempotency-Key")
    assert count(api, Message) == 0


def test_many_at_once_have_one_effect(api: ApiClient):
    def one(_n: int) -> tuple[int, Any]:
        answer = api.post("/messages", MESSAGE, key="order-17")
        return answer.status_code, answer.get_json().get("id")

    with ThreadPoolExecutor(10) as pool:
        seen = list(pool.map(one, range(30)))

    ids = {message_id for status, message_id in seen if status == 202}
    assert count(api, Message) == len(ids) == 1
    assert {status for status, _ in seen} <= {202, 409}


@pytest.mark.postgres
def test_a_call_in_progress_is_a_conflict(api: ApiClient, rows: Rows):
    with api.app.app_context():
        number = lock_number(key_of(phone_address(NUMBER)))
    # In a session of its own: a request ends the transaction of the test's own session first.
    with ThreadPoolExecutor(1) as pool, Session(rows.engine) as somebody:
        lock(somebody, [number], shared=False)
        slow = pool.submit(api.bulk, [OUT], key="nightly-1")
        # Of this database: other tests wait for locks in theirs at the same time.
        waiting = text(
            "SELECT count(*) FROM pg_locks JOIN pg_database AS d ON d.oid = database"
            " WHERE d.datname = current_database() AND locktype = 'advisory' AND NOT granted"
        )
        wait_until(lambda: somebody.scalar(waiting) == 1, "the call to wait for our lock")
        refused = api.bulk([OUT], key="nightly-1")
        assert not slow.done()
        somebody.rollback()

        assert problem_of(refused)[:2] == (409, "idempotency-in-progress")
        assert answers(slow.result())[0]["changed"] is True
    assert answers(api.bulk([OUT], key="nightly-1"))[0]["changed"] is True


def test_old_answers_are_forgotten(api: ApiClient):
    api.post("/messages", MESSAGE, key="order-17")
    with api.app.app_context():
        assert transaction(lambda: forget_old(timedelta(hours=24))) == 0
        assert transaction(lambda: forget_old(timedelta(0))) == 1
    assert count(api, IdempotentAnswer) == 0
