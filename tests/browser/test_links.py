"""A person at their phone, without sign-in and without JavaScript: stopping, narrowing, allowing."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.test_accessibility import AXE, LOOKS, violations
from tests.people import add_contact, phone
from tests.servers import Missing, needs
from webapp.contacts.addresses import key_of
from webapp.contacts.rules import AddressKind, Channel
from webapp.receipts.links import links
from webapp.receipts.tokens import Purpose, Token

PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "java_script_enabled": False}
ARABIC: dict[str, Any] = {"locale": "ar"}
LARGE = 44  # CSS pixels: what a thumb hits (WCAG 2.5.5)
EVERYTHING = "WhatsApp, SMS and Voice messages are stopped"


@pytest.fixture
def link(app: Flask, live_url: str) -> str:
    """Ann's unsubscribe link, as it would stand in a WhatsApp message."""
    with app.app_context():
        add_contact()
        token = Token(Purpose.UNSUBSCRIBE, Channel.WHATSAPP, AddressKind.PHONE, key_of(phone()))
        return f"{live_url}/u/{links().sign(token)}"


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def state(page: Page, channel: str) -> Any:
    return page.get_by_role("listitem").filter(
        has=page.get_by_role("heading", name=channel, exact=True)
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_person_stops_everything_and_keeps_it_to_one_channel(
    new_page: Callable[..., Page], link: str, scheme: str
) -> None:
    page = new_page(**PHONE, color_scheme=scheme)
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("Stop WhatsApp messages?")
    press(page, "Stop everything")
    expect(page.get_by_role("heading", level=1)).to_have_text(EVERYTHING)
    for channel in ("SMS", "Voice", "WhatsApp"):
        expect(state(page, channel)).to_contain_text("Stopped")
    press(page, "Keep only WhatsApp stopped, allow the rest")
    expect(state(page, "WhatsApp")).to_contain_text("Stopped")
    for channel in ("SMS", "Voice"):
        expect(state(page, channel)).to_contain_text("Allowed")
    press(page, "Allow WhatsApp messages")
    expect(page.get_by_role("heading", level=1)).to_have_text("WhatsApp messages are allowed")
    assert page.context.cookies() == []


def test_every_button_is_large_and_nothing_is_wider_than_a_phone(
    new_page: Callable[..., Page], link: str
) -> None:
    page = new_page(viewport={"width": 360, "height": 740})
    for address in (link, link.replace("/u/", "/p/")):
        page.goto(address)
        for button in page.get_by_role("button").all():
            box = button.bounding_box()
            assert box is not None
            assert box["height"] >= LARGE
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 360


def test_the_keyboard_is_enough_and_shows_where_it_is(
    new_page: Callable[..., Page], link: str
) -> None:
    page = new_page(viewport={"width": 1440, "height": 900})
    page.goto(link)
    page.keyboard.press("Tab")
    focused = page.get_by_role("button", name="Stop WhatsApp messages")
    expect(focused).to_be_focused()
    assert focused.evaluate("element => getComputedStyle(element).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("are stopped"))


def test_no_page_asks_another_machine_or_runs_a_script(
    new_page: Callable[..., Page], link: str, live_url: str
) -> None:
    page = new_page()
    asked: list[tuple[str, str]] = []
    page.on("request", lambda request: asked.append((request.resource_type, request.url)))
    page.goto(link)
    page.get_by_role("link", name="preferences").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your preferences")
    assert {kind for kind, _ in asked} <= {"document", "stylesheet", "image", "other"}
    assert all(url.startswith(live_url) for _, url in asked)


@pytest.mark.parametrize("look", LOOKS)
def test_no_page_of_a_link_breaks_a_rule(
    new_page: Callable[..., Page], link: str, look: str
) -> None:
    if not AXE.exists():
        needs(Missing("axe-core is missing (make setup installs it)"))
    page, axe = new_page(**LOOKS[look]), AXE.read_text()
    arabic = new_page(**LOOKS[look], **ARABIC)
    broken: list[str] = []
    for address in (link, link.replace("/u/", "/p/")):
        for each in (page, arabic):
            each.goto(address)
            broken += violations(each, axe)
    page.goto(link)
    press(page, "Stop everything")
    expect(page.get_by_role("heading", level=1)).to_have_text(EVERYTHING)
    broken += violations(page, axe)
    assert not broken, "\n".join(broken)


def test_a_page_from_right_to_left_fits_a_phone_and_stops_everything(
    new_page: Callable[..., Page], link: str
) -> None:
    page = new_page(**PHONE, **ARABIC)
    for address in (link, link.replace("/u/", "/p/")):
        page.goto(address)
        expect(page.locator("html")).to_have_attribute("dir", "rtl")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.goto(link)
    press(page, "إيقاف كل شيء")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("متوقفة"))
