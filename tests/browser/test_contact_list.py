"""Contacts in a real browser: unsubscribe on two channels, resubscribe with the record, merge."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.ctx import AppContext
from playwright.sync_api import Locator, Page, expect

from tests.browser.signing_in import sign_in_as
from tests.browser.test_accessibility import axe, violations
from tests.people import add_contact, add_message, phone, record, status_of
from webapp.accounts.rules import CUSTOMER, Role
from webapp.contacts.addresses import key_of
from webapp.contacts.rules import Address, AddressKind, Channel, Source, State
from webapp.core import clock
from webapp.core.db import db
from webapp.outbox.rules import Status

__all__ = ["axe"]  # a fixture

NUMBERS = [f"+1650555{n:04d}" for n in range(60)]
TOMORROW = clock.now() + timedelta(days=1)


@pytest.fixture
def people(context: AppContext) -> list[int]:
    """Sixty contacts with a number and an email address, by id; the last leads the list."""
    ids = []
    for nth, number in enumerate(NUMBERS):
        mail = Address(AddressKind.EMAIL, f"person.{nth}@example.com")
        name = f"Person {nth:02d}"
        ids.append(add_contact(number, name, email=mail.value, email_key=key_of(mail)).id)
    db.session.rollback()  # what has read holds SQLite's lock, which the server needs
    return ids


def open_list(app: Flask, live_url: str, page: Page, role: Role, width: int = 1440) -> Page:
    page.set_viewport_size({"width": width, "height": 900})
    sign_in_as(role, page, app, live_url, "/contacts")
    expect(page.locator("#count-all")).to_have_text("60")
    return page


@pytest.fixture
def contacts(app: Flask, live_url: str, page: Page, people: list[int]) -> Page:
    """The list, opened by a marketer."""
    return open_list(app, live_url, page, Role.MARKETER)


def mark(page: Page, contact_id: int, channel: Channel) -> Locator:
    return page.locator(f"#contact-{contact_id} .on-{channel}")


def stands(page: Page, contact_id: int, channel: Channel, word: str) -> None:
    """See that a mark says so."""
    words = f"{channel.label}: {word}"
    expect(mark(page, contact_id, channel)).to_have_attribute("title", words)


def choose(page: Page, name: str, item: str) -> None:
    page.get_by_role("button", name=f"Menu of {name}").click()
    page.get_by_role("menuitem", name=item).click()


def test_unsubscribe_on_two_channels_and_resubscribe_with_the_record(contacts: Page, people):
    last = people[59]
    waits = add_message(address=phone(NUMBERS[59]), contact_id=last, send_at=TOMORROW).id
    db.session.rollback()
    choose(contacts, "Person 59", "Unsubscribe…")
    dialog = contacts.get_by_role("dialog", name="Unsubscribe Person 59")
    expect(dialog.get_by_role("checkbox", name="Voice")).not_to_be_checked()
    dialog.get_by_role("checkbox", name="Email").check()
    dialog.get_by_role("checkbox", name="WhatsApp").check()
    dialog.get_by_role("button", name="Unsubscribe").click()
    expect(dialog).to_be_hidden()
    toasts = contacts.locator("#toasts")
    expect(toasts).to_contain_text("Person 59 is Opted Out of Email and WhatsApp.")
    stands(contacts, last, Channel.EMAIL, "Opted Out")
    stands(contacts, last, Channel.WHATSAPP, "Opted Out")
    stands(contacts, last, Channel.SMS, "No record")
    assert status_of(waits) is Status.CANCELLED

    choose(contacts, "Person 59", "Resubscribe…")
    dialog = contacts.get_by_role("dialog", name="Resubscribe Person 59")
    dialog.get_by_role("checkbox", name="Email").check()
    dialog.get_by_role("checkbox", name="WhatsApp").check()
    dialog.get_by_role("button", name="Resubscribe").click()
    expect(dialog).to_be_visible()
    stands(contacts, last, Channel.EMAIL, "Opted Out")
    dialog.get_by_label("How").select_option("By phone")
    dialog.get_by_label("Where").fill("Call 77")
    dialog.get_by_label("What they agreed to").fill("Yes, offers are fine")
    dialog.get_by_role("button", name="Resubscribe").click()
    expect(dialog).to_be_hidden()
    expect(toasts).to_contain_text("Opted In to Email and WhatsApp.")
    stands(contacts, last, Channel.EMAIL, "Opted In")
    stands(contacts, last, Channel.WHATSAPP, "Opted In")


def test_filters_of_two_channels_and_a_stop_that_arrives(contacts: Page, people):
    record(State.OPTED_OUT, address=phone(NUMBERS[7]), channel=Channel.VOICE)
    contacts.get_by_role("combobox", name="Voice").select_option("Unsubscribed (Opted Out)")
    expect(contacts.locator("tr[data-name]")).to_have_count(1)
    contacts.get_by_role("combobox", name="SMS").select_option("No record")
    chips = contacts.get_by_role("list", name="Active filters")
    expect(chips).to_contain_text("Voice: Opted Out")
    expect(chips).to_contain_text("SMS: No record")
    ninth = phone(NUMBERS[9])
    record(source=Source.KEYWORD, actor=CUSTOMER, address=ninth, channel=Channel.VOICE)
    expect(contacts.locator("tr[data-name]")).to_have_count(2)
    chips.get_by_role("link", name="Voice: Opted Out").click()
    expect(contacts.locator("#count-all")).to_have_text("60")
    expect(contacts.get_by_role("combobox", name="SMS")).to_have_value("unknown")
    assert contacts.url.endswith("/contacts?consent.sms=unknown")


def test_all_that_match_are_reached_and_no_channel_is_ticked_for_them(contacts: Page, people):
    contacts.get_by_role("checkbox", name="Select all on this page").check()
    bar = contacts.get_by_role("form", name="With the selected")
    bar.get_by_role("button", name="Select all 60 that match").click()
    expect(bar).to_contain_text("All 60 selected")
    bar.get_by_role("button", name="Unsubscribe…").click()
    dialog = contacts.get_by_role("dialog", name="Opt out")
    expect(dialog).to_contain_text("60 contacts")
    expect(dialog.get_by_role("checkbox", checked=True)).to_have_count(0)


def test_a_marketer_is_told_that_only_admins_merge(contacts: Page, people):
    contacts.get_by_role("button", name="Menu of Person 59").click()
    merge = contacts.get_by_role("menuitem", name="Merge with…")
    expect(merge).to_have_attribute("aria-disabled", "true")
    expect(merge).to_contain_text("Only admins merge contacts.")


def test_an_admin_merges_from_the_menu_and_the_mark_tightens(
    app: Flask, live_url: str, page: Page, people
):
    record(State.OPTED_OUT, address=phone(NUMBERS[3]), channel=Channel.SMS)
    contacts = open_list(app, live_url, page, Role.ADMIN)
    choose(contacts, "Person 59", "Merge with…")
    dialog = contacts.get_by_role("dialog", name="Merge into Person 59")
    dialog.get_by_role("searchbox").fill("Person 03")
    dialog.get_by_role("button", name="Search").click()
    dialog.get_by_role("link", name="Person 03").click()
    expect(dialog).to_contain_text("SMS becomes Opted Out")
    dialog.get_by_role("button", name="Merge for good").click()
    expect(contacts.locator("#toasts")).to_contain_text("Merged into Person 59. Opted out of SMS.")
    expect(contacts).to_have_url(f"{live_url}/contacts")
    stands(contacts, people[59], Channel.SMS, "Opted Out")
    expect(contacts.locator("#count-all")).to_have_text("59")


def test_a_row_is_a_card_on_a_phone(app: Flask, live_url: str, page: Page, people, axe: str):
    contacts = open_list(app, live_url, page, Role.MARKETER, width=360)
    assert contacts.evaluate("document.documentElement.scrollWidth") == 360
    expect(mark(contacts, people[59], Channel.WHATSAPP)).to_be_visible()
    contacts.get_by_role("button", name="Menu of Person 59").click()
    expect(contacts.get_by_role("menuitem", name="Unsubscribe…")).to_be_visible()
    assert not violations(contacts, axe)
