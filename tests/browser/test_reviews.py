"""Review by keyboard in a real browser: one key a reply, and the next has the focus."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.ctx import AppContext
from playwright.sync_api import Page, expect

from tests.browser.signing_in import sign_in_as
from tests.people import add_contact, phone, state_of
from webapp.accounts.rules import CUSTOMER, Actor, ActorKind, Role
from webapp.consent.holds import hold
from webapp.consent.reviews import dismiss_review
from webapp.contacts.rules import Channel, State
from webapp.core.db import db, transaction

NUMBERS = [f"+1650555{n:04d}" for n in range(4)]
BECAUSE = {"rule": "unmistakable", "words": ["stop"], "language": "en"}


@pytest.fixture
def reviews(context: AppContext) -> list[int]:
    """Four held replies of four people, by id, oldest first."""
    found = []
    for n, number in enumerate(NUMBERS):
        add_contact(number, f"Person {n}")
        to, said = phone(number), f"stop it {n}"
        found.append(hold(Channel.WHATSAPP, to, said, BECAUSE, actor=CUSTOMER).id)
        db.session.commit()
    db.session.rollback()  # what has read holds SQLite's lock, which the server needs
    return found


@pytest.fixture
def review(app: Flask, live_url: str, page: Page, reviews: list[int]) -> Page:
    """The page, opened by a marketer."""
    sign_in_as(Role.MARKETER, page, app, live_url, "/review")
    expect(page.get_by_role("heading", name="Review", exact=True)).to_be_visible()
    expect(page.locator(".nav-count")).to_have_text("4")
    page.wait_for_load_state()  # a key that is pressed before its script is there is lost
    return page


def card(page: Page, review_id: int):
    return page.locator(f"#review-{review_id}")


def test_one_key_decides_and_the_next_reply_has_the_focus(review: Page, reviews: list[int]) -> None:
    review.keyboard.press("o")  # nothing is in focus, so nothing is decided
    review.keyboard.press("j")
    expect(card(review, reviews[0])).to_be_focused()
    review.keyboard.press("j")
    expect(card(review, reviews[1])).to_be_focused()
    review.keyboard.press("k")
    review.keyboard.press("o")
    expect(card(review, reviews[0])).to_have_count(0)
    expect(card(review, reviews[1])).to_be_focused()
    expect(review.locator("#toasts")).to_contain_text("Person 0 is Opted Out of WhatsApp")
    expect(review.locator(".nav-count")).to_have_text("3")
    assert state_of(phone(NUMBERS[0])) is State.OPTED_OUT

    review.keyboard.press("d")
    expect(card(review, reviews[1])).to_have_count(0)
    expect(card(review, reviews[2])).to_be_focused()
    review.get_by_role("button", name="Undo").click()
    expect(card(review, reviews[1])).to_be_visible()
    assert state_of(phone(NUMBERS[1])) is State.UNKNOWN


def test_what_another_decides_leaves_the_page(review: Page, reviews: list[int]) -> None:
    review.keyboard.press("j")
    review.keyboard.press("j")
    other = Actor(ActorKind.SYSTEM)
    transaction(lambda: dismiss_review(reviews[0], other))
    db.session.rollback()
    expect(card(review, reviews[0])).to_have_count(0)
    expect(card(review, reviews[1])).to_be_focused()


def test_ticked_replies_are_decided_together(review: Page, reviews: list[int]) -> None:
    review.keyboard.press("j")
    review.keyboard.press("x")
    review.get_by_label("Tick the reply of Person 2").check()
    review.locator("#ticked").get_by_role("button", name="Dismiss").click()
    expect(review.locator("#toasts")).to_contain_text("2 replies dismissed")
    expect(review.locator("[data-review]")).to_have_count(2)


def test_it_fits_a_phone(review: Page, reviews: list[int]) -> None:
    review.set_viewport_size({"width": 360, "height": 740})
    assert review.evaluate("document.documentElement.scrollWidth") == 360
    review.get_by_role("button", name="Opt out Person 3").click()
    expect(card(review, reviews[3])).to_have_count(0)


def test_words_are_tried_before_they_are_saved(
    app: Flask, live_url: str, page: Page, context: AppContext
) -> None:
    sign_in_as(Role.ADMIN, page, app, live_url, "/audience")
    expect(page.get_by_role("heading", name="Opt-In/Opt-Out")).to_be_visible()
    page.wait_for_load_state()  # before its scripts are there, the link leads to a page
    page.get_by_role("link", name="Opt-In/Opt-Out Settings").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Spanish").click()
    expect(dialog).to_contain_text("Save to keep them")
    dialog.get_by_role("button", name="Try these words").click()
    expect(dialog).to_contain_text("Keyword lab")
    dialog.get_by_label("Try a sentence").fill("salir por favor")
    dialog.get_by_label("Try a sentence").press("Enter")
    expect(dialog).to_contain_text("Opts out: one of the words and politeness")
    dialog.get_by_role("button", name="Back to the settings").click()
    expect(dialog.get_by_role("button", name="Remove SALIR")).to_be_visible()
    dialog.get_by_role("button", name="Save").click()
    expect(page.locator("#toasts")).to_contain_text("settings saved")
