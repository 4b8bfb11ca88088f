"""Importing contacts in a real browser, from the file to the contact's page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.ctx import AppContext
from playwright.sync_api import Page, expect

from tests.browser.test_upload import newest_task, sign_in
from tests.contact_lists import looked_at
from tests.lists import run
from tests.people import phone, record
from webapp.contacts.rules import Channel, State

ANN, BEN = "+491512345671", "+491512345672"
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def desk(app: Flask, live_url: str, page: Page, context: AppContext) -> Page:
    """A page of a marketer who is signed in."""
    return sign_in(page, live_url, app)


def test_a_list_is_mapped_run_dry_and_imported_and_who_was_out_stays_out(
    desk: Page, live_url: str, tmp_path: Path
) -> None:
    record(State.OPTED_OUT, address=phone(BEN), channel=Channel.SMS)
    path = tmp_path / "fair.csv"
    path.write_text(
        "Kunde;Handy;Ort\nAnn Lee;0151 2345671;Bonn\nBen Roe;0151 2345672;Rom\nNobody;n/a;\n"
    )
    desk.goto(f"{live_url}/imports")
    desk.get_by_role("link", name="Import contacts").first.click()
    desk.get_by_label("File", exact=True).set_input_files(path)
    desk.get_by_label("Numbers without their country code are from").select_option("DE")
    desk.get_by_role("button", name="Upload").click()
    expect(desk.get_by_role("button", name="Cancel the dry run")).to_be_visible()

    run(newest_task())
    expect(desk.get_by_label("Kunde")).to_have_value("name")
    expect(desk.get_by_label("Handy")).to_have_value("phone")
    desk.get_by_label("Ort").select_option(label="New attribute: text")
    desk.get_by_label("Add a tag to everybody").fill("Fair 2026")
    desk.get_by_role("button", name="Start the dry run").click()
    expect(desk.get_by_role("button", name="Cancel the dry run")).to_be_visible()

    run(newest_task())
    expect(desk.get_by_role("heading", name="1 stays opted out")).to_be_visible()
    expect(desk.get_by_role("table", name="Who stays opted out")).to_contain_text("Ben Roe")
    expect(desk.get_by_role("table", name="Refused rows")).to_contain_text("n/a")
    with desk.expect_download() as loaded:
        desk.get_by_role("link", name="All refused rows as CSV").click()
    assert "Nobody,n/a" in Path(loaded.value.path()).read_text("utf-8-sig")

    desk.get_by_role("button", name="Import 2 rows").click()
    expect(desk.locator("#toasts")).to_contain_text("goes on if you leave this page")
    run(newest_task())
    desk.get_by_role("link", name="See the contacts tagged “Fair 2026”").click()
    desk.get_by_role("link", name="Ben Roe").first.click()
    card = desk.get_by_role("region", name="Communication Preferences")
    expect(card).to_contain_text("Opted Out")


@pytest.mark.parametrize("width", [360, 1440])
def test_no_page_of_an_import_is_wider_than_the_screen(
    desk: Page, live_url: str, width: int
) -> None:
    titles = ",".join(f"A rather long title number {n}" for n in range(12))
    cells = ",".join(["a-very-long-cell-without-a-blank" * 3] * 12)
    task = looked_at(f"Name,Mobile,{titles}\nAnn,{ANN},{cells}\n")
    desk.set_viewport_size({"width": width, "height": 800})
    desk.goto(f"{live_url}/imports/contacts/{task.id}")
    expect(desk.get_by_role("button", name="Start the dry run")).to_be_visible()
    assert desk.evaluate(OVERFLOW) == 0
    desk.get_by_role("button", name="Start the dry run").click()
    run(newest_task())
    expect(desk.get_by_role("button", name=re.compile("Import 1 row"))).to_be_visible()
    assert desk.evaluate(OVERFLOW) == 0
    desk.goto(f"{live_url}/imports/contacts/new")
    assert desk.evaluate(OVERFLOW) == 0
