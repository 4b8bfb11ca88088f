"""The inbox in a real browser: what comes while it is open, and what is done about consent in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import Flask
from flask.ctx import AppContext
from playwright.sync_api import APIResponse, Page, Route, expect
from sqlalchemy import select

from tests.browser.signing_in import sign_in_as
from tests.people import NUMBER, record, state_of
from tests.talks import conversation, person, wrote
from webapp.accounts import settings
from webapp.accounts.models import User
from webapp.accounts.rules import Role
from webapp.accounts.settings import LIMITS
from webapp.contacts.rules import Channel, State
from webapp.core import clock
from webapp.core.config import Config
from webapp.core.db import db, transaction
from webapp.outbox.models import Message
from webapp.webhooks.whatsapp_line import WhatsAppLine
from webapp.webhooks.whatsapp_signature import sign

HOURS = timedelta(hours=3)


def says(app: Flask, text: str, number: str = NUMBER) -> None:
    """Let a customer write, by the provider's webhook."""
    config: Config = app.extensions["heed"]
    wamid = f"wamid.{text}.{clock.now()}"
    body = WhatsAppLine("", config).notice(number, text, wamid, clock.now())
    headers = {"X-Hub-Signature-256": sign(config.whatsapp_app_secret, body)}
    answer = app.test_client().post("/webhooks/whatsapp", data=body, headers=headers)
    assert answer.status_code == 200
    db.session.rollback()


@pytest.fixture
def open_as(
    app: Flask, context: AppContext, live_url: str, new_page: Callable[..., Page]
) -> Callable[..., Page]:
    """What opens an address as a new user of a role."""

    def open_it(path: str, role: Role = Role.MARKETER, **options: object) -> Page:
        db.session.rollback()  # what has read holds SQLite's lock, which the server needs
        page = new_page(**({"viewport": {"width": 1440, "height": 900}} | options))
        sign_in_as(role, page, app, live_url, path)
        expect(page.locator("#inbox")).to_be_visible()
        page.wait_for_load_state()
        return page

    return open_it


def test_a_stop_shows_within_the_open_thread(app: Flask, open_as: Callable[..., Page]) -> None:
    talk = person(text="Is it in stock?")
    page = open_as(f"/inbox/{talk}")
    page.get_by_label("Message").fill("Yes, shall we")
    says(app, "STOP")
    alert = page.locator("#composer").get_by_role("alert")
    expect(alert).to_contain_text("Ann Lee is Opted Out of WhatsApp")
    expect(page.locator("#talk-title")).to_contain_text("Opted Out")
    expect(page.locator(f"#talk-{talk}")).to_contain_text("Opted Out")
    expect(page.locator("#subscription")).to_contain_text("WhatsApp Opted Out")
    expect(page.locator("#thread")).to_contain_text("“STOP” reply → Opted Out")
    # What was typed is there again where somebody answers all the same.
    page.get_by_role("link", name="Reply anyway").click()
    expect(page.get_by_label("Message")).to_have_value("Yes, shall we")


def test_reply_anyway_sends_and_says_so(app: Flask, open_as: Callable[..., Page]) -> None:
    talk = person(text="Is it in stock?")
    event = record().event_id
    page = open_as(f"/inbox/{talk}")
    page.get_by_role("link", name="Reply anyway").click()
    expect(page.locator("#composer")).to_contain_text("says that you saw that")
    page.get_by_label("Message").fill("Yes, since today")
    page.get_by_label("Message").press("Control+Enter")
    expect(page.locator("#toasts")).to_contain_text("past the opt-out")
    expect(page.locator("#thread-live")).to_contain_text("Yes, since today")
    expect(page.locator("#composer").get_by_role("alert")).to_be_visible()
    message = db.session.scalars(select(Message)).one()
    assert message.override_event_id == event
    db.session.rollback()


def test_modify_and_save_on_two_channels(open_as: Callable[..., Page]) -> None:
    talk = person()
    record(at=clock.now() - HOURS)
    page = open_as(f"/inbox/{talk}")
    panel = page.locator("#subscription")
    panel.get_by_role("link", name="Modify").click()
    panel.get_by_role("group", name="SMS").get_by_label("Opted Out").check()
    panel.get_by_role("group", name="WhatsApp").get_by_label("Opted In", exact=True).check()
    expect(panel).to_contain_text("Opting in to WhatsApp needs the record of consent")
    expect(panel.get_by_role("group", name="SMS").get_by_label("Opted Out")).to_be_checked()
    panel.get_by_label("How").select_option("By phone")
    panel.get_by_label("Where").fill("The shop")
    panel.get_by_label("What they agreed to").fill("Yes, message me.")
    panel.get_by_role("button", name="Save").click()
    expect(page.locator("#toasts")).to_contain_text("Ann Lee is Opted Out of SMS.")
    expect(page.locator("#toasts")).to_contain_text("Ann Lee is Opted In to WhatsApp.")
    expect(panel).to_contain_text("SMS Opted Out")
    expect(page.get_by_label("Message")).to_be_visible()
    assert state_of() is State.OPTED_IN
    assert state_of(channel=Channel.SMS) is State.OPTED_OUT
    page.get_by_role("button", name="Undo").click()
    expect(panel).to_contain_text("WhatsApp Opted Out")
    assert state_of(channel=Channel.SMS) is State.UNKNOWN


