"""The contract's table of roles, row by row: through the pages, and through the API by tokens.

A refused act answers 403. One that is allowed answers anything else: most are sent to what is not
there, so that the answer is 404 or 422 and nothing else is tested but the right.
"""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from tests.api_client import EVIDENCE, ApiClient
from tests.people import NUMBER, add_contact, record, state_of
from tests.visitor import switch, visitor, words
from webapp.accounts import settings
from webapp.accounts.rules import Role
from webapp.contacts.rules import Channel, State
from webapp.core.db import transaction

NONE: dict[str, bool] = {}
CHANGE = {"only_admins_change_consent": True}
RESUBSCRIBE = {"only_admins_resubscribe": True}
LIMITS = {
    "no setting": NONE,
    "only admins change consent": CHANGE,
    "only admins resubscribe": RESUBSCRIBE,
}
V, M, A = Role.VIEWER, Role.MARKETER, Role.ADMIN
ALL, WORKS, ADMINS = {V, M, A}, {M, A}, {A}
Act = tuple[str, str]

# What stands in the contract, and the pages by which it is done: method and path.
ROWS: dict[str, tuple[set[Role], list[Act]]] = {
    "see pages, contacts, history": (
        ALL,
        [
            ("GET", "/"),
            ("GET", "/audience"),
            ("GET", "/contacts"),
            ("GET", "/contacts/{id}"),
            ("GET", "/inbox"),
            ("GET", "/opportunities"),
            ("GET", "/dispatcher"),
            ("GET", "/review"),
            ("GET", "/segments"),
            ("GET", "/settings/keywords"),
            ("GET", "/settings/consent"),
        ],
    ),
    "contacts": (WORKS, [("POST", "/contacts/new"), ("POST", "/contacts/{id}/edit")]),
    "tags": (WORKS, [("POST", "/audience/bulk/tag"), ("POST", "/audience/bulk/untag")]),
    "segments": (WORKS, [("POST", "/segments/new"), ("POST", "/segments/7/rename")]),
    "inbox replies": (WORKS, [("POST", "/inbox/7/reply")]),
    "opportunities": (
        WORKS,
        [
            ("POST", "/opportunities/new"),
            ("POST", "/opportunities/7/edit"),
            ("POST", "/opportunities/7/stage"),
            ("POST", "/opportunities/7/delete"),
        ],
    ),
    "message": (WORKS, [("POST", "/contacts/{id}/messages")]),
    "cancel": (WORKS, [("POST", "/messages/7/cancel")]),
    "import": (WORKS, [("GET", "/imports"), ("POST", "/imports/opt-outs/new")]),
    "export": (
        WORKS,
        [
            ("GET", "/audience/export.csv"),
            ("GET", "/audience/exclusions.csv"),
            ("GET", "/contacts/export.csv"),
        ],
    ),
    "merge": (ADMINS, [("POST", "/contacts/{id}/merge")]),
    "erase": (ADMINS, [("POST", "/contacts/{id}/erase")]),
    "keywords": (ADMINS, [("POST", "/settings/keywords")]),
    "policies": (ADMINS, [("POST", "/settings/consent")]),
    "users": (
        ADMINS,
        [
            ("GET", "/settings/users"),
            ("POST", "/settings/users/new"),
            ("POST", "/settings/users/7/edit"),
            ("POST", "/settings/users/7/disable"),
            ("POST", "/settings/users/7/password"),
        ],
    ),
    "audit log": (ADMINS, [("GET", "/settings/audit"), ("GET", "/settings/audit/export.csv")]),
}

# Consent, where the two settings say more: who may, under which of them.
CONSENT: dict[str, dict[str, set[Role]]] = {
    "opt out": {
        "no setting": WORKS,
        "only admins change consent": ADMINS,
        "only admins resubscribe": WORKS,
    },
    "report an opt-out": dict.fromkeys(LIMITS, WORKS),
    "opt in": {
        "no setting": WORKS,
        "only admins change consent": ADMINS,
        "only admins resubscribe": ADMINS,
    },
    "decide a review": {
        "no setting": WORKS,
        "only admins change consent": ADMINS,
        "only admins resubscribe": WORKS,
    },
    "undo one's own": {
        "no setting": WORKS,
        "only admins change consent": ADMINS,
        "only admins resubscribe": ADMINS,
    },
}


