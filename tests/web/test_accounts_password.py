"""Changing one's own password."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.people import PASSWORD
from tests.visitor import Visitor, visitor, words
from webapp.accounts.rules import Role

NEW = "a new and longer one"


def change(guest: Visitor, **values: str) -> tuple[int, str]:
    form = {"current": PASSWORD, "password": NEW, "again": NEW} | values
    answer = guest.post("/account/password", form)
    return answer.status_code, words(answer)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"current": "wrong"}, "That is not your current password."),
        ({"password": "short", "again": "short"}, "10 characters or more"),
        ({"again": "another"}, "The two new passwords differ."),
    ],
)
def test_a_change_that_cannot_be_says_why_at_its_field(
    app: Flask, values: dict[str, str], said: str
) -> None:
    status, text = change(visitor(app, Role.VIEWER), **values)
    assert status == 422
    assert said in text


def test_the_new_password_counts_and_other_sessions_end(app: Flask) -> None:
    here, there = visitor(app, Role.VIEWER), Visitor(app)
    there.sign_in("viewer@heed.example")
    assert change(here)[0] == 303
    assert here.get("/account/password").status_code == 200
    assert there.get("/account/password").status_code == 303
    assert Visitor(app).sign_in("viewer@heed.example").status_code == 422
    assert Visitor(app).sign_in("viewer@heed.example", NEW).status_code == 303
