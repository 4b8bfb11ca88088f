"""Exports in a real browser: Excel at once and as a task, and an export planned by email."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.ctx import AppContext
from playwright.sync_api import Download, Page, expect
from sqlalchemy import select

from jobs.tasks import RUNNERS
from tests.browser.signing_in import sign_in_as
from tests.browser.test_accessibility import axe, violations
from tests.mail_server import mail_server
from tests.people import add_contact, phone, record
from tests.sheets import Moment, sheets
from webapp.accounts.rules import Role
from webapp.core.config import Config
from webapp.core.db import db
from webapp.exports import service
from webapp.tasks import service as tasks
from webapp.tasks.models import Task

__all__ = ["axe"]  # a fixture

NUMBERS = [f"+1650555{n:04d}" for n in range(3)]


@pytest.fixture
def people(context: AppContext) -> list[str]:
    """Three contacts who opted out of WhatsApp; gives their numbers."""
    for n, number in enumerate(NUMBERS):
        add_contact(number, f"Person {n}")
        record(address=phone(number))
    db.session.rollback()  # what has read holds SQLite's lock, which the server needs
    return NUMBERS


def open_page(app: Flask, live_url: str, page: Page, path: str, role: Role) -> Page:
    sign_in_as(role, page, app, live_url, path)
    expect(page).to_have_url(f"{live_url}{path}")
    return page


def export(page: Page, name: str) -> None:
    page.locator("#export-menu summary").click()
    page.get_by_role("link", name=name).click()


def rows(download: Download, folder: Path) -> list[list[Any]]:
    """Give the rows of a downloaded Excel file, without its head."""
    path = folder / download.suggested_filename
    download.save_as(path)
    (sheet,) = sheets(path.read_bytes())
    return sheet.rows[1:]


def run_task(app: Flask) -> None:
    """Let a worker do what was begun."""

    def work() -> None:
        with app.app_context():
            task_id = db.session.scalars(select(Task.id)).one()
            db.session.rollback()
            tasks.run(task_id, RUNNERS)

    worker = threading.Thread(target=work)
    worker.start()
    worker.join()


def test_a_small_excel_file_comes_at_once(
    app: Flask, live_url: str, page: Page, people: list[str], tmp_path: Path
) -> None:
    open_page(app, live_url, page, "/audience/exclusions", Role.MARKETER)
    with page.expect_download() as started:
        export(page, "Export Excel")
    found = rows(started.value, tmp_path)
    assert sorted(row[1] for row in found) == people
    assert all(isinstance(row[2], Moment) for row in found)
    expect(page).to_have_url(f"{live_url}/audience/exclusions")


def test_a_large_one_is_made_while_one_waits_or_leaves(
    app: Flask,
    live_url: str,
    page: Page,
    people: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(service, "AT_ONCE", 1)
    open_page(app, live_url, page, "/audience", Role.MARKETER)
    export(page, "Export Excel")
    expect(page.get_by_role("heading", name="Contacts, with their consent")).to_be_visible()
    page.goto(f"{live_url}/exports")
    mine = page.get_by_role("row", name="Contacts, with their consent")
    expect(mine).to_contain_text("Waiting for its turn")
    run_task(app)
    expect(mine).to_contain_text("3 rows")
    with page.expect_download() as started:
        mine.get_by_role("link", name="Download").click()
    assert sorted(row[2] for row in rows(started.value, tmp_path)) == people


def test_an_export_is_planned_sent_and_paused(
    app: Flask, live_url: str, page: Page, people: list[str], axe: str
) -> None:
    before: Config = app.extensions["heed"]
    with mail_server() as server:
        more = {"smtp_url": server.url, "email_from": "heed@shop.example"}
        app.extensions["heed"] = before.model_copy(update=more)
        try:
            plan_and_send(app, live_url, page, axe)
        finally:
            app.extensions["heed"] = before
    assert server.recipients == ["dpo@partner.example"]


def plan_and_send(app: Flask, live_url: str, page: Page, axe: str) -> None:
    open_page(app, live_url, page, "/exports", Role.ADMIN)
    page.get_by_role("link", name="Plan an export").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("In the time zone")).to_have_value("Europe/Berlin")
    dialog.get_by_label("Opted out of").select_option(label="WhatsApp")
    dialog.get_by_label("How often").select_option(label="Each day")
    dialog.get_by_label("To", exact=True).fill("dpo@partner.example")
    assert violations(page, axe) == []
    dialog.get_by_role("button", name="Plan it").click()
    expect(dialog).to_be_hidden()
    item = page.get_by_role("listitem").filter(has_text="dpo@partner.example")
    expect(item).to_contain_text("Each day at 07:00 (Europe/Berlin). Next:")
    assert violations(page, axe) == []
    act(page, "Send now")
    expect(item).to_contain_text("Waiting for its turn")
    run_task(app)
    expect(item).to_contain_text("Done")
    act(page, "Pause")
    expect(item).to_contain_text("Paused.")


def act(page: Page, name: str) -> None:
    page.get_by_label("More for Exclusion list").click()
    page.get_by_role("button", name=name).click()
