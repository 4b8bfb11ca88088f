"""Where the focus of the inbox goes when what was pressed is replaced; how it looks where narrow."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.ctx import AppContext
from playwright.sync_api import FloatRect, Locator, Page, expect

from tests.browser.signing_in import sign_in_as
from tests.people import add_user, record
from tests.talks import person, wrote
from webapp.accounts.rules import Role
from webapp.conversations.assignment import assign
from webapp.core import clock
from webapp.core.db import db, transaction

WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 360, "height": 740}
HOURS = timedelta(hours=3)
BOTH_WAYS = pytest.mark.parametrize("press", [Locator.click, lambda one: one.press("Enter")])


@pytest.fixture(params=[WIDE, NARROW], ids=["wide", "narrow"])
def size(request: pytest.FixtureRequest) -> dict[str, int]:
    found: dict[str, int] = request.param
    return found


@pytest.fixture
def open_talk(
    app: Flask, context: AppContext, live_url: str, new_page: Callable[..., Page]
) -> Callable[..., Page]:
    """What opens a conversation as a new marketer, with the Details where they lie apart."""

    def open_it(talk: int, viewport: dict[str, int], *, details: bool = True) -> Page:
        db.session.rollback()  # what has read holds SQLite's lock, which the server needs
        page = new_page(viewport=viewport)
        sign_in_as(Role.MARKETER, page, app, live_url, f"/inbox/{talk}")
        expect(page.locator("#talk-title")).to_be_visible()
        page.wait_for_load_state()
        if details and viewport is NARROW:
            page.get_by_role("button", name="Details").click()
        return page

    return open_it


def place_of(one: Locator) -> FloatRect:
    found = one.bounding_box()
    assert found, "it is not shown"
    return found


def widths(place: Locator) -> dict[str, Any]:
    found: dict[str, Any] = place.evaluate("e => ({is: e.clientWidth, wants: e.scrollWidth})")
    return found


@BOTH_WAYS
def test_reply_anyway_leads_into_the_message_and_sending_back_to_it(
    open_talk: Callable[..., Page], size: dict[str, int], press: Callable[[Locator], None]
) -> None:
    talk = person(text="Is it in stock?")
    record()
    page = open_talk(talk, size, details=False)
    anyway = page.get_by_role("link", name="Reply anyway")
    press(anyway)
    message = page.get_by_label("Message")
    expect(message).to_be_focused()
    page.keyboard.type("Yes")
    press(page.get_by_role("button", name="Send"))
    expect(page.locator("#thread-live")).to_contain_text("Yes")
    # The warning stands there again, for the next message too.
    expect(anyway).to_be_focused()


@BOTH_WAYS
def test_what_was_sent_leaves_an_empty_message_with_the_focus(
    open_talk: Callable[..., Page], size: dict[str, int], press: Callable[[Locator], None]
) -> None:
    page = open_talk(person(), size, details=False)
    message = page.get_by_label("Message")
    message.fill("Yes, since today")
    press(page.get_by_role("button", name="Send"))
    expect(page.locator("#thread-live")).to_contain_text("Yes, since today")
    expect(message).to_have_value("")
    expect(message).to_be_focused()
    # A message that is refused has the focus too, to be mended. (By the key: a toast may lie above.)
    page.get_by_role("button", name="Send").press("Enter")
    expect(message).to_have_attribute("aria-invalid", "true")
    expect(message).to_be_focused()


@BOTH_WAYS
def test_modify_leads_to_the_first_radio_and_cancel_and_save_back(
    open_talk: Callable[..., Page], size: dict[str, int], press: Callable[[Locator], None]
) -> None:
    page = open_talk(person(), size)
    panel, modify = page.locator("#subscription"), page.locator("#modify")
    for way_back in (
        panel.get_by_role("link", name="Cancel"),
        panel.get_by_role("button", name="Save"),
    ):
        press(modify)
        expect(panel.get_by_role("group", name="SMS").get_by_label("Opted In")).to_be_focused()
        panel.get_by_role("group", name="Voice").get_by_label("Opted Out").check()
        press(way_back)
        expect(modify).to_be_focused()
    expect(panel).to_contain_text("Voice Opted Out")
    expect(modify).to_be_focused()


def test_a_choice_keeps_the_focus_and_a_record_that_is_wrong_gets_it(
    open_talk: Callable[..., Page], size: dict[str, int]
) -> None:
    page = open_talk(person(), size)
    panel = page.locator("#subscription")
    panel.get_by_role("link", name="Modify").click()
    panel.get_by_role("group", name="Voice").get_by_label("Opted In").check()
    expect(panel).to_contain_text("needs the record of consent")
    expect(panel.get_by_role("group", name="Voice").get_by_label("Opted In")).to_be_focused()
    panel.get_by_label("How").select_option("By phone")
    panel.get_by_label("Where").fill(" ")
    panel.get_by_label("What they agreed to").fill("Yes, message me.")
    panel.get_by_role("button", name="Save").click()
    expect(panel.get_by_label("Where")).to_have_attribute("aria-invalid", "true")
    expect(panel.get_by_label("Where")).to_be_focused()


def test_resubscribing_a_stranger_opens_their_panel_at_the_record(
    open_talk: Callable[..., Page], size: dict[str, int]
) -> None:
    talk = wrote()
    record(at=clock.now() - HOURS)
    page = open_talk(talk, size, details=False)
    page.get_by_role("link", name="Resubscribe…").click()
    expect(page.locator("#subscription").get_by_label("How")).to_be_focused()


def test_the_channels_of_modify_lie_apart(
    open_talk: Callable[..., Page], size: dict[str, int]
) -> None:
    page = open_talk(person(), size)
    page.locator("#modify").click()
    expect(page.locator(".subscription-choice legend")).to_have_count(3)
    name = place_of(page.locator(".subscription-choice legend").nth(1))
    above = place_of(page.locator("#choose-sms-opted_out"))
    below = place_of(page.locator("#choose-voice-opted_out"))
    to_own = below["y"] - (name["y"] + name["height"])
    assert name["y"] - (above["y"] + above["height"]) > 2 * max(to_own, 4)
    # The name does not cover the line above it, which is its fieldset's.
    assert name["y"] >= place_of(page.locator(".subscription-choice").nth(1))["y"] + 8


def test_an_excerpt_from_right_to_left_shows_its_beginning(
    open_talk: Callable[..., Page], size: dict[str, int]
) -> None:
    talk = person(text="غدًا قبل الظهر إن شاء الله " * 6)
    page = open_talk(talk, WIDE)
    page.goto(page.url.rsplit("/", 1)[0])
    page.set_viewport_size(size)  # type: ignore[arg-type]
    excerpt = page.locator(f"#talk-{talk} .talk-excerpt bdi")
    assert widths(excerpt)["wants"] > widths(excerpt)["is"]
    # Its own direction is that of its words, so what does not fit is cut at their end.
    assert excerpt.evaluate("e => getComputedStyle(e).direction") == "rtl"


def test_the_head_of_a_phones_thread_takes_two_rows_with_the_longest_names(
    open_talk: Callable[..., Page],
) -> None:
    talk = person("Wilhelmina Featherstonehaugh-Cholmondeley of Warwick")
    other = add_user(Role.ADMIN, email="long@example.com").id
    transaction(lambda: assign(talk, other))
    page = open_talk(talk, NARROW, details=False)
    head = page.locator("#talk-head")
    first, second = place_of(head.locator("h1")), place_of(head.get_by_label("Assigned to"))
    assert place_of(head.get_by_role("button", name="Details"))["y"] < second["y"]
    assert first["y"] < second["y"]
    for act in ("Assign to me", "Mark as unread"):
        assert abs(place_of(head.get_by_role("button", name=act))["y"] - second["y"]) < 8
    select = head.get_by_label("Assigned to")
    assert select.evaluate("e => getComputedStyle(e).textOverflow") == "ellipsis"
    name = head.locator("h1 bdi")
    assert name.evaluate("e => getComputedStyle(e).textOverflow") == "ellipsis"
    assert page.evaluate("document.documentElement.scrollWidth") == 360
