"""The overview in a real browser: alive, drawn, and whole without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.ctx import AppContext
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK
from tests.browser.signing_in import sign_in_as
from tests.people import add_contact, phone, record
from webapp.accounts.rules import CUSTOMER, Role
from webapp.contacts.rules import Channel, Source
from webapp.core import clock
from webapp.core.db import db

NUMBERS = [f"+1650555{n:04d}" for n in range(8)]


@pytest.fixture
def people(context: AppContext) -> None:
    """Eight contacts; three opted out of WhatsApp in the last days."""
    for n, number in enumerate(NUMBERS):
        add_contact(number, f"Person {n}")
    for n, source in enumerate((Source.KEYWORD, Source.API, Source.MANUAL)):
        at = clock.now() - timedelta(days=n)  # an hour ago may have been yesterday
        record(address=phone(NUMBERS[n]), source=source, at=at)
    db.session.rollback()


def opened(page: Page, app: Flask, url: str) -> Page:
    """Sign in as a viewer, which leads to the overview."""
    sign_in_as(Role.VIEWER, page, app, url)
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()
    return page


def out(page: Page):
    """Give the number of those who opted out of WhatsApp."""
    return page.locator("#states-whatsapp").get_by_role("link", name="Opted Out")


@pytest.fixture
def overview(app: Flask, live_url: str, new_page: Callable[..., Page], people: None) -> Page:
    """The page, with its numbers."""
    page = opened(new_page(**{key: DESK[key] for key in ("viewport",)}), app, live_url)
    expect(out(page)).to_contain_text("3")
    return page


def test_a_stop_elsewhere_is_counted_on_the_open_page(overview: Page):
    chart = overview.get_by_role("img", name="Opt-outs from WhatsApp by day")
    expect(chart.locator("canvas")).to_be_visible()
    record(address=phone(NUMBERS[4]), source=Source.KEYWORD, actor=CUSTOMER)
    expect(out(overview)).to_contain_text("4")
    expect(overview.locator(".legend")).to_contain_text("Keyword 2")
    expect(chart).to_have_attribute("aria-label", re.compile("4 in all"))
    expect(chart.locator("canvas")).to_have_count(1)


def test_while_nothing_moves_health_alone_is_asked_again(
    app: Flask, live_url: str, new_page: Callable[..., Page], people: None
):
    page = new_page()
    page.clock.install()
    opened(page, app, live_url)
    expect(out(page)).to_contain_text("3")
    expect(page.locator("#health")).to_contain_text("Nothing is sent on it yet")
    expect(page.locator("[data-ticks]")).to_have_count(1)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    for _ in range(2):
        with page.expect_response("**/overview/health"):
            page.clock.fast_forward(10_000)
    assert {path for path in asked if path.startswith("/overview/")} == {"/overview/health"}


def test_other_days_and_channels_come_in_place_and_into_the_address(overview: Page):
    record(address=phone(NUMBERS[5]), channel=Channel.SMS)
    week = overview.get_by_role("link", name="7 days")
    week.focus()
    overview.keyboard.press("Enter")
    expect(week).to_have_attribute("aria-current", "true")
    expect(week).to_be_focused()
    overview.get_by_role("link", name="SMS 1").click()
    expect(overview.get_by_role("img", name="Opt-outs from SMS by day")).to_be_visible()
    expect(overview).to_have_url(re.compile(r"/\?days=7&channel=sms$"))
    overview.reload()
    expect(overview.get_by_role("img", name="Opt-outs from SMS by day")).to_be_visible()


def test_the_table_behind_the_chart_opens_and_stays_open(overview: Page):
    table = overview.get_by_role("region", name="Opt-outs by day as a table")
    expect(table).to_be_hidden()
    overview.get_by_text("Show as table").click()
    expect(table.get_by_role("row")).to_have_count(31)
    record(address=phone(NUMBERS[4]))
    expect(overview.locator(".legend")).to_contain_text("API 2")
    expect(table).to_be_visible()


def test_a_bar_leads_to_the_list_of_its_day_and_source(overview: Page):
    overview.get_by_role("link", name="7 days").click()
    canvas = overview.locator("#opt-outs-chart canvas")
    expect(overview.get_by_role("link", name="7 days")).to_have_attribute("aria-current", "true")
    box = canvas.bounding_box()
    assert box
    # The last bar, just above the axis.
    canvas.click(position={"x": box["width"] - 45, "y": box["height"] - 60})
    expect(overview).to_have_url(re.compile(r"/audience/exclusions\?.*source=keyword&from="))


@pytest.mark.parametrize("width", [360, 768, 1024, 1440])
def test_nothing_is_wider_than_the_screen(overview: Page, width: int):
    overview.set_viewport_size({"width": width, "height": 800})
    overview.get_by_text("Show as table").click()
    # The chart takes its new width after the page has.
    page = "document.documentElement"
    overview.wait_for_function(f"{page}.scrollWidth === {page}.clientWidth")


def test_without_scripts_one_click_gives_it_all(
    app: Flask, live_url: str, new_page: Callable[..., Page], people: None
):
    page = opened(new_page(java_script_enabled=False), app, live_url)
    page.get_by_role("link", name="Count now").first.click()
    expect(out(page)).to_contain_text("3")
    expect(page.get_by_role("region", name="Opt-outs by day as a table")).to_be_visible()
    expect(page.locator("#health")).to_contain_text("Nothing is sent on it yet")
    page.get_by_role("link", name="7 days").click()
    expect(page.get_by_role("region", name="Opt-outs by day as a table")).to_be_visible()
