"""The description holds: what it allows and what it forbids is answered as it says."""

from __future__ import annotations

import json
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import CHECKS

from tests.api_client import ApiClient
from webapp.api.spec import PATH

EXAMPLES = 10
# What a schema cannot say: an address that is one, and what is really there.
REAL: dict[str, Any] = {
    "address": "+16505550100",
    "to": "+16505550100",
    "phone": "+16505550100",
    "email": "ann@example.com",
    "cursor": "",
    "text": "Hi",
    # What excludes another field, or must have been made before.
    "template": None,
    "contact_id": None,
    "category": None,
    "send_at": None,
    "attributes": {"city": "Oslo"},
}


@schemathesis.serializer("application/x-ndjson")
def as_lines(context: Any, value: Any) -> Any:
    """Write a body of one line."""
    return value if isinstance(value, bytes) else json.dumps(value).encode()


@schemathesis.deserializer("application/x-ndjson")
def first_line(context: Any, response: Any) -> Any:
    """Read an answer of one line."""
    return json.loads(response.content.splitlines()[0])


@pytest.fixture
def api(app: Flask) -> ApiClient:
    api = ApiClient(app)
    api.post("/contacts", {"name": "Ann", "phone": "+16505550100"})
    api.post("/messages", {"channel": "whatsapp", "contact_id": 1, "text": "Hi"})
    return api


def answer_all(api: ApiClient, mode: GenerationMode, left_out: set[str], *, real: bool) -> set[int]:
    """Make many calls of each kind and check their answers; gives the statuses seen."""
    schema = schemathesis.openapi.from_wsgi(f"{PATH}/openapi.json", api.app)
    seen: set[int] = set()
    for found in schema.get_all_operations():
        operation: Any = found.ok()  # type: ignore[union-attr]
        # A stream refuses line by line.
        streams = {"negative_data_rejection"} if operation.path.endswith("/bulk") else set()
        seen |= answer_one(api, operation, mode, left_out | streams, real=real)
    return seen


def answer_one(
    api: ApiClient, operation: Any, mode: GenerationMode, left_out: set[str], *, real: bool
) -> set[int]:
    seen = set()
    excluded: Any = CHECKS.get_by_names(sorted(left_out))

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def answered(case: Case[Any]) -> None:
        for part in (case.body, case.query) if real else ():
            if isinstance(part, dict):
                part.update({name: REAL[name] for name in part if name in REAL})
        case.path_parameters.update(dict.fromkeys(case.path_parameters, 1) if real else {})
        answer = case.call_and_validate(
            headers={"Authorization": f"Bearer {api.secret}"},
            excluded_checks=excluded,
        )
        seen.add(answer.status_code)

    answered()
    return seen


def test_what_the_description_allows_is_answered_as_it_says(api: ApiClient):
    # The rules refuse more than a schema can say.
    left_out = {"positive_data_acceptance"}

    assert {200, 202} <= answer_all(api, GenerationMode.POSITIVE, left_out, real=True)
    assert answer_all(api, GenerationMode.POSITIVE, left_out, real=False)


def test_what_the_description_forbids_is_refused(api: ApiClient):
    assert {400, 404, 422} <= answer_all(api, GenerationMode.NEGATIVE, set(), real=False)
