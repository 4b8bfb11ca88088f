"""The pages of tasks: the list, one task while it runs and after, cancel, files, the strip."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.ctx import AppContext
from sqlalchemy import update

from tests.people import add_user
from tests.visitor import Visitor, words
from tests.visitor import visitor as signed_in
from webapp.accounts.models import User
from webapp.accounts.rules import Role
from webapp.audit.models import AuditEntry
from webapp.core import clock
from webapp.core.db import db, transaction
from webapp.tasks import files, service
from webapp.tasks.models import Task
from webapp.tasks.rules import TaskStatus

FILTERS = [["channel", "sms"], ["tag", "VIP"]]
PARAMS = {"channels": ["sms"], "filters": FILTERS, "zone": "UTC"}


@pytest.fixture
def visitor(context: AppContext, app: Flask) -> Visitor:
    return signed_in(app, Role.MARKETER)


def me(role: Role = Role.MARKETER) -> User:
    found = db.session.query(User).filter_by(role=role).first()
    return found or add_user(role)


def add_task(user: User | None = None, kind: str = "bulk.opt_out", **values: Any) -> int:
    """Start a task and set how it stands; gives its id."""
    actor = (user or me()).actor()
    total = values.pop("total", 200)
    values.setdefault("params", PARAMS)

    def add() -> int:
        task = service.start(kind, "Opting out 200 contacts of SMS", actor, total=total)
        for name, value in values.items():
            setattr(task, name, value)
        db.session.flush()
        return task.id

    task_id = transaction(add)
    db.session.rollback()
    return task_id


def running(**values: Any) -> int:
    return add_task(status=TaskStatus.RUNNING, lease="x", **values)


def test_the_list_is_empty_at_first_and_says_what_comes_here(visitor):
    assert "No tasks yet" in visitor.text("/tasks")


def test_the_list_has_title_who_when_status_and_result(visitor):
    add_task(status=TaskStatus.DONE, done=200, result={"sms.changed": 190, "cancelled": 3})
    said = words(visitor.get("/tasks"))
    assert "Opting out 200 contacts of SMS" in said
    assert "Marketer" in said
    assert "Done" in said
    assert "190 opted out of SMS" in said
    assert "3 waiting messages cancelled" in said


def test_the_list_fetches_itself_only_while_something_goes_on(visitor):
    add_task(status=TaskStatus.DONE)
    assert "every 2s" not in visitor.text("/tasks")
    running(done=50)
    assert "every 2s" in visitor.text("/tasks")
    assert "<html" not in visitor.text("/tasks", htmx=True)


def test_a_running_task_shows_its_progress_and_fetches_itself(visitor):
    task_id = running(done=50, created_at=clock.now() - timedelta(minutes=1))
    text = visitor.text(f"/tasks/{task_id}")
    assert re.search(r'<progress[^>]*aria-label="Progress of Opting out[^>]*value="25"', text, re.S)
    assert "every 1s" in text
    said = words(visitor.get(f"/tasks/{task_id}"))
    assert "50 of 200 · 25 % · about 3 minutes left" in said
    assert "Running" in said
    assert "Cancel the rest" in said


def test_where_the_size_is_not_known_the_bar_has_no_value(visitor):
    task_id = running(total=None, done=7)
    text = visitor.text(f"/tasks/{task_id}", htmx=True)
    tag = re.search(r"<progress[^>]*>", text)
    assert tag
    assert "value=" not in tag.group(0)
    assert "7 so far" in text


def test_an_ended_task_tells_each_count_in_words_and_stops_fetching(visitor):
    result = {
        "sms.changed": 1190,
        "sms.already": 5,
        "sms.no_address": 4,
        "sms.gone": 1,
        "cancelled": 1,
    }
    task_id = add_task(status=TaskStatus.DONE, done=200, result=result, ended_at=clock.now())
    text = visitor.text(f"/tasks/{task_id}")
    assert "every 1s" not in text
    assert "Cancel the rest" not in text
    said = words(visitor.get(f"/tasks/{task_id}"))
    assert "Opted out of SMS 1,190" in said
    assert "Opted out of SMS already 5" in said
    assert "Without an address on SMS 4" in said
    assert "No longer there 1" in said
    assert "Waiting messages cancelled 1" in said
    assert "/audience?channel=sms&state=opted_out" in text


def test_a_newer_opt_out_is_told_in_words(visitor):
    task_id = add_task(kind="bulk.opt_in", status=TaskStatus.DONE, result={"sms.stands": 2})
    said = words(visitor.get(f"/tasks/{task_id}"))
    assert "Still opted out of SMS: the opt-out is newer than the consent 2" in said


def test_counts_of_a_kind_that_brings_no_words_have_their_names(visitor):
    task_id = add_task(
        kind="other.thing", status=TaskStatus.DONE, result={"rows_read": 2, "x": "y"}
    )
    assert "Rows read 2" in words(visitor.get(f"/tasks/{task_id}"))


def test_it_leads_back_to_the_list_that_it_came_from(visitor):
    task_id = add_task(status=TaskStatus.DONE)
    assert 'href="/audience?channel=sms&tag=VIP"' in visitor.text(f"/tasks/{task_id}")
    assert 'href="/audience?q=x"' in visitor.text(f"/tasks/{task_id}?next=/audience?q=x")
    assert "evil" not in visitor.text(f"/tasks/{task_id}?next=//evil.example/").split("<main")[1]


def test_an_error_is_a_sentence(visitor):
    task_id = add_task(status=TaskStatus.FAILED, error="Marketer may not do this any more.")
    text = visitor.text(f"/tasks/{task_id}")
    assert "Marketer may not do this any more." in text
    assert "Failed" in text
    assert "Marketer may not do this any more." in visitor.text("/tasks")


def test_who_started_it_cancels_it(visitor):
    task_id = running()
    answer = visitor.post(f"/tasks/{task_id}/cancel", htmx=True)
    assert answer.status_code == 200
    assert "heed:task" in answer.headers["HX-Trigger"]
    assert db.session.get_one(Task, task_id).status is TaskStatus.CANCELLED
    again = visitor.post(f"/tasks/{task_id}/cancel", htmx=True)
    assert again.status_code == 409
    assert "It has ended already." in words(again)


def test_without_javascript_cancel_leads_back_to_the_task(visitor):
    task_id = running()
    answer = visitor.post(f"/tasks/{task_id}/cancel")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/tasks/{task_id}")
    assert "Cancelled. What is done stays done." in visitor.text(f"/tasks/{task_id}")


def polls(visitor: Visitor, page: str) -> list[str]:
    """Give after how many seconds a page asks again."""
    return re.findall(r"every (\d+)s", visitor.text(page, htmx=True))


def made(task_id: int, role: str = "made") -> None:
    """Give a task a file of two pieces."""

    def write() -> None:
        file_id = files.begin(task_id, role, "opt-outs “x”.csv", "text/csv; charset=utf-8")
        files.append(file_id, b"number\r\n")
        files.append(file_id, b"+16505550100\r\n")

    transaction(write)
    db.session.rollback()


def test_a_file_goes_to_who_started_the_task_and_to_admins_alone(app, visitor):
    task_id = add_task(status=TaskStatus.DONE)
    made(task_id)
    path = f"/tasks/{task_id}/files/made"
    assert path in visitor.text(f"/tasks/{task_id}")
    answer = visitor.get(path)
    assert answer.get_data() == b"number\r\n+16505550100\r\n"
    assert answer.headers["Content-Length"] == "22"
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename")
    assert signed_in(app, Role.ADMIN).get(path).status_code == 200

    other = signed_in(app, Role.MARKETER, "other@heed.example")
    assert other.get(path).status_code == 403
    assert path not in other.text(f"/tasks/{task_id}")
    assert signed_in(app, Role.VIEWER).get(path).status_code == 403
    assert visitor.get(f"/tasks/{task_id}/files/none").status_code == 404


def test_who_took_a_file_is_noted_whichever_page_it_was_on(app, visitor):
    task_id = add_task(kind="export.xlsx", status=TaskStatus.DONE)
    made(task_id)
    made(task_id, "export")
    admin = signed_in(app, Role.ADMIN)
    for who, path in (
        (visitor, f"/tasks/{task_id}/files/made"),
        (visitor, f"/tasks/{task_id}/files/export"),
        (admin, f"/exports/{task_id}/file"),
    ):
        assert who.get(path).status_code == 200
    noted = db.session.query(AuditEntry).order_by(AuditEntry.id).all()
    assert [(entry.action, entry.actor_name) for entry in noted] == [
        ("task.file_downloaded", "Marketer"),
        ("exports.downloaded", "Marketer"),
        ("exports.downloaded", "Admin"),
    ]
    assert {entry.detail["task_id"] for entry in noted} == {task_id}


def test_a_task_that_waits_for_its_time_is_looked_at_seldom(app, visitor):
    ahead = clock.now() + timedelta(hours=1)
    task_id = add_task(kind="export.mail", status=TaskStatus.WAITING, beat_at=ahead)
    pages = ("/tasks", f"/tasks/{task_id}", "/tasks/strip", "/exports")
    for page in pages:
        assert polls(visitor, page) == ["30"]
    transaction(lambda: db.session.execute(update(Task).values(beat_at=clock.now())))
    assert [polls(visitor, page) for page in pages] == [["2"], ["1"], ["2"], ["2"]]
    transaction(lambda: db.session.execute(update(Task).values(beat_at=ahead)))
    running()
    assert polls(visitor, "/tasks") == ["2"]
    transaction(lambda: db.session.execute(update(Task).values(status=TaskStatus.DONE)))
    assert polls(visitor, "/tasks") == []


def test_others_look_and_only_admins_cancel(app, visitor):
    task_id = running()
    other = signed_in(app, Role.MARKETER, "other@heed.example")
    assert "Cancel the rest" not in other.text(f"/tasks/{task_id}")
    assert other.post(f"/tasks/{task_id}/cancel").status_code == 403
    viewer = signed_in(app, Role.VIEWER)
    assert "Cancel the rest" not in viewer.text(f"/tasks/{task_id}")
    assert viewer.post(f"/tasks/{task_id}/cancel").status_code == 403
    assert signed_in(app, Role.ADMIN).post(f"/tasks/{task_id}/cancel").status_code == 303


def test_what_is_not_there_is_said_so(visitor):
    assert visitor.get("/tasks/999").status_code == 404
    assert visitor.post("/tasks/999/cancel").status_code == 404
    assert visitor.get("/tasks/999/files/made").status_code == 404
    assert visitor.get("/tasks/strip?watching=999", htmx=True).status_code == 404
    assert visitor.get("/tasks/strip?watching=nonsense", htmx=True).status_code == 200


def test_the_strip_shows_ones_own_task_while_it_goes_on_and_then_how_it_ended(visitor):
    assert "every" not in visitor.text("/tasks/strip", htmx=True)
    task_id = running(done=68)
    text = visitor.text("/tasks/strip", htmx=True)
    assert f"/tasks/{task_id}" in text
    assert "34 %" in text
    assert "every 2s" in text
    assert f"watching={task_id}" in text
    transaction(lambda: db.session.execute(update(Task).values(status=TaskStatus.DONE)))
    ended = visitor.text(f"/tasks/strip?watching={task_id}", htmx=True)
    assert "every" not in ended
    assert "See the result" in ended
    assert "See the result" not in visitor.text("/tasks/strip", htmx=True)


def test_the_strip_is_ones_own(app, visitor):
    task_id = running()
    other = signed_in(app, Role.ADMIN)
    assert "Opting out" not in other.text("/tasks/strip", htmx=True)
    assert "Opting out" not in other.text(f"/tasks/strip?watching={task_id}", htmx=True)


def test_the_strip_costs_the_list_nothing(app, visitor):
    running()
    page = visitor.text("/audience")
    assert 'hx-get="/tasks/strip"' in page
    assert "Opting out" not in page
    assert "/tasks/strip" not in signed_in(app, Role.VIEWER).text("/audience")


def test_tasks_stand_in_the_navigation(visitor):
    assert re.search(r'href="/tasks"\s+aria-current="page"', visitor.text("/tasks"))