def test_a_new_message_appears_and_is_read(app: Flask, open_as: Callable[..., Page]) -> None:
    talk = person(text="First")
    other = person("Ben Ray", "+16505559999")
    page = open_as(f"/inbox/{talk}")
    expect(page.locator(f"#talk-{talk} .talk-unread")).to_have_count(0)
    page.get_by_label("Message").fill("half a sen")
    says(app, "And a second thing")
    expect(page.locator("#thread-live")).to_contain_text("And a second thing")
    expect(page.locator("#announcer")).to_contain_text("And a second thing")
    expect(page.locator("a.talk").first).to_contain_text("And a second thing")
    expect(page.get_by_label("Message")).to_have_value("half a sen")
    # The scroll follows what comes.
    assert page.evaluate(
        "() => { const t = document.getElementById('thread'); return t.scrollHeight - t.scrollTop - t.clientHeight < 5 }"
    )
    expect(page.locator(f"#talk-{talk} .talk-unread")).to_have_count(0)
    expect(page.locator(f"#talk-{other} .talk-unread")).to_have_count(1)
    assert conversation(talk).unread == 0


@contextmanager
def late_news(page: Page, app: Flask) -> Iterator[None]:
    """Hold the live part's answer to a new message back until what stands within is done."""
    held: list[tuple[Route, APIResponse]] = []
    page.route("**/inbox/*/live*", lambda route: held.append((route, route.fetch())))
    with page.expect_request("**/inbox/*/live*"):
        says(app, "And a second thing")
    while not held:
        page.evaluate("0")  # lets Playwright go on
    yield
    with page.expect_response("**/inbox/*/live*"):
        for route, answer in held:
            route.fulfill(response=answer)
    page.unroute("**/inbox/*/live*")


def test_a_form_opened_while_news_was_on_its_way_stays(
    app: Flask, open_as: Callable[..., Page]
) -> None:
    page = open_as(f"/inbox/{person()}")
    voice = page.get_by_role("group", name="Voice").get_by_label("Opted Out")
    with late_news(page, app):
        page.get_by_role("link", name="Modify").click()
        with page.expect_response("**/subscription?*"):  # what else the choice asks for
            voice.check()
    expect(page.locator("#thread-live")).to_contain_text("And a second thing")
    expect(voice).to_be_checked()


def test_news_of_a_conversation_that_was_left_is_not_shown_in_the_next(
    app: Flask, open_as: Callable[..., Page]
) -> None:
    ben = person("Ben Ray", "+16505559999")
    page = open_as(f"/inbox/{person()}")
    with late_news(page, app):
        page.locator(f"#talk-{ben}").click()
        expect(page.locator("#talk-title")).to_contain_text("Ben Ray")
    says(app, "Here I am", "+16505559999")
    expect(page.locator("#thread-live")).to_contain_text("Here I am")
    expect(page.locator("#thread-live")).not_to_contain_text("And a second thing")
    expect(page.locator("#talk-title")).to_contain_text("Ben Ray")


def test_keys_go_between_conversations_and_typing_is_left_alone(
    open_as: Callable[..., Page],
) -> None:
    ann = person()
    ben = person("Ben Ray", "+16505559999")
    page = open_as("/inbox")
    page.keyboard.press("j")
    expect(page.locator(f"#talk-{ben}")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator(f"#talk-{ann}")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#talk-title")).to_contain_text("Ann Lee")
    expect(page.locator(f"#talk-{ann}")).to_have_attribute("aria-current", "true")
    page.keyboard.press("r")
    message = page.get_by_label("Message")
    expect(message).to_be_focused()
    page.keyboard.type("jkr go")
    expect(message).to_have_value("jkr go")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.locator(f"#talk-{ann}")).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page.locator("#talk-title")).to_contain_text("Ben Ray")
    expect(page.get_by_label("Message")).to_have_value("")
    page.locator(f"#talk-{ann}").click()
    expect(page.get_by_label("Message")).to_have_value("jkr go")
    assert page.url.endswith(f"/inbox/{ann}")


