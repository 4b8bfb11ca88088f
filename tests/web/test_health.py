"""The two questions of whoever runs Heed, and the number that open pages ask for."""

from __future__ import annotations

from flask import Flask

from tests.people import add_contact, record
from tests.visitor import visitor
from webapp.accounts.rules import Role


def test_a_process_that_is_up_says_so(app: Flask) -> None:
    assert visitor(app).get("/healthz").get_json() == {"status": "up"}


def test_it_is_ready_when_database_and_queue_answer(app: Flask) -> None:
    answer = visitor(app).get("/readyz")
    assert answer.status_code == 200
    assert answer.get_json() == {"status": "ready", "database": True, "queue": True}


def test_an_open_page_hears_of_a_change_once(app: Flask) -> None:
    reader = visitor(app, Role.VIEWER)
    number = reader.get("/changes?known=").get_data(as_text=True)
    assert reader.get(f"/changes?known={number}").status_code == 204
    with app.app_context():
        add_contact()
        record()
    moved = reader.get(f"/changes?known={number}")
    assert moved.status_code == 200
    assert moved.get_data(as_text=True) != number


def test_every_page_forbids_what_its_own_files_do_not_need(app: Flask) -> None:
    policy = visitor(app).get("/login").headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


def test_no_page_has_inline_script_or_style(app: Flask) -> None:
    admin = visitor(app, Role.ADMIN)
    with app.app_context():
        contact_id = add_contact().id
        record()
    for path in (
        "/login",
        "/account/password",
        f"/contacts/{contact_id}",
        "/dispatcher",
        "/dispatcher?tab=history",
        "/settings/keywords",
        "/nowhere",
    ):
        page = admin.get(path).get_data(as_text=True)
        assert " style=" not in page, path
        assert " hx-on" not in page, path
        assert "<script>" not in page, path
