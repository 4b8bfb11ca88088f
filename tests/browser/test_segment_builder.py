"""A segment in a real browser: built of two groups with a live count, saved, and used."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.ctx import AppContext
from playwright.sync_api import Page, expect

from tests.browser.signing_in import sign_in_as
from tests.people import add_contact, phone, record
from webapp.accounts.rules import Role
from webapp.contacts.models import AttributeDefinition
from webapp.contacts.rules import State
from webapp.contacts.tags import named
from webapp.core.db import db

FOUND = "#builder-count"


@pytest.fixture
def people(context: AppContext) -> None:
    """Nine contacts: every third is a VIP, every other opted in, the last lives in Rome."""
    db.session.add(AttributeDefinition(name="city", label="City", kind="text", choices=[]))
    added = [
        add_contact(
            f"+1650555{n:04d}", f"Person {n}", attributes={"city": "Roma"} if n == 8 else {}
        )
        for n in range(9)
    ]
    for n, contact in enumerate(added):
        contact.tags = named(["VIP"]) if n % 3 == 0 else []
        if n % 2 == 0:
            record(State.OPTED_IN, address=phone(f"+1650555{n:04d}"))
    db.session.commit()


@pytest.fixture
def builder(app: Flask, live_url: str, page: Page, people: None) -> Page:
    """The builder, opened by a marketer."""
    sign_in_as(Role.MARKETER, page, app, live_url, "/segments/build")
    expect(page.get_by_role("heading", name="New segment")).to_be_visible()
    return page


def field(page: Page, name: str):
    return page.locator(f"[id='{name}']")


def test_two_groups_are_built_with_a_live_count_saved_and_used(builder: Page) -> None:
    page = builder
    page.get_by_label("Name", exact=True).fill("Two ways")
    field(page, "n0.v").fill("VIP")
    expect(page.locator(FOUND)).to_contain_text("3 contacts")
    page.get_by_role("button", name="Group in the whole segment").click()
    field(page, "n1.0.what").select_option("consent:whatsapp")
    expect(field(page, "n1.0.how")).to_be_visible()
    field(page, "n1.0.v").select_option("opted_in")
    expect(page.locator(FOUND)).to_contain_text("2 contacts")
    field(page, "n.match").select_option("any")
    expect(page.locator(FOUND)).to_contain_text("6 contacts")
    page.get_by_role("button", name="Group in the whole segment").click()
    field(page, "n2.0.what").select_option("attribute:city")
    field(page, "n2.0.how").select_option("is")
    field(page, "n2.0.v").fill("roma")
    field(page, "n2.match").select_option("none")
    expect(page.locator(FOUND)).to_contain_text("9 contacts")
    page.get_by_role("button", name="Remove group 3").click()
    expect(page.locator(FOUND)).to_contain_text("6 contacts")
    expect(page.locator(FOUND)).to_contain_text("Person 8")
    page.get_by_role("button", name="Save segment").click()
    expect(page.locator("#segments")).to_contain_text("Two ways")
    expect(page.locator("#segments")).to_contain_text("Any of (Tag: VIP;")
    expect(page.get_by_role("link", name="6")).to_be_visible()
    page.get_by_role("link", name="Two ways", exact=True).click()
    expect(page).to_have_url(re.compile(r"/audience\?channel=whatsapp&segment=\d+"))
    expect(page.locator("tr[data-name]")).to_have_count(6)
    page.get_by_role("link", name=re.compile("Segment: Two ways")).click()
    expect(page.locator("tr[data-name]")).to_have_count(9)


def test_the_keyboard_alone_builds_one(builder: Page) -> None:
    page = builder
    page.get_by_label("Name", exact=True).focus()
    page.keyboard.type("By keys")
    for _ in range(2):
        page.keyboard.press("Tab")
    expect(field(page, "n0.what")).to_be_focused()
    page.keyboard.type("Phone")
    expect(field(page, "n0.how")).to_have_value("contains")
    expect(field(page, "n0.what")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("5550004")
    expect(page.locator(FOUND)).to_contain_text("1 contact")
    page.keyboard.press("Enter")
    expect(page.locator("#segments")).to_contain_text("By keys")
