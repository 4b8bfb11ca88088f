"""The exports page: what was made, by whom, and who may plan what goes out by email."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.ctx import AppContext
from sqlalchemy import select

from tests.people import add_user, phone, record
from tests.visitor import Visitor, words
from tests.visitor import visitor as signed_in
from webapp.accounts.rules import Role
from webapp.audit.models import AuditEntry
from webapp.core.config import Config
from webapp.core.db import db, transaction
from webapp.exports import schedules
from webapp.exports.models import ExportSchedule
from webapp.tasks import files
from webapp.tasks import service as tasks
from webapp.tasks.models import Task
from webapp.tasks.rules import TaskStatus

FORM = {
    "name": "SMS stops",
    "channel": "sms",
    "source": "",
    "only_new": "1",
    "file": "csv",
    "every": "month",
    "weekday": "3",
    "month_day": "31",
    "hour": "7",
    "zone": "Europe/Berlin",
    "recipients": "dpo@partner.example, legal@Partner.example\ndpo@partner.example",
}


@pytest.fixture
def admin(context: AppContext, app: Flask) -> Visitor:
    return signed_in(app, Role.ADMIN)


def only() -> ExportSchedule:
    found = db.session.scalars(select(ExportSchedule)).one()
    db.session.expunge(found)
    db.session.rollback()
    return found


def made_export(whole: bool = True) -> int:
    """Let a marketer have had a file made; gives the task's id."""
    actor = add_user(Role.MARKETER).actor()

    def make() -> int:
        task = tasks.start("export.xlsx", "Exclusion list of SMS as Excel", actor, total=3)
        role = "export" if whole else "draft"
        files.append(files.begin(task.id, role, "heed-sms.xlsx", "application/x"), b"the file")
        task.status, task.done = (TaskStatus.DONE if whole else TaskStatus.RUNNING), 3
        task.result = {"rows": 3}
        return task.id

    return transaction(make)


def test_an_empty_page_says_what_to_do(admin: Visitor) -> None:
    text = words(admin.get("/exports"))
    assert "No files yet" in text
    assert "Plan an export" in text
    assert "Email is not set up" in text


def test_it_lists_files_with_their_size_and_who_had_them_made(admin: Visitor) -> None:
    task_id = made_export()
    text = words(admin.get("/exports"))
    assert "Exclusion list of SMS as Excel" in text
    assert "Marketer" in text
    assert "3 rows" in text
    assert "8 Bytes" in text
    assert f'href="/exports/{task_id}/file"' in admin.text("/exports")


def test_a_file_that_is_not_whole_is_not_offered(admin: Visitor) -> None:
    task_id = made_export(whole=False)
    assert f"/exports/{task_id}/file" not in admin.text("/exports")
    assert admin.get(f"/exports/{task_id}/file").status_code == 404
    assert "exports-poll" in admin.text("/exports")


def test_whoever_may_export_may_download_and_it_is_noted(app: Flask, admin: Visitor) -> None:
    viewer = signed_in(app, Role.VIEWER)
    task_id = made_export()
    answer = admin.get(f"/exports/{task_id}/file")
    assert answer.data == b"the file"
    assert answer.headers["Content-Disposition"] == "attachment; filename=heed-sms.xlsx"
    assert answer.headers["Content-Length"] == "8"
    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.actor_name) == ("exports.downloaded", "Admin")
    assert viewer.get(f"/exports/{task_id}/file").status_code == 403
    assert "Download" not in words(viewer.get("/exports"))


def test_its_task_tells_the_rows_and_leads_back(admin: Visitor) -> None:
    task_id = made_export()
    text = admin.text(f"/tasks/{task_id}")
    assert "Rows in the file" in text
    assert 'href="/exports"' in text


def test_an_admin_plans_an_export(admin: Visitor) -> None:
    answer = admin.post("/exports/planned/new", FORM)
    assert (answer.status_code, answer.location) == (303, "/exports")
    found = only()
    assert found.recipients == ["dpo@partner.example", "legal@partner.example"]
    assert (found.every, found.on_day, found.at_hour, found.time_zone) == (
        "month",
        31,
        7,
        "Europe/Berlin",
    )
    assert (found.params, found.only_new) == ({"channel": "sms", "source": ""}, True)
    assert found.next_at is not None
    text = words(admin.get("/exports"))
    assert "SMS · only what is new · CSV" in text
    assert "Each month on day 31 at 07:00 (Europe/Berlin). Next:" in text
    assert "Not sent yet" in text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": "  "}, "Give it a name"),
        ({"name": "x" * 81}, "Give it a name"),
        ({"recipients": " , "}, "Who is to have it?"),
        ({"recipients": "ann@shop.example, not an address"}, "“not” is no email address."),
        ({"recipients": ",".join(f"a{n}@b.example" for n in range(21))}, "It goes to 20 at most."),
        ({"zone": "Mars/Olympus"}, "There is no time zone of that name."),
        ({"zone": "../etc/passwd"}, "There is no time zone of that name."),
        ({"hour": "24"}, "Choose one of the list."),
        ({"hour": "00021111"}, "Choose one of the list."),
        ({"month_day": "0" * 5000}, "Choose one of the list."),
        ({"month_day": "0"}, "Choose one of the list."),
        ({"every": ""}, "Choose how often."),
        ({"channel": "pigeon"}, "Choose one of the list."),
        ({"source": "rumour"}, "Choose one of the list."),
        ({"file": "pdf"}, "Choose CSV or Excel."),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(
    admin: Visitor, wrong: dict[str, str], said: str
) -> None:
    answer = admin.post("/exports/planned/new", {**FORM, **wrong})
    assert answer.status_code == 422
    assert said in words(answer)
    assert 'aria-invalid="true"' in answer.get_data(as_text=True)
    assert db.session.scalars(select(ExportSchedule)).all() == []


