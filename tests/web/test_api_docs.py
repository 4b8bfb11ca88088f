"""The description of the API, its page, and the words of its problems."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask

import webapp.api.idempotency
import webapp.api.ndjson
import webapp.delivery.service  # noqa: F401
from webapp.api.problems import TITLES
from webapp.core.config import ROOT
from webapp.core.errors import HeedError


@pytest.fixture
def spec(app: Flask) -> dict[str, Any]:
    found: dict[str, Any] = app.test_client().get("/api/v1/openapi.json").get_json()
    return found


def calls(spec: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (method.upper(), path): call
        for path, operations in spec["paths"].items()
        for method, call in operations.items()
        if method != "parameters"
    }


def test_the_description_is_openapi_3_1_and_of_the_api_alone(spec: dict[str, Any]):
    assert spec["openapi"].startswith("3.1")
    assert all(path.startswith("/api/v1/") for path in spec["paths"])
    assert len(calls(spec)) == 19


def test_every_post_takes_an_idempotency_key(spec: dict[str, Any]):
    for (method, _), call in calls(spec).items():
        headers = {p["name"] for p in call["parameters"] if p["in"] == "header"}
        assert ("Idempotency-Key" in headers) is (method == "POST")


def test_every_call_has_a_summary_roles_and_an_answer_of_its_own(spec: dict[str, Any]):
    for call in calls(spec).values():
        assert call["summary"]
        assert call["x-roles"]
        good = [r for status, r in call["responses"].items() if status.startswith("2")]
        assert all(next(iter(r["content"].values()))["schema"] for r in good)


def test_the_description_names_no_host(app: Flask):
    answer = app.test_client().get("/api/v1/openapi.json", headers={"Host": "evil.example"})

    assert b"evil" not in answer.get_data()


def test_the_page_shows_every_call(app: Flask, spec: dict[str, Any]):
    page = app.test_client().get("/api/v1/docs").get_data(as_text=True)

    for method, path in calls(spec):
        assert f"{method} {path}" in page
    assert "cancelled_messages" in page
    assert not re.search(r"<script(?![^>]*src=)|\sstyle=|\son\w+=", page)


def kinds(error: type[HeedError] = HeedError) -> set[str]:
    return {error.kind}.union(*(kinds(sub) for sub in error.__subclasses__()))


def test_every_kind_of_problem_is_documented():
    documented = (ROOT / "docs" / "api.md").read_text()

    assert [kind for kind in kinds() | set(TITLES) if f"| `{kind}` |" not in documented] == []