def limited(app: Flask, name: str) -> None:
    with app.app_context():
        transaction(lambda: settings.write(settings.LIMITS, LIMITS[name]))


@pytest.fixture
def ann(app: Flask) -> int:
    with app.app_context():
        return add_contact().id


@pytest.mark.parametrize("setting", LIMITS)
@pytest.mark.parametrize("role", list(Role))
def test_pages_let_a_role_do_what_the_table_says(
    app: Flask, ann: int, role: Role, setting: str
) -> None:
    visited = visitor(app, role)
    limited(app, setting)
    known = app.url_map.bind("")
    for row, (may, acts) in ROWS.items():
        for method, path in acts:
            here = path.format(id=ann)
            known.match(here, method)  # there is such a page
            answer = visited.get(here) if method == "GET" else visited.post(here)
            assert (answer.status_code != 403) is (role in may), f"{row}: {role} {here}"
            assert answer.status_code < 500, here


@pytest.mark.parametrize("setting", LIMITS)
@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("act", CONSENT)
def test_pages_let_a_role_change_consent_as_the_table_says(
    app: Flask, ann: int, act: str, role: Role, setting: str
) -> None:
    visited = visitor(app, role)
    limited(app, setting)
    here = f"/contacts/{ann}/consents/whatsapp"
    paths = {
        "opt out": (f"{here}/opt-out", {"state": "opted_out"}),
        "report an opt-out": (f"{here}/report", {}),
        "opt in": (f"{here}/opt-in", {}),
        "decide a review": ("/review/7/dismiss", {}),
        "undo one's own": ("/consent-events/7/undo", {}),
    }
    path, form = paths[act]
    allowed = role in CONSENT[act][setting]
    assert (visited.post(path, form).status_code != 403) is allowed
    if act == "opt out":
        with app.app_context():
            assert state_of() is (State.OPTED_OUT if allowed else State.UNKNOWN)


OUT = {"channel": "whatsapp", "address": NUMBER, "state": "opted_out"}
IN = OUT | {"state": "opted_in", "evidence": EVIDENCE}
API: dict[str, tuple[str, str, Any]] = {
    "opt out": ("PUT", "/consents", OUT),
    "opt in": ("PUT", "/consents", IN),
}


@pytest.mark.parametrize("setting", LIMITS)
@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("act", API)
def test_a_token_has_its_role_s_rights(app: Flask, act: str, role: Role, setting: str) -> None:
    api = ApiClient(app, role)
    limited(app, setting)
    method, path, body = API[act]
    allowed = role in CONSENT[act][setting]
    assert api.call(method, path, json=body).status_code == (200 if allowed else 403)
    assert api.call("GET", "/contacts").status_code == 200
    works = api.call("POST", "/contacts", json={"phone": "+16505550000"})
    assert (works.status_code != 403) is (role in WORKS)
    assert (api.call("DELETE", "/contacts/999").status_code != 403) is (role in ADMINS)


def test_a_marketer_who_may_not_change_consent_sees_why_and_can_report(
    app: Flask, ann: int
) -> None:
    marketer = visitor(app, Role.MARKETER)
    limited(app, "only admins change consent")
    page = marketer.get(f"/contacts/{ann}")
    tag = switch(page, "WhatsApp consent of Ann Lee")
    assert "disabled" in tag
    assert "Only admins change consent here. You can report an opt-out." in tag
    assert "Report opt-out" in words(page)
    assert marketer.post(f"/contacts/{ann}/consents/whatsapp/report").status_code == 303
    assert "On hold" in words(marketer.get(f"/contacts/{ann}"))


def test_a_marketer_who_may_not_resubscribe_can_opt_out_and_sees_why_not_in(
    app: Flask, ann: int
) -> None:
    marketer = visitor(app, Role.MARKETER)
    limited(app, "only admins resubscribe")
    name = "WhatsApp consent of Ann Lee"
    assert "disabled" not in switch(marketer.get(f"/contacts/{ann}"), name)
    with app.app_context():
        record(channel=Channel.WHATSAPP)
    tag = switch(marketer.get(f"/contacts/{ann}"), name)
    assert "disabled" in tag
    assert "Only admins resubscribe here." in tag