def test_a_planned_export_is_changed(admin: Visitor) -> None:
    admin.post("/exports/planned/new", FORM)
    here = f"/exports/planned/{only().id}"
    page = admin.text(here)
    assert 'value="SMS stops"' in page
    assert "dpo@partner.example\nlegal@partner.example" in page
    answer = admin.post(
        here, {**FORM, "name": "All stops", "channel": "", "every": "day"}, htmx=True
    )
    assert "dialog:close" in answer.headers["HX-Trigger"]
    found = only()
    assert (found.name, found.params["channel"], found.every) == ("All stops", "", "day")
    assert admin.post(here, {**FORM, "name": ""}).status_code == 422


def test_it_is_paused_resumed_sent_and_deleted(admin: Visitor) -> None:
    admin.post("/exports/planned/new", FORM)
    here = f"/exports/planned/{only().id}"
    admin.post(f"{here}/pause", {"active": "0"})
    assert only().next_at is None
    assert "Paused." in words(admin.get("/exports"))
    admin.post(f"{here}/pause", {"active": "1"})
    assert only().next_at is not None
    answer = admin.post(f"{here}/send")
    task = db.session.scalars(select(Task)).one()
    assert answer.location == f"/tasks/{task.id}"
    assert (task.kind, task.title) == ("export.mail", "Email “SMS stops” to 2 recipients")
    assert "Delete “SMS stops”?" in words(admin.get(f"{here}/delete"))
    admin.post(f"{here}/delete")
    assert db.session.scalars(select(ExportSchedule)).all() == []
    actions = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions == [
        "exports.planned",
        "exports.plan_paused",
        "exports.plan_resumed",
        "exports.sent_now",
        "exports.plan_deleted",
    ]


@pytest.mark.parametrize("role", [Role.VIEWER, Role.MARKETER])
def test_only_admins_send_lists_by_email(app: Flask, admin: Visitor, role: Role) -> None:
    admin.post("/exports/planned/new", FORM)
    here = f"/exports/planned/{only().id}"
    other = signed_in(app, role)
    for path in ("/exports/planned/new", here, f"{here}/delete"):
        assert other.get(path).status_code == 403
    for path in ("/exports/planned/new", here, f"{here}/send", f"{here}/pause", f"{here}/delete"):
        assert other.post(path, FORM).status_code == 403
    text = words(other.get("/exports"))
    assert "SMS stops" in text
    assert "Plan an export" not in text
    assert "Send now" not in text


def test_there_is_an_end_to_how_many_can_be_planned(
    admin: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schedules, "MOST", 1)
    admin.post("/exports/planned/new", FORM)
    answer = admin.post("/exports/planned/new", FORM)
    assert answer.status_code == 409
    assert "There are 1 planned exports already." in words(answer)


def test_what_is_gone_is_not_found(admin: Visitor) -> None:
    assert admin.get("/exports/planned/7").status_code == 404
    assert admin.post("/exports/planned/7/send").status_code == 404
    assert admin.get("/exports/7/file").status_code == 404


def test_where_email_is_set_up_nothing_is_said_about_it(app: Flask, admin: Visitor) -> None:
    before: Config = app.extensions["heed"]
    more: dict[str, Any] = {"smtp_url": "smtp://127.0.0.1:9", "email_from": "a@shop.example"}
    app.extensions["heed"] = before.model_copy(update=more)
    try:
        assert "Email is not set up" not in words(admin.get("/exports"))
    finally:
        app.extensions["heed"] = before


def test_a_name_is_never_markup(admin: Visitor) -> None:
    admin.post("/exports/planned/new", {**FORM, "name": "<script>alert(1)</script>"})
    text = admin.get("/exports").get_data(as_text=True)
    assert "<script>alert(1)" not in text
    assert "&lt;script&gt;" in text


def test_both_lists_offer_both_files(app: Flask, admin: Visitor) -> None:
    record(address=phone())
    for path, name in (("/audience", "export"), ("/audience/exclusions", "exclusions")):
        text = admin.text(f"{path}?source=api")
        for ending in ("csv", "xlsx"):
            assert f'href="/audience/{name}.{ending}?channel=whatsapp&source=api"' in text
    viewer = signed_in(app, Role.VIEWER)
    assert "Export Excel" not in viewer.text("/audience/exclusions")
