"""Calling the API as a token of some role does."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from webapp.accounts.rules import Role
from webapp.accounts.service import create_token
from webapp.core.db import transaction

EVIDENCE = {"how": "web form", "where": "checkout", "wording": "Send me offers"}


class ApiClient:
    """Calls under /api/v1 with a token of its own; safe to use from several threads."""

    def __init__(self, app: Flask, role: Role = Role.ADMIN) -> None:
        self.app = app
        with app.app_context():
            self.secret = transaction(lambda: create_token(f"a {role}", role)[1])

    def call(
        self, method: str, path: str, *, key: str | None = None, **options: Any
    ) -> TestResponse:
        """Send one request, with `key` as its Idempotency-Key."""
        headers = {"Authorization": f"Bearer {self.secret}", **options.pop("headers", {})}
        if key is not None:
            headers["Idempotency-Key"] = key
        options.setdefault("buffered", True)
        client = self.app.test_client()
        return client.open(f"/api/v1{path}", method=method, headers=headers, **options)

    def get(self, path: str, **query: Any) -> TestResponse:
        """GET with these parameters."""
        return self.call("GET", path, query_string=query)

    def post(self, path: str, body: Any = None, **options: Any) -> TestResponse:
        """POST a JSON body."""
        return self.call("POST", path, json=body, **options)

    def put_consent(
        self, address: str, state: str, channel: str = "whatsapp", **more: Any
    ) -> TestResponse:
        """PUT /consents."""
        body = {"channel": channel, "address": address, "state": state, **more}
        return self.call("PUT", "/consents", json=body)

    def bulk(self, lines: Iterable[Any], **options: Any) -> TestResponse:
        """POST /consents/bulk; a line that is no text is written as JSON."""
        body = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
        return self.call("POST", "/consents/bulk", data=body, **options)


def answers(response: TestResponse) -> list[dict[str, Any]]:
    """Give the lines of an NDJSON answer."""
    return [json.loads(line) for line in response.get_data(as_text=True).splitlines()]


def problem_of(response: TestResponse) -> tuple[int, str, str | None]:
    """Give the status, the kind and the field of a problem, and check that it is one."""
    assert response.mimetype == "application/problem+json"
    body = response.get_json()
    assert body["status"] == response.status_code
    assert body["title"]
    assert body["detail"]
    return response.status_code, body["type"].removeprefix("urn:heed:problem:"), body.get("field")
