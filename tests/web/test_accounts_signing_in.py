"""Signing in, being throttled without locking others out, signing out."""

from __future__ import annotations

from datetime import timedelta

import time_machine
from flask import Flask

from tests.people import PASSWORD, add_user
from tests.visitor import Visitor, visitor, words
from webapp.accounts.rules import Role
from webapp.core import clock
from webapp.core.db import db
from webapp.core.limits import LIMITED

EMAIL = "mia@heed.example"
FAILURES = 10


def marketer(app: Flask) -> None:
    with app.app_context():
        add_user(Role.MARKETER, EMAIL)


def test_who_signs_in_comes_to_the_start(app: Flask) -> None:
    marketer(app)
    answer = visitor(app).sign_in(EMAIL)
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/"


def test_who_was_heading_somewhere_gets_there(app: Flask) -> None:
    marketer(app)
    guest = visitor(app)
    assert guest.get("/dispatcher?tab=history").headers["Location"].startswith("/login?next=")
    answer = guest.sign_in(EMAIL, next="/dispatcher?tab=history")
    assert answer.headers["Location"] == "/dispatcher?tab=history"


def test_a_sign_in_never_leads_to_another_site(app: Flask) -> None:
    marketer(app)
    for target in ("https://evil.example/", "//evil.example", "/\\evil.example"):
        assert visitor(app).sign_in(EMAIL, next=target).headers["Location"] == "/"


def test_a_wrong_password_does_not_say_what_was_wrong(app: Flask) -> None:
    marketer(app)
    guest = visitor(app)
    wrong, unknown = guest.sign_in(EMAIL, "not the password"), guest.sign_in("no@heed.example")
    assert wrong.status_code == unknown.status_code == 422
    assert "No account has that email and password." in words(wrong)
    assert "No account has that email and password." in words(unknown)


def test_a_disabled_user_cannot_sign_in_and_a_session_of_theirs_ends(app: Flask) -> None:
    with app.app_context():
        user_id = add_user(Role.ADMIN, EMAIL).id
    inside = visitor(app)
    inside.sign_in(EMAIL)
    with app.app_context():
        from webapp.accounts.models import User

        db.session.get_one(User, user_id).disabled_at = clock.now()
        db.session.commit()
    assert inside.get("/account/password").status_code == 303
    assert visitor(app).sign_in(EMAIL).status_code == 422


def test_who_is_signed_in_is_not_asked_again(app: Flask) -> None:
    assert visitor(app, Role.VIEWER).get("/login").status_code == 303


def test_the_cookie_is_signed_anew_once_a_day(app: Flask) -> None:
    inside = visitor(app, Role.VIEWER)
    assert "Set-Cookie" not in inside.get("/dispatcher").headers
    with time_machine.travel(clock.now() + timedelta(days=20)):
        assert "Set-Cookie" in inside.get("/dispatcher").headers
        assert "Set-Cookie" not in inside.get("/dispatcher").headers
    with time_machine.travel(clock.now() + timedelta(days=40)):
        assert inside.get("/dispatcher").status_code == 200


def test_who_stays_away_for_a_month_signs_in_again(app: Flask) -> None:
    inside = visitor(app, Role.VIEWER)
    with time_machine.travel(clock.now() + timedelta(days=31)):
        assert inside.get("/dispatcher").status_code == 303


def test_signing_out_ends_the_session(app: Flask) -> None:
    inside = visitor(app, Role.VIEWER)
    assert inside.post("/logout").headers["Location"] == "/login"
    assert inside.get("/account/password").status_code == 303


def test_htmx_is_sent_to_the_sign_in_page_whole(app: Flask) -> None:
    answer = visitor(app).get("/dispatcher", htmx=True)
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/login"


def test_guessing_is_stopped_where_it_comes_from(app: Flask) -> None:
    marketer(app)
    guesser = Visitor(app, "203.0.113.7")
    for _ in range(FAILURES):
        assert guesser.sign_in(EMAIL, "a guess").status_code == 422
    answer = guesser.sign_in(EMAIL, "a guess")
    assert answer.status_code == 429
    assert "Wait a minute" in words(answer)


def test_limits_are_looked_for_where_they_stand(app: Flask) -> None:
    limited = {
        endpoint
        for endpoint, view in app.view_functions.items()
        if hasattr(view, "__wrapper-limiter-instance")
    }
    assert limited == LIMITED


def test_guessing_does_not_lock_the_owner_out(app: Flask) -> None:
    marketer(app)
    guesser = Visitor(app, "203.0.113.7")
    for _ in range(FAILURES + 1):
        guesser.sign_in(EMAIL, "a guess")
    assert Visitor(app, "198.51.100.4").sign_in(EMAIL).status_code == 303


def test_sign_ins_that_succeed_are_not_counted(app: Flask) -> None:
    marketer(app)
    for _ in range(FAILURES + 2):
        assert visitor(app).sign_in(EMAIL, PASSWORD).status_code == 303


def test_a_form_of_a_page_that_was_open_for_long_says_what_to_do(app: Flask) -> None:
    guest = visitor(app)
    answer = guest.post("/login", {"email": EMAIL, "password": PASSWORD})
    assert answer.status_code == 400
    assert "Reload it and try again" in words(answer)
