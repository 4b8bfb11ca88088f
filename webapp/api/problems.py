"""Error answers as RFC 9457 problem details, with types that do not change.

A type is `urn:heed:problem:<kind>`; docs/api.md lists the kinds. Clients compare it, people read
`detail`.
"""

from __future__ import annotations

import json
from typing import Any

from apiflask import HTTPError
from flask import Flask, Response

from webapp.core.errors import HeedError

PREFIX = "urn:heed:problem:"
MIMETYPE = "application/problem+json"

# RFC 9457, 3.1.3: the title belongs to the type and does not change between occurrences.
TITLES = {
    "bad-request": "The request cannot be read",
    "conflict": "The wish contradicts what stands",
    "forbidden": "Your role does not allow this",
    "idempotency-in-progress": "A call with this Idempotency-Key is being answered",
    "idempotency-key-reused": "This Idempotency-Key belongs to another request",
    "internal": "Something went wrong here",
    "invalid": "An input cannot be accepted",
    "not-found": "There is nothing here",
    "too-many-lines": "The call has too many lines",
    "unauthenticated": "A valid API token is needed",
}


class Malformed(HeedError):
    """The body cannot be read at all."""


def details(
    status: int, kind: str, message: str, *, field: str | None = None, **extra: Any
) -> dict[str, Any]:
    """Give the members of a problem; `field` and further members only where they say something."""
    members = {
        "type": PREFIX + kind,
        "title": TITLES.get(kind, kind.replace("-", " ").capitalize()),
        "status": status,
        "detail": message,
        "field": field,
        **extra,
    }
    return {name: value for name, value in members.items() if value is not None}


def problem(
    status: int, kind: str, message: str, *, field: str | None = None, **extra: Any
) -> Response:
    """Build the answer to a call that went wrong; a 401 says how to sign in (RFC 6750, 3)."""
    body = json.dumps(details(status, kind, message, field=field, **extra))
    response = Response(body + "\n", status, mimetype=MIMETYPE)
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="heed"'
    return response


def details_of(error: HeedError) -> dict[str, Any]:
    """Give the members of the problem that one of our own errors stands for."""
    return details(error.status, error.kind, error.message, field=error.field)


def register(app: Flask) -> None:
    """Answer what the models refuse as a problem that lists every field at fault."""

    @app.errorhandler(HTTPError)
    def _refused(error: HTTPError) -> Response:
        faults = [
            {"field": field, "message": message.removeprefix("Value error, ")}
            for fields in (error.detail if isinstance(error.detail, dict) else {}).values()
            for field, messages in fields.items()
            for message in messages
        ]
        if not faults:
            return problem(error.status_code, "invalid", error.message or "")
        first = faults[0]
        message = f"{first['field']}: {first['message']}"
        return problem(error.status_code, "invalid", message, field=first["field"], errors=faults)
