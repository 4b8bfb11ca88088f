"""Uploading a list, and segments, in a real browser."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.ctx import AppContext
from playwright.sync_api import Browser, Page, expect

from tests.lists import run, upload
from tests.people import PASSWORD, add_contact, add_message, add_user, phone, record, state_of
from webapp.accounts.rules import Role
from webapp.contacts.models import AttributeDefinition
from webapp.contacts.rules import Channel, State
from webapp.contacts.tags import named
from webapp.core.db import db
from webapp.imports import uploads
from webapp.tasks import queries

NUMBERS = [f"+1650555{n:04d}" for n in range(20)]


def sign_in(page: Page, url: str, app: Flask) -> Page:
    with app.app_context():
        email = add_user(Role.MARKETER).email
    page.goto(f"{url}/login")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).not_to_have_url(re.compile("/login"))
    return page


@pytest.fixture
def desk(app: Flask, live_url: str, page: Page, context: AppContext) -> Page:
    """A page of a marketer who is signed in."""
    return sign_in(page, live_url, app)


@pytest.fixture
def people(context: AppContext) -> None:
    """Twenty contacts; the first ten opted out, the even ones tagged."""
    for n in range(30):
        db.session.add(AttributeDefinition(name=f"a{n}", label=f"Attribute {n}", kind="text"))
    tagged = named(["Even", *(f"Campaign {n:03d}" for n in range(40))])
    even = [tag for tag in tagged if tag.name == "Even"]
    for n, number in enumerate(NUMBERS):
        contact = add_contact(number, f"Person {n:02d}")
        contact.tags = even if n % 2 == 0 else []
        db.session.commit()
        if n < 10:
            record(address=phone(number))
    db.session.rollback()


def newest_task() -> int:
    found = queries.recent()[0].id
    db.session.rollback()
    return found


def test_a_list_is_chosen_checked_changed_confirmed_and_recorded(
    desk: Page, live_url: str, tmp_path: Path
) -> None:
    add_contact(NUMBERS[0], "Ann")
    add_message(address=phone(NUMBERS[0]), channel=Channel.SMS)
    db.session.rollback()
    path = tmp_path / "stops.csv"
    path.write_text(f"Mobile;Name\n{NUMBERS[0]};Ann\n{NUMBERS[1]};Ben\n0151 2345678;Cem\n")
    desk.goto(f"{live_url}/audience/exclusions?channel=sms")
    desk.get_by_role("link", name="Upload list").click()
    desk.wait_for_url("**/imports/opt-outs/new*")  # with its script, which asks for a channel
    desk.get_by_label("File", exact=True).set_input_files(path)
    # The channel of the list that one comes from.
    desk.get_by_label("SMS").uncheck()
    desk.get_by_role("button", name="Upload and check").click()
    # The browser itself says that a channel is missing; the file stays chosen.
    expect(desk).to_have_url(re.compile("/imports/opt-outs/new"))
    desk.get_by_label("SMS").check()
    desk.get_by_label("Where the list comes from").fill("Old tool")
    desk.get_by_role("button", name="Upload and check").click()
    expect(desk.get_by_role("button", name="Cancel the check")).to_be_visible()

    run(newest_task())
    expect(desk.get_by_role("button", name="Opt out 2 addresses")).to_be_visible()
    expect(desk.get_by_text("1 waiting message will be cancelled.")).to_be_visible()
    refused = desk.get_by_role("table", name="Refused rows")
    expect(refused).to_contain_text("seems to lack its country code")

    desk.get_by_text("Change how the file is read").click()
    desk.get_by_label("Numbers without their country code are from").select_option("DE")
    desk.get_by_role("button", name="Check again").click()
    run(newest_task())
    desk.get_by_role("button", name="Opt out 3 addresses").click()
    expect(desk.locator("#toasts")).to_contain_text("goes on if you leave this page")
    run(newest_task())
    desk.get_by_role("link", name="See the exclusion list").click()
    desk.get_by_role("link", name="SMS").click()
    expect(desk.get_by_role("row", name=re.compile(r"\+491512345678"))).to_contain_text("Old tool")
    assert state_of(phone(NUMBERS[1]), Channel.SMS) is State.OPTED_OUT


def test_a_file_that_is_too_large_is_not_even_sent(
    desk: Page, live_url: str, tmp_path: Path
) -> None:
    path = tmp_path / "large.csv"
    path.write_bytes(b"1" * (uploads.MOST_BYTES + 1))
    desk.goto(f"{live_url}/imports/opt-outs/new")
    desk.get_by_label("File", exact=True).set_input_files(path)
    desk.get_by_label("SMS").check()
    desk.get_by_role("button", name="Upload and check").click()
    expect(desk.locator("[data-upload-error]")).to_contain_text("a list may be up to 50 MB")
    assert queries.recent() == []


def test_what_the_server_refuses_stands_beside_the_file_that_is_still_chosen(
    app: Flask, context: AppContext, browser: Browser, live_url: str, tmp_path: Path
) -> None:
    # A page of its own: the console calls every 422 an error.
    desk = sign_in(browser.new_page(locale="en-GB"), live_url, app)
    path = tmp_path / "empty.csv"
    path.write_bytes(b"")
    desk.goto(f"{live_url}/imports/opt-outs/new")
    desk.get_by_label("File", exact=True).set_input_files(path)
    desk.get_by_label("SMS").check()
    with desk.expect_response(re.compile("/imports/opt-outs/new")) as answer:
        desk.get_by_role("button", name="Upload and check").click()
    assert answer.value.status == 422
    expect(desk.locator("[data-upload-error]")).to_have_text("This file is empty.")
    name = "document.querySelector('#file').files[0].name"
    assert desk.evaluate(name) == "empty.csv"
    desk.context.close()


def test_a_check_and_its_badge_stand_on_one_line(desk: Page, live_url: str) -> None:
    task_id = upload(NUMBERS[0])
    desk.goto(f"{live_url}/imports/{task_id}")
    lower = """(status) => {
        const words = document.createRange();
        words.selectNode(status.firstChild);
        const [one, other] = [words, status.querySelector(".status")].map((each) => {
            const box = each.getBoundingClientRect();
            return box.top + box.height / 2;
        });
        return one - other;
    }"""
    assert abs(desk.get_by_role("status").filter(has_text="Check:").evaluate(lower)) <= 1


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_no_page_of_an_upload_is_wider_than_the_screen(
    desk: Page, live_url: str, width: int, tmp_path: Path
) -> None:
    path = tmp_path / f"{'a-very-long-name-' * 8}.csv"
    path.write_text(f"phone\n{NUMBERS[0]}\n{'nobody' * 40}\n")
    desk.set_viewport_size({"width": width, "height": 800})
    desk.goto(f"{live_url}/imports/opt-outs/new")
    desk.get_by_label("File", exact=True).set_input_files(path)
    desk.get_by_label("SMS").check()
    desk.get_by_role("button", name="Upload and check").click()
    expect(desk.get_by_role("button", name="Cancel the check")).to_be_visible()
    run(newest_task())
    expect(desk.get_by_role("button", name="Opt out 1 address")).to_be_visible()
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert desk.evaluate(overflow) == 0
    desk.goto(f"{live_url}/imports")
    assert desk.evaluate(overflow) == 0


def test_filters_become_a_segment_that_can_be_used_and_changed(
    desk: Page, live_url: str, people: None
) -> None:
    desk.goto(f"{live_url}/audience")
    panel = desk.get_by_role("complementary", name="Filters")
    panel.get_by_label("Opted Out").check()
    expect(desk.locator("tr[data-state]")).to_have_count(10)
    panel.get_by_text("Tags", exact=True).click()
    find = panel.get_by_label("Find a tag")
    find.press_sequentially("eve")
    expect(panel.get_by_role("group", name="Tags").get_by_role("checkbox")).to_have_count(1)
    expect(find).to_be_focused()
    panel.get_by_label("Even", exact=True).check()
    expect(desk.locator("tr[data-state]")).to_have_count(5)

    desk.get_by_role("link", name="Save as segment").click()
    dialog = desk.get_by_role("dialog")
    expect(dialog.get_by_label("Name")).to_have_value("WhatsApp, Opted Out, Tag: Even")
    dialog.get_by_label("Name").fill("Even and out")
    desk.keyboard.press("Enter")
    expect(desk.locator(".chip-segment")).to_contain_text("Even and out")

    desk.get_by_role("link", name="Tag: Even").click()
    expect(desk.locator("tr[data-state]")).to_have_count(10)
    expect(desk.locator(".chip-segment")).to_contain_text("changed")
    panel.get_by_role("link", name="Even and out").click()
    expect(desk.locator("tr[data-state]")).to_have_count(5)
    expect(desk.locator(".chip-segment")).not_to_contain_text("changed")

    panel.get_by_label("Last 7 days").check()
    expect(desk).to_have_url(re.compile("last=7"))
    desk.get_by_role("button", name="Update the segment").click()
    expect(desk.locator("#toasts")).to_contain_text("now has these filters")
    expect(desk.locator(".chip-segment")).not_to_contain_text("changed")
    desk.get_by_role("link", name="Clear all").click()
    expect(desk.locator("tr[data-state]")).to_have_count(20)
    expect(desk.locator(".chip-segment")).to_have_count(0)


def test_days_are_a_preset_or_two_dates(desk: Page, live_url: str, people: None) -> None:
    desk.goto(f"{live_url}/audience")
    panel = desk.get_by_role("complementary", name="Filters")
    panel.get_by_label("Today").check()
    expect(desk).to_have_url(re.compile("last=1"))
    expect(panel.get_by_label("From").first).to_be_hidden()
    panel.get_by_label("Between two days").check()
    expect(panel.get_by_label("From").first).to_be_focused()
    panel.get_by_label("From").first.fill("2026-01-01")
    expect(desk).to_have_url(re.compile(r"from=2026-01-01$"))
    panel.get_by_label("Any time").check()
    expect(desk).not_to_have_url(re.compile("from="))


def test_one_of_many_attributes_is_found_by_its_name(
    desk: Page, live_url: str, people: None
) -> None:
    desk.goto(f"{live_url}/audience")
    panel = desk.get_by_role("complementary", name="Filters")
    find = panel.get_by_label("Find an attribute")
    find.fill("ATTRIBUTE 17")
    expect(panel.get_by_text("Attribute 17", exact=True)).to_be_visible()
    expect(panel.get_by_text("Attribute 3", exact=True)).to_be_hidden()
    url = desk.url
    find.press("Enter")
    panel.get_by_text("Attribute 17", exact=True).click()
    panel.get_by_role("textbox", name="Attribute 17").fill("x")
    panel.get_by_role("textbox", name="Attribute 17").press("Enter")
    expect(desk.get_by_role("link", name="Attribute 17: x")).to_be_visible()
    assert "attr.a17" not in url


def test_segments_are_renamed_and_deleted_by_keyboard(
    desk: Page, live_url: str, people: None
) -> None:
    desk.goto(f"{live_url}/segments/new?tag=Even")
    desk.get_by_label("Name").fill("Even")
    desk.keyboard.press("Enter")
    expect(desk).to_have_url(re.compile("saved="))
    desk.goto(f"{live_url}/segments")
    expect(
        desk.get_by_role("row", name=re.compile("Even")).get_by_role("link", name="10")
    ).to_be_visible()
    desk.get_by_role("link", name="Rename Even").focus()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("dialog").get_by_label("Name")).to_be_focused()
    desk.keyboard.press("ControlOrMeta+A")
    desk.keyboard.type("Straight")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("link", name="Straight", exact=True)).to_be_visible()
    desk.get_by_role("link", name="Delete Straight").focus()
    desk.keyboard.press("Enter")
    desk.get_by_role("dialog").get_by_role("button", name="Delete").press("Enter")
    expect(desk.get_by_text("No segments yet")).to_be_visible()
