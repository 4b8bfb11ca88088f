"""An id that no database holds is not found, on every page that takes one."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from werkzeug.routing import IntegerConverter, Rule

from tests.visitor import Visitor, visitor
from webapp.accounts.rules import Role
from webapp.core.web import LARGEST_ID, IdConverter, read_id

IN_PATH = re.compile(r"<(?:[^:<>]*:)?(\w+)>")


@pytest.fixture
def admin(app: Flask) -> Visitor:
    return visitor(app, Role.ADMIN)


def rules(app: Flask) -> list[Rule]:
    """Every route with an id in it."""
    found = [
        rule
        for rule in app.url_map.iter_rules()
        if any(isinstance(one, IdConverter) for one in rule._converters.values())
    ]
    assert len(found) > 30
    return found


@pytest.mark.parametrize("number", ["0", str(LARGEST_ID + 1), "9" * 40, "٣"])
def test_an_id_that_no_database_holds_is_not_found(app: Flask, admin: Visitor, number: str) -> None:
    for rule in rules(app):
        path = IN_PATH.sub(lambda name: "email" if name[1] == "channel" else number, str(rule))
        if path.startswith("/api/"):
            continue
        asks_by_get = "GET" in (rule.methods or ())
        answer = admin.get(path) if asks_by_get else admin.post(path)
        assert answer.status_code == 404, path


def test_every_number_in_an_address_is_such_an_id(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        assert not any(isinstance(one, IntegerConverter) for one in rule._converters.values()), rule


@pytest.mark.parametrize(
    ("text", "number"),
    [("1", 1), (str(LARGEST_ID), LARGEST_ID), ("", None), ("01", None), ("-1", None), ("²", None)],
)
def test_an_id_in_a_form_is_read_alike(text: str, number: int | None) -> None:
    assert read_id(text) == number
