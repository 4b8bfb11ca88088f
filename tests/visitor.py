"""Somebody at a browser without a screen: signs in, follows pages, sends their forms."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

from flask import Flask, has_app_context
from werkzeug.test import TestResponse

from tests.people import PASSWORD, add_user
from webapp.accounts.rules import Role
from webapp.core.db import db

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class Visitor:
    """A browser's cookies and the token of its forms; `address` is where it comes from."""

    def __init__(self, app: Flask, address: str = "127.0.0.1") -> None:
        self.app = app
        self.client = app.test_client()
        self.address = address
        self.token = ""

    def get(self, path: str, *, htmx: bool = False, **headers: str) -> TestResponse:
        """Fetch a page, or as htmx a fragment; `HX_Source="…"` gives a header."""
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._open(path, "GET", {**(HTMX if htmx else {}), **more})

    def post(
        self,
        path: str,
        data: Mapping[str, Any] | None = None,
        /,
        *,
        htmx: bool = False,
        **fields: str,
    ) -> TestResponse:
        """Send a form with its token, as a page's own button does."""
        form = {"csrf_token": self.token, **(data or {}), **fields}
        return self._open(path, "POST", HTMX if htmx else {}, data=form)

    def text(self, path: str, *, htmx: bool = False) -> str:
        """Give the HTML of a page that must be there, entities read."""
        answer = self.get(path, htmx=htmx)
        assert answer.status_code == 200, answer.get_data(as_text=True)[-2000:]
        return html.unescape(answer.get_data(as_text=True))

    def in_zone(self, name: str) -> Visitor:
        """Read times in this zone from here on."""
        self.client.set_cookie("tz", name)
        return self

    def sign_in(self, email: str, password: str = PASSWORD, **more: str) -> TestResponse:
        """Send the sign-in form."""
        self._read_token("/login")
        answer = self.post("/login", {"email": email, "password": password, **more})
        if answer.status_code == 303:
            self._read_token("/account/password")
        return answer

    def _read_token(self, path: str) -> None:
        found = TOKEN.search(self.get(path).get_data(as_text=True))
        self.token = found[1] if found else ""

    def _open(
        self, path: str, method: str, headers: Mapping[str, str], **values: Any
    ) -> TestResponse:
        """Send a request in a context of its own: nothing of the test's must be known to it."""
        if has_app_context():
            db.session.commit()
        with self.app.app_context():
            return self.client.open(
                path,
                method=method,
                headers=headers,
                buffered=True,
                environ_base={"REMOTE_ADDR": self.address},
                **values,
            )


def visitor(app: Flask, role: Role | None = None, email: str | None = None) -> Visitor:
    """Give a visitor, signed in as a new user of this role."""
    found = Visitor(app)
    if role is not None:
        with app.app_context():
            email = add_user(role, email).email
        assert found.sign_in(email).status_code == 303
    return found


def words(answer: TestResponse) -> str:
    """Give what a reader sees of an answer: its text, with single spaces."""
    text = re.sub(r"<(script|style)[^>]*>.*?</\1>|<[^>]+>", " ", answer.get_data(as_text=True))
    return " ".join(html.unescape(text).split())


def switch(answer: TestResponse, name: str) -> str:
    """Give the opening tag of the switch with this accessible name; empty where there is none."""
    tags = re.findall(r"<button[^>]*role=\"switch\"[^>]*>", answer.get_data(as_text=True))
    return next((tag for tag in tags if f'aria-label="{html.escape(name)}"' in tag), "")
