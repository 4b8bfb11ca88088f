"""The audience page in a real browser: in place, by keyboard, alive, and on a phone."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.ctx import AppContext
from playwright.sync_api import Page, expect

from tests.browser.signing_in import sign_in_as
from tests.people import (
    add_contact,
    add_message,
    all_events,
    phone,
    record,
    state_of,
    status_of,
)
from webapp.accounts.rules import CUSTOMER, Role
from webapp.consent.holds import hold
from webapp.contacts.models import AttributeDefinition, Contact
from webapp.contacts.rules import Channel, Source, State
from webapp.contacts.tags import named
from webapp.core import clock
from webapp.core.db import db, transaction
from webapp.outbox.rules import Status

NUMBERS = [f"+1650555{n:04d}" for n in range(60)]


@pytest.fixture
def people(context: AppContext) -> list[int]:
    """Sixty contacts, opted in, by id; the last leads the list."""
    start = clock.now() - timedelta(days=90)
    db.session.add(AttributeDefinition(name="city", label="City", kind="text", choices=[]))
    added = []
    for n, number in enumerate(NUMBERS):
        values = {"attributes": {"city": "Roma" if n % 2 else "Lyon"}}
        added.append(
            add_contact(number, f"Person {n:02d}", created_at=start + timedelta(days=n), **values)
        )
        record(State.OPTED_IN, address=phone(number), at=start + timedelta(days=n))
    added[-1].tags = named(["VIP"])
    db.session.commit()
    ids = [contact.id for contact in added]
    db.session.rollback()  # what has read holds SQLite's lock, which the server needs
    return ids


@pytest.fixture
def audience(app: Flask, live_url: str, page: Page, people: list[int]) -> Page:
    """The page, opened by a marketer."""
    sign_in_as(Role.MARKETER, page, app, live_url, "/audience")
    expect(page.get_by_role("heading", name="Opt-In/Opt-Out")).to_be_visible()
    expect(page.locator("#count-whatsapp")).to_have_text("60")
    return page


def switch(page: Page, name: str, channel: str = "WhatsApp"):
    return page.get_by_role("switch", name=f"{channel} consent of {name}")


def row(page: Page, contact_id: int):
    return page.locator(f"#contact-{contact_id}")


def test_a_toggle_by_keyboard_answers_in_place_and_is_undone(audience: Page, people):
    tomorrow = clock.now() + timedelta(days=1)
    message = add_message(address=phone(NUMBERS[59]), contact_id=people[59], send_at=tomorrow).id
    db.session.rollback()
    toggle = switch(audience, "Person 59")
    toggle.focus()
    audience.keyboard.press("Space")

    expect(toggle).to_have_attribute("aria-checked", "false")
    expect(row(audience, people[59])).to_contain_text("Opted Out")
    expect(row(audience, people[59])).to_contain_text("By hand")
    expect(audience.locator("#toasts")).to_contain_text("1 waiting message was cancelled")
    expect(toggle).to_be_focused()
    assert status_of(message) is Status.CANCELLED

    audience.get_by_role("button", name="Undo").click()
    expect(toggle).to_have_attribute("aria-checked", "true")
    expect(audience.locator("#toasts")).to_contain_text("Undone")
    assert status_of(message) is Status.CANCELLED


def test_the_page_stays_where_it_is_and_the_menu_with_it(audience: Page, people):
    toggle = switch(audience, "Person 40")
    audience.evaluate("scrollTo({top: 700, behavior: 'instant'})")
    toggle.click()
    expect(toggle).to_have_attribute("aria-checked", "false")
    expect(audience.locator("#toasts")).to_contain_text("Person 40")
    assert audience.evaluate("scrollY") == 700
    assert audience.locator(".side").evaluate("side => side.getBoundingClientRect().top") == 0


def test_switching_on_asks_for_the_record_in_a_dialog(audience: Page, people):
    switch(audience, "Person 59").click()
    toggle = switch(audience, "Person 59")
    expect(toggle).to_have_attribute("aria-checked", "false")
    toggle.click()
    dialog = audience.get_by_role("dialog")
    dialog.get_by_label("How").select_option("By phone")
    dialog.get_by_label("Where").fill("Call 77")
    dialog.get_by_label("What they agreed to").fill("Yes, offers on WhatsApp are fine")
    dialog.get_by_role("button", name="Record opt-in").click()
    expect(dialog).to_be_hidden()
    expect(toggle).to_have_attribute("aria-checked", "true")


def test_a_stop_elsewhere_flips_the_open_page_and_leaves_the_rest(audience: Page, people):
    pick = audience.get_by_role("checkbox", name="Select Person 57")
    pick.check()
    expect(audience.get_by_text("1 selected")).to_be_visible()
    switch(audience, "Person 58").focus()

    record(State.OPTED_OUT, source=Source.KEYWORD, actor=CUSTOMER, address=phone(NUMBERS[59]))
    expect(switch(audience, "Person 59")).to_have_attribute("aria-checked", "false")
    expect(row(audience, people[59])).to_contain_text("Keyword")
    expect(audience.locator("#announcer")).to_have_text("Person 59: Opted Out")
    expect(pick).to_be_checked()
    expect(audience.get_by_text("1 selected")).to_be_visible()
    expect(switch(audience, "Person 58")).to_be_focused()
    expect(audience.locator("#count-state-opted_out")).to_have_text("1")


def test_a_change_elsewhere_leaves_an_open_dialog_and_what_is_typed(audience: Page, people):
    audience.get_by_role("link", name="Edit Person 59").click()
    dialog = audience.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Half a na")
    address = phone(NUMBERS[58])
    transaction(lambda: hold(Channel.WHATSAPP, address, "stop it?", {}, actor=CUSTOMER))
    expect(row(audience, people[58])).to_contain_text("On hold")
    expect(dialog.get_by_label("Name")).to_have_value("Half a na")


def test_filters_change_the_list_and_the_address_and_survive_a_reload(audience: Page, people):
    panel = audience.get_by_role("complementary", name="Filters")
    panel.get_by_label("Search").press_sequentially("person 5")
    expect(audience.locator("tr[data-state]")).to_have_count(15)
    panel.get_by_text("City").click()
    panel.get_by_role("textbox", name="City").fill("roma")
    panel.get_by_role("textbox", name="City").press("Enter")
    expect(audience.locator("tr[data-state]")).to_have_count(10)
    expect(audience).to_have_url(re.compile(r"\?channel=whatsapp&q=person\+5&attr.city=roma$"))
    audience.reload()
    expect(audience.locator("tr[data-state]")).to_have_count(10)

    audience.get_by_role("link", name="City: roma").click()
    expect(audience.locator("tr[data-state]")).to_have_count(15)
    audience.go_back()
    expect(audience.locator("tr[data-state]")).to_have_count(10)
    audience.get_by_role("link", name="Edit Person 59").click()
    expect(audience.get_by_role("dialog")).to_be_visible()


def test_pages_and_channels_are_one_click_away(audience: Page, people):
    audience.get_by_role("link", name="Next").click()
    expect(audience.locator("tr[data-state]")).to_have_count(10)
    expect(audience.get_by_text("Person 00")).to_be_visible()
    audience.get_by_role("link", name="Previous").click()
    expect(audience.locator("tr[data-state]")).to_have_count(50)
    audience.get_by_role("link", name="SMS").click()
    expect(switch(audience, "Person 59", "SMS")).to_be_visible()
    expect(audience).to_have_url(re.compile("channel=sms"))


def test_edit_customer_saves_and_the_row_shows_it(audience: Page, people):
    audience.get_by_role("link", name="Edit Person 59").click()
    dialog = audience.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Zoë Müller")
    tags = dialog.get_by_label("Tags").and_(audience.locator("input"))
    tags.fill("Trade fair")
    tags.press("Enter")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()
    expect(row(audience, people[59])).to_contain_text("Zoë Müller")
    expect(row(audience, people[59])).to_contain_text("Trade fair")
    expect(audience.locator("#toasts")).to_contain_text("Zoë Müller was saved")


def test_two_quick_clicks_are_one_change(audience: Page, people):
    switch(audience, "Person 59").dblclick()
    expect(row(audience, people[59])).to_contain_text("Opted Out")

    assert state_of(phone(NUMBERS[59])) is State.OPTED_OUT
    assert len([event for event in all_events() if event.asked is State.OPTED_OUT]) == 1


@pytest.mark.parametrize("width", [360, 768, 1024, 1280, 1440])
@pytest.mark.parametrize("path", ["/audience", "/audience/exclusions"])
def test_nothing_is_wider_than_the_screen(audience: Page, people, live_url, width, path):
    record(address=phone(NUMBERS[3]))
    db.session.get_one(Contact, people[58]).name = "Wolfeschlegelsteinhausenbergerdorff" * 4
    db.session.commit()
    audience.set_viewport_size({"width": width, "height": 800})
    audience.goto(live_url + path)
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert audience.evaluate(overflow) == 0
    inner = "[...document.querySelectorAll('.table-wrap')].map(e => e.scrollWidth - e.clientWidth)"
    assert audience.evaluate(inner) == [0]


def test_on_a_phone_the_filters_open_over_the_list(audience: Page, people):
    audience.set_viewport_size({"width": 360, "height": 740})
    panel = audience.get_by_role("complementary", name="Filters")
    expect(panel).to_be_hidden()
    audience.get_by_role("button", name="Filters").click()
    panel.get_by_label("Search").fill("person 07")
    expect(audience.locator("tr[data-state]")).to_have_count(1)
    panel.get_by_role("button", name="Show results").click()
    expect(panel).to_be_hidden()
    expect(switch(audience, "Person 07")).to_be_visible()
