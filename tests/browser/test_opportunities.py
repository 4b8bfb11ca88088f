"""Opportunities in a real browser: added in the dialog, moved in the row, and written to."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.signing_in import sign_in_as
from tests.browser.test_accessibility import axe, violations
from tests.people import add_contact, record
from webapp.accounts.rules import Role
from webapp.contacts.rules import Channel
from webapp.core.db import db

__all__ = ["axe"]  # a fixture


@pytest.fixture
def ann(app: Flask) -> int:
    """A contact who opted out of WhatsApp."""
    with app.app_context():
        number = add_contact().id
        record(channel=Channel.WHATSAPP)
        db.session.rollback()
        return number


def add(page: Page, url: str) -> None:
    """Add a deal with Ann in the dialog, by keyboard where that is shorter."""
    page.goto(f"{url}/opportunities")
    page.get_by_role("link", name="New opportunity").click()
    dialog = page.get_by_role("dialog")
    search = dialog.get_by_label("Name, number, email or id")
    search.fill("ann")
    search.press("Enter")
    dialog.get_by_role("link", name=re.compile("Ann Lee")).click()
    dialog.get_by_label("Name", exact=True).fill("Sofa")
    dialog.get_by_label("Amount").fill("1,200.50")
    dialog.get_by_role("button", name="Add opportunity").click()
    expect(page.get_by_role("heading", name="Sofa")).to_be_visible()
    page.wait_for_load_state()  # with the scripts that a stage's change asks for


def test_a_deal_is_added_moved_in_its_row_and_shown_with_the_mark(
    app: Flask, live_url: str, page: Page, ann: int, axe: str
) -> None:
    sign_in_as(Role.MARKETER, page, app, live_url)
    add(page, live_url)
    expect(page.get_by_role("link", name="Send WhatsApp (opted out)")).to_be_visible()
    expect(page.get_by_role("link", name="Send SMS")).to_have_count(0)
    expect(page.get_by_text("Nothing is sent on it yet; consent is kept.")).to_be_visible()
    assert not violations(page, axe)
    page.goto(f"{live_url}/opportunities")
    expect(page.locator("#stage-tab-new .count")).to_have_text("1")
    assert not violations(page, axe)
    page.get_by_label("Stage of Sofa").select_option("won")
    expect(page.get_by_text("“Sofa” is Won now.")).to_be_visible()
    expect(page.locator("#stage-tab-won .count")).to_have_text("1")
    expect(page.locator("#stage-tab-won")).to_contain_text("€1,200.50")
    page.get_by_role("link", name="Sofa", exact=True).click()
    expect(page.get_by_text("New → Won")).to_be_visible()


def test_a_stage_is_changed_on_the_page_and_a_wrong_amount_is_said_in_the_dialog(
    app: Flask, live_url: str, page: Page, ann: int
) -> None:
    sign_in_as(Role.MARKETER, page, app, live_url)
    add(page, live_url)
    page.get_by_label("Stage of Sofa").select_option("proposal")
    expect(page.get_by_text("New → Proposal")).to_be_visible()
    page.get_by_role("link", name="Edit").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Amount").fill("a lot")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("Write an amount of EUR")).to_be_visible()
    dialog.get_by_label("Amount").fill("900")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).not_to_be_visible()
    expect(page.get_by_text("€900.00")).to_be_visible()


def test_the_send_button_leads_to_the_messaging_card_of_its_channel(
    app: Flask, live_url: str, page: Page, ann: int
) -> None:
    sign_in_as(Role.MARKETER, page, app, live_url)
    add(page, live_url)
    page.get_by_role("link", name="Send WhatsApp (opted out)").click()
    expect(page).to_have_url(re.compile(rf"/contacts/{ann}\?channel=whatsapp&.*#messaging$"))
    expect(page.locator("#messaging")).to_be_visible()
    page.go_back()
    page.get_by_role("link", name="Full contact record").click()
    expect(page.get_by_role("heading", name="Communication Preferences")).to_be_visible()
    card = page.locator("#opportunities")
    card.get_by_role("link", name="New opportunity").click()
    page.get_by_label("Name", exact=True).fill("Armchair")
    page.get_by_role("button", name="Add opportunity").click()
    expect(card.get_by_role("link", name="Armchair")).to_be_visible()
