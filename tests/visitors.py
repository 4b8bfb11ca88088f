"""Somebody signed in at the pages, with and without htmx; and counting queries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from typing import Any

from flask import Flask, has_app_context
from sqlalchemy import event
from werkzeug.test import TestResponse

from tests.people import PASSWORD, add_user
from webapp.accounts.rules import Role
from webapp.core.db import db

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class Visitor:
    """A browser without a screen, signed in as somebody of a role."""

    def __init__(self, app: Flask, role: Role = Role.MARKETER, email: str | None = None) -> None:
        self.app, self.client = app, app.test_client()
        with app.app_context():
            self.email = add_user(role, email).email
        entered = {"email": self.email, "password": PASSWORD}
        entered["csrf_token"] = _token(self._open("/login"))
        assert self._open("/login", method="POST", data=entered).status_code == 303
        self.token = _token(self._open("/audience"))

    def get(self, path: str, *, htmx: bool = False, **headers: str) -> TestResponse:
        """GET a page, or what htmx would put into it; `HX_Source="…"` gives a header."""
        return self._open(path, headers=_headers(htmx, headers))

    def post(self, path: str, *, htmx: bool = False, **fields: str) -> TestResponse:
        """POST a form as a page's own button does."""
        data = {"csrf_token": self.token, **fields}
        return self._open(path, method="POST", data=data, headers=_headers(htmx, {}))

    def text(self, path: str, *, htmx: bool = False) -> str:
        """Give the HTML of a page that must be there, entities read."""
        answer = self.get(path, htmx=htmx)
        assert answer.status_code == 200, answer.get_data(as_text=True)[-2000:]
        return unescape(answer.get_data(as_text=True))

    def in_zone(self, name: str) -> Visitor:
        """Read times in this zone from here on."""
        self.client.set_cookie("tz", name)
        return self

    def _open(self, path: str, **options: Any) -> TestResponse:
        """Send a request in a context of its own: nothing of the test's must be known to it."""
        if has_app_context():
            db.session.commit()
        with self.app.app_context():
            return self.client.open(path, buffered=True, **options)


def _token(page: TestResponse) -> str:
    found = TOKEN.search(page.get_data(as_text=True))
    assert found, "the page has no form"
    return found.group(1)


def _headers(htmx: bool, headers: dict[str, str]) -> dict[str, str]:
    own = {"HX-Request": "true", "HX-Request-Type": "partial"} if htmx else {}
    return {**own, **{name.replace("_", "-"): value for name, value in headers.items()}}


@contextmanager
def counted_queries(app: Flask) -> Iterator[list[str]]:
    """Give the statements that run meanwhile, those that only begin or end aside."""
    statements: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA")):
            statements.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)
