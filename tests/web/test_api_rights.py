"""Who may call what: tokens, roles, and the two settings that narrow a marketer."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from tests.api_client import EVIDENCE, ApiClient, problem_of
from webapp.accounts import settings
from webapp.accounts.models import ApiToken
from webapp.accounts.rules import Role
from webapp.accounts.service import revoke_token
from webapp.core.db import db, transaction

NUMBER = "+16505550123"
OUT = {"channel": "whatsapp", "address": NUMBER, "state": "opted_out"}
IN = {**OUT, "state": "opted_in", "evidence": EVIDENCE}
MESSAGE = {"channel": "whatsapp", "to": NUMBER, "text": "Hi"}
CHECK = {"channel": "whatsapp", "address": NUMBER}

SEE = {Role.VIEWER, Role.MARKETER, Role.ADMIN}
WORK = {Role.MARKETER, Role.ADMIN}

# Every call with a body that it accepts, and who may make it.
CALLS: list[tuple[str, str, Any, set[Role]]] = [
    ("GET", "/contacts", None, SEE),
    ("POST", "/contacts", {"phone": NUMBER}, WORK),
    ("GET", "/contacts/<id:contact_id>", None, SEE),
    ("PATCH", "/contacts/<id:contact_id>", {"name": "A"}, WORK),
    ("DELETE", "/contacts/<id:contact_id>", None, {Role.ADMIN}),
    ("GET", "/consents", None, SEE),
    ("PUT", "/consents", OUT, WORK),
    ("PUT", "/consents", IN, WORK),
    ("POST", "/consents/bulk", None, WORK),
    ("GET", "/opt-outs", None, SEE),
    ("GET", "/consent-events", None, SEE),
    ("GET", "/evidence", None, SEE),
    ("POST", "/check", CHECK, SEE),
    ("GET", "/messages", None, SEE),
    ("POST", "/messages", MESSAGE, WORK),
    ("GET", "/messages/<id:message_id>", None, SEE),
    ("POST", "/messages/<id:message_id>/cancel", None, WORK),
    ("GET", "/reviews", None, SEE),
    ("GET", "/reviews/<id:review_id>", None, SEE),
    ("POST", "/reviews/<id:review_id>/decide", {"decision": "dismissed"}, WORK),
]
OPEN = {"/docs", "/openapi.json"}


def path_of(rule: str) -> str:
    return (
        rule.replace("<id:contact_id>", "1")
        .replace("<id:message_id>", "1")
        .replace("<id:review_id>", "1")
    )


def test_every_call_is_in_the_table(app: Flask):
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/v1")]
    found = {
        (method, rule.rule.removeprefix("/api/v1"))
        for rule in rules
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }

    assert {(m, p) for m, p in found if p not in OPEN} == {(m, p) for m, p, _, _ in CALLS}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize(("method", "rule", "body", "may"), CALLS)
def test_a_role_may_what_the_table_says(
    app: Flask, role: Role, method: str, rule: str, body: Any, may: set[Role]
):
    answer = ApiClient(app, role).call(method, path_of(rule), json=body)

    if role in may:
        assert answer.status_code not in (401, 403)
    else:
        assert problem_of(answer)[:2] == (403, "forbidden")


@pytest.mark.parametrize(("method", "rule", "body", "may"), CALLS)
def test_nothing_goes_without_a_token(
    app: Flask, method: str, rule: str, body: Any, may: set[Role]
):
    answer = app.test_client().open(f"/api/v1{path_of(rule)}", method=method, json=body)

    assert problem_of(answer)[:2] == (401, "unauthenticated")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    "given",
    ["", "Bearer", "Bearer ", "Bearer heed_wrong", "Basic YTpi", "Basic !", "Token x", "Bearer é"],
)
def test_what_is_no_token_opens_nothing(app: Flask, given: str):
    answer = app.test_client().get("/api/v1/contacts", headers={"Authorization": given})

    assert problem_of(answer)[:2] == (401, "unauthenticated")


def test_a_revoked_token_opens_nothing(app: Flask):
    api = ApiClient(app)
    with app.app_context():
        transaction(lambda: [revoke_token(token) for token in db.session.query(ApiToken)])

    assert problem_of(api.get("/contacts"))[:2] == (401, "unauthenticated")


def test_the_description_and_its_page_are_open(app: Flask):
    client = app.test_client()

    assert client.get("/api/v1/openapi.json").status_code == 200
    assert client.get("/api/v1/docs").status_code == 200


def limit(app: Flask, **limits: bool) -> ApiClient:
    with app.app_context():
        transaction(lambda: settings.write(settings.LIMITS, limits))
    return ApiClient(app, Role.MARKETER)


def test_a_marketer_may_change_no_consent_where_only_admins_do(app: Flask):
    marketer = limit(app, only_admins_change_consent=True)

    assert marketer.call("PUT", "/consents", json=OUT).status_code == 403
    assert marketer.call("PUT", "/consents", json=IN).status_code == 403
    assert marketer.bulk([OUT]).status_code == 403
    assert ApiClient(app).call("PUT", "/consents", json=IN).status_code == 200


def test_a_marketer_may_still_opt_out_where_only_admins_resubscribe(app: Flask):
    marketer = limit(app, only_admins_resubscribe=True)

    assert marketer.call("PUT", "/consents", json=OUT).status_code == 200
    assert problem_of(marketer.call("PUT", "/consents", json=IN))[:2] == (403, "forbidden")
