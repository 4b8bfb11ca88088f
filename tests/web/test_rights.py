"""Every route says which right it needs, and holds each role to it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.people import PASSWORD, add_user
from webapp.accounts import settings
from webapp.accounts.access import limits
from webapp.accounts.rules import ConsentLimits, Right, Role, may
from webapp.accounts.settings import LIMITS
from webapp.core.db import transaction

# Nobody needs to be signed in for these: each proves its caller itself, or gives nothing away.
OPEN = {
    "accounts.sign_in",
    "accounts.enter",
    "accounts.sign_out",
    "health.alive",
    "health.ready",
    "links.unsubscribe",
    "links.stop_messages",
    "links.preferences",
    "links.choose",
    "whatsapp_webhook.verify",
    "whatsapp_webhook.receive",
    "api.openapi",
    "api_docs.show",
}


def routes(app: Flask) -> list[tuple[str, str, str, Right | None]]:
    """Give endpoint, method, a path, and the right of every route but the static files."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        view: Any = app.view_functions[rule.endpoint]
        assert hasattr(view, "heed_right"), f"{rule.endpoint} does not say which right it needs"
        path = re.sub(r"<[^>]*channel[^>]*>", "whatsapp", str(rule))
        path = re.sub(r"<[^>]+>", "7", path)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            found.append((rule.endpoint, method, path, view.heed_right))
    return found


def test_only_these_routes_are_open_to_all(app: Flask) -> None:
    found = {endpoint for endpoint, _, path, right in routes(app) if right is None}
    apart = {endpoint for endpoint in found if "openapi" in endpoint or "docs" in endpoint}
    assert found - apart == {name for name in OPEN if "openapi" not in name and "docs" not in name}
    assert len(apart) <= 2


def test_without_a_sign_in_every_other_route_is_closed(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    for endpoint, method, path, right in routes(app):
        if right is None:
            continue
        answer = client.open(path, method=method, buffered=True)
        if path.startswith("/api/"):
            assert answer.status_code == 401, endpoint
        else:
            assert answer.status_code == 303, endpoint
            assert "/login" in answer.headers["Location"]
    app.config["WTF_CSRF_ENABLED"] = True


def signed_in(app: Flask, role: Role) -> FlaskClient:
    with app.app_context():
        user = add_user(role)
        email = user.email
    client = app.test_client()
    answer = client.post("/login", data={"email": email, "password": PASSWORD})
    assert answer.status_code == 303
    return client


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize(
    "limited",
    [
        ConsentLimits(),
        ConsentLimits(only_admins_change_consent=True),
        ConsentLimits(only_admins_resubscribe=True),
    ],
)
def test_a_role_is_refused_exactly_what_the_table_refuses(
    app: Flask, role: Role, limited: ConsentLimits
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    try:
        with app.app_context():
            transaction(lambda: settings.write(LIMITS, vars(limited)))
        client = signed_in(app, role)
        for endpoint, method, path, right in routes(app):
            if right is None or path.startswith("/api/"):
                continue
            answer = client.open(path, method=method, buffered=True)
            if not may(role, right, limited):
                assert answer.status_code == 403, f"{role} may {endpoint}"
            elif answer.status_code == 403:
                # A view may ask for a second right, by what the form wants; never by less.
                assert not all(may(role, other, limited) for other in Right), endpoint
    finally:
        app.config["WTF_CSRF_ENABLED"] = True


def test_a_form_without_its_csrf_token_is_refused(app: Flask) -> None:
    client = app.test_client()
    answer = client.post("/login", data={"email": "a@heed.example", "password": PASSWORD})
    assert answer.status_code == 400


def test_limits_are_off_by_default(app: Flask) -> None:
    with app.test_request_context():
        assert limits() == ConsentLimits()