def test_earlier_messages_come_while_scrolling_and_nothing_jumps(
    open_as: Callable[..., Page],
) -> None:
    talk = person(text="m0", ago=timedelta(hours=200))
    for n in range(1, 90):
        wrote(f"m{n}", ago=timedelta(hours=200 - n))
    page = open_as(f"/inbox/{talk}")
    expect(page.locator(".thread-in")).to_have_count(40)
    expect(page.locator("#thread").get_by_text("m89", exact=True)).to_be_in_viewport()
    page.locator("#thread").hover()
    page.mouse.wheel(0, -20_000)
    expect(page.locator(".thread-in")).to_have_count(80)
    expect(page.get_by_text("m50", exact=True)).to_be_in_viewport()
    page.get_by_role("link", name="Earlier messages").click()
    expect(page.locator(".thread-in")).to_have_count(90)
    expect(page.get_by_text("The conversation begins here.")).to_be_attached()


def test_a_marketer_who_may_only_report_and_a_viewer(
    app: Flask, open_as: Callable[..., Page]
) -> None:
    talk = person()
    transaction(lambda: settings.write(LIMITS, {"only_admins_change_consent": True}))
    page = open_as(f"/inbox/{talk}")
    panel = page.locator("#subscription")
    expect(panel).to_contain_text("Only admins change consent here.")
    expect(page.locator("#modify")).to_have_count(0)
    panel.get_by_role("link", name="Report opt-out of WhatsApp").click()
    dialog = page.get_by_role("dialog", name="Report opt-out of WhatsApp")
    dialog.get_by_role("button", name="Report opt-out").click()
    expect(page.locator("#toasts")).to_contain_text("waits until an admin decides")
    expect(page.locator("#composer")).to_contain_text("Marketing waits here")
    viewer = open_as(f"/inbox/{talk}", Role.VIEWER)
    expect(viewer.locator("#composer")).to_contain_text("A viewer can look, not change.")
    expect(viewer.locator("#modify")).to_have_count(0)


def test_search_and_filters_live_in_the_address(open_as: Callable[..., Page]) -> None:
    ann = person()
    person("Ben Ray", "+16505559999")
    page = open_as(f"/inbox/{ann}")
    page.get_by_label("Search by name").fill("ben")
    expect(page.locator("a.talk")).to_have_count(1)
    expect(page).to_have_url(f"{page.url.split('/inbox')[0]}/inbox/{ann}?q=ben")
    page.reload()
    expect(page.locator("a.talk")).to_contain_text("Ben Ray")
    expect(page.locator("#talk-title")).to_contain_text("Ann Lee")


def test_two_who_take_it_at_once(app: Flask, open_as: Callable[..., Page]) -> None:
    talk = person()
    page, other = open_as(f"/inbox/{talk}"), open_as(f"/inbox/{talk}", Role.ADMIN)
    page.get_by_role("button", name="Assign to me").click()
    expect(page.locator("#toasts")).to_contain_text("You have this conversation now")
    expect(other.get_by_label("Assigned to")).to_have_value(str(_marketer()))
    other.get_by_role("button", name="Assign to me").click()
    expect(page.locator(f"#talk-{talk}")).to_contain_text("Assigned to Admin")


def _marketer() -> int:
    found = db.session.scalars(select(User.id).where(User.role == Role.MARKETER)).one()
    db.session.rollback()
    return found


def test_it_fits_a_phone(open_as: Callable[..., Page]) -> None:
    talk = person("O'Brien <script>alert(1)</script>", text="w" * 300)
    page = open_as("/inbox")
    page.set_viewport_size({"width": 360, "height": 740})
    page.locator(f"#talk-{talk}").click()
    expect(page.locator("#talk-title")).to_contain_text("O'Brien <script>")
    expect(page.locator("#inbox-list")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.get_by_role("button", name="Details").click()
    expect(page.locator("#subscription")).to_be_visible()
    page.get_by_role("button", name="Close").click()
    page.get_by_label("Message").fill("Fine")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#thread-live")).to_contain_text("Fine")
    page.get_by_role("link", name="Back to the conversations").click()
    expect(page.locator("#inbox-list")).to_be_visible()


def test_a_stranger_who_is_added_is_known_at_once(open_as: Callable[..., Page]) -> None:
    page = open_as(f"/inbox/{wrote('Hello?')}")
    page.get_by_role("link", name="New contact").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Bea Ode")
    dialog.get_by_role("button", name="Add").click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("link", name="Open contact")).to_be_visible()
    expect(page.locator("#talk-who")).to_contain_text("Bea Ode")
