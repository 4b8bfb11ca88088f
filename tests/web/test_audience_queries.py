"""How often the list asks the database: the same few times, however many contacts and rows."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.ctx import AppContext

from tests.contacts.crowd import add_crowd
from tests.counting import counted_queries
from tests.visitor import Visitor
from tests.visitor import visitor as signed_in
from webapp.accounts.rules import Role


@pytest.fixture
def visitor(context: AppContext, app: Flask) -> Visitor:
    add_crowd()
    return signed_in(app, Role.MARKETER)


def asked(app: Flask, visitor: Visitor, path: str, *, htmx: bool = False) -> list[str]:
    """Give the statements of a request."""
    with counted_queries(app) as statements:
        answer = visitor.get(path, htmx=htmx)
    assert answer.status_code in (200, 204)
    return statements


def about(statements: list[str], table: str) -> int:
    return sum(f"FROM {table}" in statement for statement in statements)


def test_a_page_asks_for_each_thing_once(app, visitor):
    statements = asked(app, visitor, "/audience")
    assert len(statements) == len(set(statements)), "something is asked twice"
    # Who asks, the change number, attributes, policy, segments, tags; and the rows with their tags.
    assert len(statements) == 7, statements
    assert about(statements, "contacts") == 1


def test_the_list_alone_does_not_ask_for_the_panel(app, visitor):
    statements = asked(app, visitor, "/audience", htmx=True)
    assert len(statements) == 5, statements
    assert about(statements, "segments") == 0


@pytest.mark.parametrize(
    "query",
    [
        "q=maria",
        "q=5550012",
        "q=zqzq",
        "tag=VIP&state=opted_out&sort=name",
        "attr.city=Roma&q=an&tag=Press&sort=-changed",
        "source=review&from=2026-11-01",
    ],
)
def test_a_filter_adds_a_glance_a_look_and_a_walk_at_most(app, visitor, query):
    statements = asked(app, visitor, f"/audience?{query}", htmx=True)
    of_lists = 2 if "sort=-changed" in query else 1  # those who never changed are a list apart
    assert len(statements) <= 5 + 3 * of_lists, statements


def test_the_poll_of_an_open_page_asks_who_and_for_one_number(app, visitor):
    statements = asked(app, visitor, "/changes?known=1")
    assert len(statements) == 2, statements
    assert "users" in statements[0]
    assert "events" in statements[1]


@pytest.mark.parametrize(("query", "most"), [("", 4), ("state=opted_out", 8), ("tag=VIP&q=an", 3)])
def test_counts_take_few_statements(app, visitor, query, most):
    asked(app, visitor, f"/audience/counts?{query}", htmx=True)  # how large sets are is kept
    statements = asked(app, visitor, f"/audience/counts?{query}", htmx=True)
    assert len(statements) <= 2 + most, statements
