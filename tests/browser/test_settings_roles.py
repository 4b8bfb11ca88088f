"""The two account settings in a real browser: what a marketer can do under each, and why not more."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.signing_in import sign_in, sign_in_as
from tests.browser.test_accessibility import axe, violations
from tests.people import add_contact, add_message, record, state_of, status_of
from webapp.accounts.rules import Role
from webapp.consent.models import Review
from webapp.contacts.rules import Channel, State
from webapp.core.db import db
from webapp.outbox.rules import Status

__all__ = ["axe"]  # a fixture
WHATSAPP = "WhatsApp consent of Ann Lee"
SMS = "SMS consent of Ann Lee"


@pytest.fixture
def ann(app: Flask) -> int:
    """A contact who opted out of SMS."""
    with app.app_context():
        number = add_contact().id
        record(channel=Channel.SMS)
        db.session.rollback()
        return number


def switch_on(page: Page, url: str, name: str) -> None:
    """Turn a choice of the policy on, as an admin."""
    page.goto(f"{url}/settings/consent")
    page.get_by_role("switch", name=name).check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Consent policy saved.")).to_be_visible()


def test_where_only_admins_change_consent_a_marketer_reports(
    app: Flask, live_url: str, new_page: Callable[..., Page], ann: int
) -> None:
    admin = sign_in_as(Role.ADMIN, new_page(), app, live_url)
    marketer = sign_in_as(Role.MARKETER, new_page(), app, live_url)
    switch_on(admin, live_url, "Only admins change consent")
    marketer.goto(f"{live_url}/contacts/{ann}")
    toggle = marketer.get_by_role("switch", name=WHATSAPP)
    expect(toggle).to_be_disabled()
    expect(toggle).to_have_attribute(
        "title", "Only admins change consent here. You can report an opt-out."
    )
    expect(marketer.get_by_role("switch", name=SMS)).to_be_disabled()
    row = marketer.locator("#preference-whatsapp")
    row.get_by_role("link", name="Report opt-out").click()
    dialog = marketer.get_by_role("dialog")
    dialog.get_by_label("What did they say?").fill("Enough of these")
    dialog.get_by_role("button", name="Report opt-out").click()
    expect(dialog).to_be_hidden()
    expect(row.get_by_text("Enough of these")).to_be_visible()
    expect(row.get_by_text("On hold")).to_be_visible()
    with app.app_context():
        assert state_of() is State.UNKNOWN
        assert db.session.query(Review).one().decided_at is None
        db.session.rollback()


def test_where_only_admins_resubscribe_a_marketer_opts_out_and_not_in(
    app: Flask, live_url: str, new_page: Callable[..., Page], ann: int
) -> None:
    admin = sign_in_as(Role.ADMIN, new_page(), app, live_url)
    marketer = sign_in_as(Role.MARKETER, new_page(), app, live_url)
    switch_on(admin, live_url, "Only admins resubscribe")
    marketer.goto(f"{live_url}/contacts/{ann}")
    out = marketer.get_by_role("switch", name=SMS)
    expect(out).to_be_disabled()
    expect(out).to_have_attribute("title", "Only admins resubscribe here.")
    toggle = marketer.get_by_role("switch", name=WHATSAPP)
    expect(toggle).to_be_enabled()
    toggle.click()
    expect(toggle).to_have_attribute("aria-checked", "false")
    expect(toggle).to_be_disabled()
    with app.app_context():
        assert state_of() is State.OPTED_OUT


def test_an_admin_is_asked_before_a_stricter_policy_cancels_what_waits(
    app: Flask, live_url: str, page: Page, axe: str
) -> None:
    with app.app_context():
        ids = [add_message().id for _ in range(3)]
        db.session.rollback()
    sign_in_as(Role.ADMIN, page, app, live_url)
    page.goto(f"{live_url}/settings/consent")
    page.get_by_role("switch", name="Marketing needs a recorded opt-in on WhatsApp").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("3 waiting messages will be cancelled.")
    assert not violations(page, axe)
    page.get_by_role("button", name="Save and cancel 3").click()
    expect(page.get_by_text("3 waiting messages were cancelled.")).to_be_visible()
    with app.app_context():
        assert {status_of(one) for one in ids} == {Status.CANCELLED}
        db.session.rollback()


def test_an_admin_adds_a_user_whose_password_is_shown_once(
    app: Flask, live_url: str, new_page: Callable[..., Page], axe: str
) -> None:
    admin = sign_in_as(Role.ADMIN, new_page(), app, live_url)
    admin.goto(f"{live_url}/settings/users")
    admin.get_by_role("link", name="Add a user").click()
    dialog = admin.get_by_role("dialog")
    dialog.get_by_label("Email").fill("mia@heed.example")
    dialog.get_by_label("Name").fill("Mia")
    dialog.get_by_role("button", name="Add").click()
    expect(dialog.get_by_role("heading", name="The password of Mia")).to_be_visible()
    assert not violations(admin, axe)
    password = dialog.locator(".one-time").inner_text()
    dialog.get_by_role("link", name="Done").click()
    expect(dialog).not_to_be_visible()
    expect(admin.get_by_role("row", name=re.compile("mia@heed.example"))).to_be_visible()
    mia = new_page()
    sign_in(mia, live_url, "mia@heed.example", password)
