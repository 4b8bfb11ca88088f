"""The sandbox's phone in a real browser: no reload, no error of the content policy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect

from tests.whatsapp_sandbox import build, served

NUMBER = "16505551234"


@pytest.fixture
def phone(tmp_path: Path, page: Page) -> Iterator[tuple[Page, FlaskClient]]:
    """The page of a phone, and a way to act elsewhere."""
    app, _ = build(tmp_path)
    client = app.test_client()
    client.post("/sandbox/reply", json={"from": NUMBER, "name": "Ann", "text": "Hello"})
    with served(app) as address:
        page.goto(f"http://{address}/phone/{NUMBER}")
        yield page, client


def test_what_is_written_appears_and_the_field_is_empty_again(
    phone: tuple[Page, FlaskClient],
) -> None:
    page, client = phone
    field = page.get_by_label("Write as Ann")
    field.fill("Is this also for shoes?")
    field.press("Enter")
    expect(page.locator(".bubble.own").last).to_contain_text("Is this also for shoes?")
    expect(field).to_have_value("")
    page.get_by_role("button", name="STOP", exact=True).click()
    expect(page.locator(".bubble.own").last).to_contain_text("STOP")
    answer = client.get(f"/sandbox/messages?from={NUMBER}").json
    assert answer is not None
    assert [one["text"] for one in answer["items"]] == ["Hello", "Is this also for shoes?", "STOP"]


def test_what_happens_elsewhere_appears_and_what_is_half_written_stays(
    phone: tuple[Page, FlaskClient],
) -> None:
    page, client = phone
    page.get_by_label("Write as Ann").fill("half")
    client.post("/sandbox/preference", json={"from": NUMBER, "value": "stop"})
    expect(page.get_by_text("You stopped marketing messages")).to_be_visible()
    expect(page.get_by_label("What happens behind")).to_contain_text("131050")
    expect(page.get_by_label("Write as Ann")).to_have_value("half")


def test_it_fits_a_narrow_screen(phone: tuple[Page, FlaskClient]) -> None:
    page, _ = phone
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    expect(page.get_by_label("Write as Ann")).to_be_in_viewport()
