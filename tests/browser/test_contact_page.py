"""The contact's page in a real browser: the card, the advisory send, notes, and a phone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.ctx import AppContext
from playwright.sync_api import Page, expect
from sqlalchemy import select

from tests.browser.signing_in import sign_in_as
from tests.people import (
    NUMBER,
    add_contact,
    add_message,
    all_events,
    phone,
    record,
    state_of,
    status_of,
)
from webapp.accounts import settings
from webapp.accounts.rules import Role
from webapp.accounts.settings import LIMITS
from webapp.contacts.rules import Channel, State
from webapp.core.db import db, transaction
from webapp.delivery.forms import CLOSED
from webapp.message_templates.models import Template
from webapp.outbox.models import Message
from webapp.outbox.rules import Category, Origin, Status

OFFER = "Ten per cent off until Friday."


@pytest.fixture
def ann(context: AppContext) -> int:
    """A contact with a name that would be a script, opted in on WhatsApp, by id."""
    added = add_contact(NUMBER, "Ann «O'Brien <script>»").id
    record(State.OPTED_IN)
    db.session.add(
        Template(
            channel=Channel.WHATSAPP,
            name="offer",
            language="en",
            category=Category.MARKETING,
            body=OFFER,
        )
    )
    db.session.commit()
    db.session.rollback()  # what has read holds SQLite's lock, which the server needs
    return added


@pytest.fixture
def open_contact(app: Flask, live_url: str, ann: int) -> Callable[[Page], Page]:
    """What signs a marketer in and opens the contact."""

    def opened(page: Page) -> Page:
        sign_in_as(Role.MARKETER, page, app, live_url, f"/contacts/{ann}")
        expect(page.get_by_role("heading", level=1)).to_contain_text("O'Brien")
        return page

    return opened


def switch(page: Page, channel: Channel):
    return page.locator(f"#preference-{channel}").get_by_role("switch")


def card(page: Page, channel: Channel):
    return page.locator(f"#preference-{channel}")


def only_message() -> Message:
    return db.session.scalars(select(Message)).one()


def test_a_row_of_the_card_saves_at_once_and_shows_what_proves_it(
    page: Page, open_contact, ann: int
):
    message = add_message(contact_id=ann).id
    db.session.rollback()
    open_contact(page)
    switch(page, Channel.WHATSAPP).focus()
    page.keyboard.press("Space")

    expect(switch(page, Channel.WHATSAPP)).to_have_attribute("aria-checked", "false")
    expect(card(page, Channel.WHATSAPP)).to_contain_text("Opted Out")
    expect(card(page, Channel.WHATSAPP)).to_contain_text("By hand")
    expect(page.locator("#toasts")).to_contain_text("1 waiting message was cancelled")
    expect(page.locator("#timeline")).to_contain_text("WhatsApp: Opted Out")
    assert status_of(message) is Status.CANCELLED

    card(page, Channel.WHATSAPP).get_by_text("History (2)").click()
    page.get_by_title("Evidence of consent event").first.click()
    expect(page).to_have_url(re.compile("/evidence"))


def test_switching_a_channel_on_asks_for_its_record(page: Page, open_contact, ann: int):
    open_contact(page)
    switch(page, Channel.SMS).click()
    expect(card(page, Channel.SMS)).to_contain_text("Opted Out")
    switch(page, Channel.SMS).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("How").select_option("By phone")
    dialog.get_by_label("Where").fill("Call 77")
    dialog.get_by_label("What they agreed to").fill("Yes, offers by SMS are fine")
    dialog.get_by_role("button", name="Record opt-in").click()
    expect(dialog).to_be_hidden()
    expect(card(page, Channel.SMS)).to_contain_text("Opted In")
    assert state_of(phone(), Channel.SMS) is State.OPTED_IN
    assert state_of(phone(), Channel.WHATSAPP) is State.OPTED_IN
    assert all_events()[-1].channel is Channel.SMS


def test_a_send_by_hand_to_somebody_opted_out_warns_and_goes_when_confirmed(
    page: Page, open_contact, ann: int
):
    opted_out = record().event_id
    db.session.rollback()
    open_contact(page)
    page.get_by_role("button", name="Send WhatsApp Opted Out").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("is Opted Out of WhatsApp")
    dialog.get_by_role("link", name="Cancel").click()
    expect(dialog).to_be_hidden()
    assert not db.session.scalars(select(Message)).all()
    db.session.rollback()

    page.get_by_role("button", name="Send WhatsApp Opted Out").click()
    dialog.get_by_role("button", name="Send anyway").click()
    expect(page.locator("#toasts")).to_contain_text("On its way")
    message = only_message()
    assert (message.origin, message.override_event_id) == (Origin.MANUAL, opted_out)


def test_a_refused_send_leads_to_what_is_wrong_and_the_warning_clears_it(
    page: Page, open_contact, ann: int
):
    record()
    db.session.scalars(select(Template)).one().body = "Hello {{1}}, {{2}} off."
    db.session.commit()
    db.session.rollback()
    open_contact(page)
    send = page.get_by_role("button", name="Send WhatsApp Opted Out")
    first, second = page.get_by_label("Variable 1"), page.get_by_label("Variable 2")
    first.fill("Ann")
    send.press("Enter")
    expect(second).to_be_focused()
    expect(second).to_have_attribute("aria-invalid", "true")

    second.fill("10%")
    send.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("is Opted Out of WhatsApp")
    expect(page.locator("#messaging .is-wrong, #messaging .field-error")).to_have_count(0)
    dialog.get_by_role("link", name="Cancel").press("Enter")
    expect(dialog).to_be_hidden()
    expect(send).to_be_focused()
    expect(second).to_have_value("10%")


def test_the_account_can_make_the_warning_a_block(page: Page, open_contact, ann: int):
    record()
    transaction(lambda: settings.write("consent", {"manual_sends_blocked": True}))
    db.session.rollback()
    open_contact(page)
    expect(page.locator("#send-note")).to_contain_text("The account blocks sends by hand")
    page.get_by_role("button", name="Send WhatsApp Opted Out").click()
    expect(page.locator("#messaging .field-error, #messaging .notice")).to_contain_text(
        "The account blocks sends by hand"
    )
    expect(page.get_by_role("button", name="Send anyway")).to_have_count(0)
    assert not db.session.scalars(select(Message)).all()


def test_the_button_says_what_it_does_now_and_later(page: Page, open_contact, ann: int):
    open_contact(page)
    expect(page.get_by_role("button", name="Send WhatsApp", exact=True)).to_be_visible()
    page.get_by_label("Later").check()
    expect(page.get_by_role("button", name="Schedule WhatsApp", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Send WhatsApp")).to_have_count(0)


def test_free_text_that_would_fail_can_only_be_scheduled(page: Page, open_contact, ann: int):
    open_contact(page)
    page.get_by_label("Template").select_option(label="Free text · Marketing")
    send = page.get_by_role("button", name="Send WhatsApp")
    expect(send).to_be_disabled()
    expect(send).to_have_accessible_description(CLOSED)
    expect(page.get_by_text(CLOSED)).to_be_visible()
    page.get_by_label("Later").check()
    expect(page.get_by_role("button", name="Schedule WhatsApp")).to_be_enabled()


def test_a_report_is_asked_for_in_a_dialog(app: Flask, page: Page, open_contact, ann: int):
    transaction(lambda: settings.write(LIMITS, {"only_admins_change_consent": True}))
    db.session.rollback()
    open_contact(page)
    expect(page.locator("#preferences-limits")).to_contain_text("Only admins change consent here.")
    card(page, Channel.WHATSAPP).get_by_role("link", name="Report opt-out").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("What did they say?").fill("Leave me <b>alone</b>")
    dialog.get_by_role("button", name="Report opt-out").click()
    expect(dialog).to_be_hidden()
    expect(card(page, Channel.WHATSAPP)).to_contain_text("On hold")
    expect(card(page, Channel.WHATSAPP)).to_contain_text("Leave me <b>alone</b>")
    expect(page.locator("#timeline")).to_contain_text("WhatsApp: opt-out reported, on hold")


def test_the_mark_follows_a_stop_elsewhere_on_the_channel_that_is_chosen(
    page: Page, open_contact, ann: int
):
    open_contact(page)
    button = page.get_by_role("button", name="Send WhatsApp")
    expect(button).not_to_contain_text("Opted Out")
    record(channel=Channel.SMS)
    record()
    db.session.rollback()
    expect(button).to_contain_text("Opted Out")


def test_what_is_typed_stays_while_the_page_is_brought_up_to_date(
    page: Page, open_contact, ann: int
):
    open_contact(page)
    note = page.get_by_label("Note", exact=True)
    note.fill("Prefers mornings, not")
    note.press("End")
    record()
    db.session.rollback()
    expect(page.locator("#timeline")).to_contain_text("WhatsApp: Opted Out")
    expect(note).to_be_focused()
    page.keyboard.type(" evenings.")
    page.get_by_role("button", name="Add note").click()
    expect(page.locator("#timeline")).to_contain_text("Prefers mornings, not evenings.")
    expect(page.get_by_label("Note", exact=True)).to_have_value("")


@pytest.mark.parametrize("width", [360, 768])
def test_nothing_is_wider_than_the_screen(
    new_page: Callable[..., Page], open_contact, ann: int, width: int
):
    page = open_contact(new_page(viewport={"width": width, "height": 740}))
    assert page.evaluate("document.documentElement.scrollWidth") == width
