"""The menu of a row, its dialogs, and bulk actions in a real browser: by mouse and by keyboard."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from flask import Flask
from flask.ctx import AppContext
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from jobs.tasks import RUNNERS
from tests.browser.signing_in import sign_in_as
from tests.browser.test_accessibility import axe, violations
from tests.people import (
    add_contact,
    add_message,
    all_events,
    phone,
    record,
    state_of,
    status_of,
)
from webapp.accounts import settings
from webapp.accounts.rules import CUSTOMER, Role
from webapp.accounts.settings import LIMITS
from webapp.bulk import running
from webapp.consent.models import Review
from webapp.consent.service import change_many
from webapp.consent.wishes import Wish
from webapp.contacts.rules import Channel, Source, State
from webapp.contacts.tags import named
from webapp.core import clock
from webapp.core.db import db, transaction
from webapp.outbox.rules import Category, Status
from webapp.tasks import service
from webapp.tasks.models import Task

__all__ = ["axe"]  # a fixture

NUMBERS = [f"+1650555{n:04d}" for n in range(60)]
TOMORROW = clock.now() + timedelta(days=1)


@pytest.fixture
def people(context: AppContext) -> list[int]:
    """Sixty contacts, by id; the last leads the list."""
    start = clock.now() - timedelta(days=90)
    added = [
        add_contact(number, f"Person {n:02d}", created_at=start + timedelta(days=n))
        for n, number in enumerate(NUMBERS)
    ]
    ids = [contact.id for contact in added]
    db.session.rollback()  # what has read holds SQLite's lock, which the server needs
    return ids


@pytest.fixture
def audience(app: Flask, live_url: str, page: Page, people: list[int]) -> Page:
    """The list, opened by a marketer."""
    return open_list(app, live_url, page)


def open_list(app: Flask, live_url: str, page: Page, width: int = 1440) -> Page:
    page.set_viewport_size({"width": width, "height": 900})
    sign_in_as(Role.MARKETER, page, app, live_url, "/audience")
    expect(page.locator("#count-whatsapp")).to_have_text("60")
    return page


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=f"Menu of {name}")


def row(page: Page, contact_id: int) -> Locator:
    return page.locator(f"#contact-{contact_id}")


def pick(page: Page, name: str) -> Locator:
    return page.get_by_role("checkbox", name=f"Select {name}")


def bar(page: Page) -> Locator:
    return page.get_by_role("form", name="With the selected")


def exported(page: Page) -> int:
    """Take the CSV file of what is selected; gives how many contacts it holds."""
    with page.expect_download() as started:
        bar(page).get_by_role("button", name="CSV").click()
    return len(started.value.path().read_text().splitlines()) - 1


def waiting(number: str, contact_id: int, **values: object) -> int:
    """Add a message that waits; gives its id."""
    found = add_message(address=phone(number), contact_id=contact_id, send_at=TOMORROW, **values).id
    db.session.rollback()
    return found


def the_task() -> int:
    found = db.session.scalars(select(Task.id)).one()
    db.session.rollback()
    return found


def test_the_menu_by_mouse_opens_and_closes(audience: Page, people):
    menu = audience.get_by_role("menu")
    expect(menu).to_be_hidden()
    button(audience, "Person 59").click()
    expect(menu).to_be_visible()
    expect(menu).to_have_accessible_name("Menu of Person 59")
    expect(button(audience, "Person 59")).to_have_attribute("aria-expanded", "true")
    button(audience, "Person 59").click()
    expect(menu).to_be_hidden()
    button(audience, "Person 58").click()
    audience.get_by_role("heading", name="Opt-In/Opt-Out").click()
    expect(menu).to_be_hidden()
    button(audience, "Person 57").click()
    audience.get_by_role("menuitem", name="Open contact").click()
    expect(audience.get_by_role("heading", name="Person 57", level=1)).to_be_visible()


def test_a_report_from_the_menu_holds_the_channel_of_the_tab(app: Flask, audience: Page, people):
    with app.app_context():
        limits = {"only_admins_change_consent": True}
        transaction(lambda: settings.write(LIMITS, limits))
    audience.reload()
    for tab, label in ((Channel.SMS, "SMS"), (Channel.VOICE, "Voice")):
        audience.locator(f"#tab-{tab}").click()
        expect(audience.locator(f"#tab-{tab}")).to_have_attribute("aria-current", "page")
        button(audience, "Person 59").click()
        audience.get_by_role("menuitem", name="Report opt-out…").click()
        dialog = audience.get_by_role("dialog", name=f"Report opt-out of {label}")
        dialog.get_by_role("button", name="Report opt-out").click()
        expect(audience.locator("#toasts")).to_contain_text(f"marketing on {label} waits")
        expect(row(audience, people[59])).to_contain_text("On hold")
    with app.app_context():
        held = db.session.scalars(select(Review.channel).order_by(Review.id)).all()
    assert held == [Channel.SMS, Channel.VOICE]


def test_the_menu_by_keyboard(audience: Page, people):
    asks = button(audience, "Person 59")
    menu = audience.get_by_role("menu")

    def item(name: str) -> Locator:
        return menu.get_by_role("menuitem", name=name)

    for key, first in (
        ("Enter", "Unsubscribe…"),
        (" ", "Unsubscribe…"),
        ("ArrowUp", "Open contact"),
    ):
        asks.focus()
        audience.keyboard.press(key)
        expect(item(first)).to_be_focused()
        audience.keyboard.press("Escape")
        expect(menu).to_be_hidden()
        expect(asks).to_be_focused()
    audience.keyboard.press("ArrowDown")
    audience.keyboard.press("ArrowDown")
    expect(item("Resubscribe…")).to_be_focused()
    audience.keyboard.press("End")
    expect(item("Open contact")).to_be_focused()
    audience.keyboard.press("ArrowDown")
    expect(item("Unsubscribe…")).to_be_focused()
    audience.keyboard.press("e")
    expect(item("Edit…")).to_be_focused()
    audience.keyboard.press("Tab")
    expect(menu).to_be_hidden()
    assert audience.url.endswith("/audience")


def test_unsubscribe_over_several_channels_by_keyboard_and_undo(audience: Page, people):
    sms = waiting(NUMBERS[59], people[59], channel=Channel.SMS)
    marketing = waiting(NUMBERS[59], people[59])
    order = waiting(NUMBERS[59], people[59], category=Category.UTILITY)
    asks = button(audience, "Person 59")
    asks.focus()
    audience.keyboard.press("Enter")
    audience.keyboard.press("Enter")
    dialog = audience.get_by_role("dialog", name="Unsubscribe Person 59")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("checkbox", name="WhatsApp")).to_be_checked()
    expect(dialog.get_by_role("checkbox", name="Email")).to_be_disabled()
    expect(dialog.locator("[data-total]")).to_have_text("1 waiting message will be cancelled.")
    dialog.get_by_role("checkbox", name="SMS").press("Space")
    expect(dialog.locator("[data-total]")).to_have_text("2 waiting messages will be cancelled.")
    dialog.get_by_label("Reason").fill("At the counter")
    audience.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(asks).to_be_focused()
    toasts = audience.locator("#toasts")
    expect(toasts).to_contain_text("Person 59 is Opted Out of SMS and WhatsApp.")
    expect(toasts).to_contain_text("2 waiting messages were cancelled.")
    expect(row(audience, people[59])).to_contain_text("Opted Out")
    ended = [status_of(number) for number in (sms, marketing, order)]
    assert ended == [Status.CANCELLED, Status.CANCELLED, Status.SCHEDULED]

    audience.get_by_role("button", name="Undo").click()
    expect(toasts).to_contain_text("Undone: SMS is No record and WhatsApp is No record again.")
    expect(row(audience, people[59])).to_contain_text("No record")
    assert len(all_events()) == 4


def test_resubscribe_tells_of_a_stop_and_takes_one_record(audience: Page, people):
    address = phone(NUMBERS[59])
    long_ago = clock.now() - timedelta(days=9)
    record(source=Source.KEYWORD, actor=CUSTOMER, address=address, said="STOP", at=long_ago)
    expect(row(audience, people[59])).to_contain_text("Opted Out")
    button(audience, "Person 59").click()
    audience.get_by_role("menuitem", name="Resubscribe…").click()
    dialog = audience.get_by_role("dialog", name="Resubscribe Person 59")
    expect(dialog).to_contain_text("They asked to stop themselves: “STOP”.")
    dialog.get_by_role("checkbox", name="SMS").check()
    dialog.get_by_label("How").select_option("By phone")
    dialog.get_by_label("Where").fill("Call 77")
    dialog.get_by_label("What they agreed to").fill("Yes, offers are fine")
    dialog.get_by_role("button", name="Resubscribe").click()
    expect(dialog).to_be_hidden()
    expect(audience.locator("#toasts")).to_contain_text("Opted In to SMS and WhatsApp.")
    expect(row(audience, people[59])).to_contain_text("Opted In")


def test_the_contact_page_has_the_same_dialogs(audience: Page, people, live_url):
    audience.goto(f"{live_url}/contacts/{people[59]}")
    audience.locator("#contact-menu summary").click()
    audience.get_by_role("link", name="Unsubscribe…").click()
    dialog = audience.get_by_role("dialog", name="Unsubscribe Person 59")
    dialog.get_by_role("checkbox", name="Voice").check()
    dialog.get_by_role("button", name="Unsubscribe").click()
    expect(dialog).to_be_hidden()
    expect(audience.locator("#preference-voice")).to_contain_text("Opted Out")


def test_choosing_rows_ranges_and_the_page(audience: Page, people):
    expect(bar(audience)).to_be_hidden()
    before = audience.locator(".audience-table").bounding_box()
    pick(audience, "Person 59").check()
    expect(bar(audience)).to_contain_text("1 selected")
    pick(audience, "Person 55").click(modifiers=["Shift"])
    expect(bar(audience)).to_contain_text("5 selected")
    pick(audience, "Person 57").uncheck()
    expect(bar(audience)).to_contain_text("4 selected")
    every = audience.get_by_role("checkbox", name="Select all on this page")
    expect(every).to_be_checked(indeterminate=True)
    assert audience.locator(".audience-table").bounding_box() == before
    every.check()
    expect(bar(audience)).to_contain_text("50 selected")
    bar(audience).get_by_role("button", name="Select all 60 that match").click()
    expect(bar(audience)).to_contain_text("All 60 selected")
    pick(audience, "Person 50").uncheck()
    expect(bar(audience)).to_contain_text("49 selected")
    bar(audience).get_by_role("button", name="Clear").click()
    expect(bar(audience)).to_be_hidden()
    expect(pick(audience, "Person 59")).not_to_be_checked()


def test_a_selection_outlives_the_live_update_and_not_another_page(audience: Page, people):
    audience.get_by_role("checkbox", name="Select all on this page").check()
    bar(audience).get_by_role("button", name="Select all 60 that match").click()
    record(source=Source.KEYWORD, actor=CUSTOMER, address=phone(NUMBERS[59]))
    expect(row(audience, people[59])).to_contain_text("Opted Out")
    expect(bar(audience)).to_contain_text("All 60 selected")
    audience.get_by_role("link", name="Next").click()
    expect(row(audience, people[0])).to_be_visible()
    expect(bar(audience)).to_be_hidden()


def test_opting_out_some_rows_and_undo(audience: Page, people):
    message = waiting(NUMBERS[58], people[58])
    for number in (59, 58, 57):
        pick(audience, f"Person {number}").check()
    bar(audience).get_by_role("button", name="Opt out…").click()
    dialog = audience.get_by_role("dialog", name="Opt out")
    expect(dialog).to_contain_text("3 contacts")
    expect(dialog).to_contain_text("1 waiting message will be cancelled.")
    dialog.get_by_role("button", name="Opt out").click()
    expect(dialog).to_be_hidden()
    expect(bar(audience)).to_be_hidden()
    expect(audience.locator("#toasts")).to_contain_text("3 opted out of WhatsApp.")
    expect(row(audience, people[57])).to_contain_text("Opted Out")
    assert status_of(message) is Status.CANCELLED
    audience.get_by_role("button", name="Undo").click()
    expect(audience.locator("#toasts")).to_contain_text("Undone for 3 contacts.")
    expect(row(audience, people[57])).to_contain_text("No record")


def test_a_tag_for_some_rows(audience: Page, people):
    pick(audience, "Person 59").check()
    bar(audience).get_by_role("button", name="Add tag…").click()
    dialog = audience.get_by_role("dialog", name="Add a tag")
    dialog.get_by_label("Tag").fill("Trade fair")
    audience.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(row(audience, people[59])).to_contain_text("Trade fair")
    audience.get_by_role("button", name="Undo").click()
    expect(row(audience, people[59])).not_to_contain_text("Trade fair")


def test_the_ticked_are_exported_and_all_that_match(audience: Page, people):
    pick(audience, "Person 59").check()
    assert exported(audience) == 1
    audience.get_by_role("checkbox", name="Select all on this page").check()
    assert exported(audience) == 50
    bar(audience).get_by_role("button", name="Select all 60 that match").click()
    assert exported(audience) == 60


def test_all_that_match_run_as_a_task_with_progress(
    app: Flask, audience: Page, people, monkeypatch: pytest.MonkeyPatch
):
    halfway, go_on = threading.Event(), threading.Event()
    real, calls = running._step, []
    monkeypatch.setattr(running, "STEP", 30)

    def step(*args: object) -> None:
        real(*args)  # type: ignore[arg-type]
        calls.append(1)
        if len(calls) == 1:
            halfway.set()
            assert go_on.wait(60)

    monkeypatch.setattr(running, "_step", step)
    audience.get_by_role("checkbox", name="Select all on this page").check()
    bar(audience).get_by_role("button", name="Select all 60 that match").click()
    bar(audience).get_by_role("button", name="Opt out…").click()
    dialog = audience.get_by_role("dialog", name="Opt out")
    expect(dialog).to_contain_text("60 contacts match")
    dialog.get_by_role("button", name="Opt out").click()
    expect(dialog).to_be_hidden()
    strip = audience.locator("#task-strip")
    expect(strip).to_contain_text("Opting out 60 contacts of WhatsApp")

    def work() -> None:
        with app.app_context():
            service.run(task_id, RUNNERS)

    task_id = the_task()
    worker = threading.Thread(target=work)
    worker.start()
    assert halfway.wait(60)
    expect(strip).to_contain_text("30 of 60 · 50 %")
    strip.get_by_role("link", name="Opting out 60 contacts").click()
    expect(audience.get_by_role("progressbar")).to_have_attribute("value", "50")
    go_on.set()
    worker.join(60)
    expect(audience.get_by_role("progressbar")).to_have_attribute("value", "100")
    expect(audience.locator(".task")).to_contain_text("Opted out of WhatsApp")
    audience.get_by_role("link", name="Back to the list").click()
    expect(row(audience, people[59])).to_contain_text("Opted Out")
    assert state_of(phone(NUMBERS[0])) is State.OPTED_OUT
    assert len(all_events()) == 60


def test_a_task_is_cancelled_from_its_page(audience: Page, people, live_url):
    audience.get_by_role("checkbox", name="Select all on this page").check()
    bar(audience).get_by_role("button", name="Select all 60 that match").click()
    bar(audience).get_by_role("button", name="Add tag…").click()
    dialog = audience.get_by_role("dialog", name="Add a tag")
    dialog.get_by_label("Tag").fill("Spring")
    dialog.get_by_role("button", name="Add tag").click()
    expect(dialog).to_be_hidden()
    audience.goto(f"{live_url}/tasks")
    audience.get_by_role("link", name="Adding the tag “Spring” to 60 contacts").click()
    audience.get_by_role("button", name="Cancel the rest").click()
    expect(audience.locator(".task")).to_contain_text("Cancelled")
    expect(audience.get_by_role("button", name="Cancel the rest")).to_be_hidden()


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_dialogs_menu_and_bar_fit_the_screen(app: Flask, live_url, page: Page, people, width):
    wishes = [
        Wish(
            channel,
            phone(NUMBERS[59]),
            State.OPTED_OUT,
            Source.KEYWORD,
            CUSTOMER,
            said="STOP " * 90,
        )
        for channel in (Channel.SMS, Channel.WHATSAPP)
    ]
    transaction(lambda: change_many(wishes))
    tag = transaction(
        lambda: named(["A tag of very many letters, none of them needed here"])[0].name
    )
    db.session.rollback()
    audience = open_list(app, live_url, page, width)
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"

    def fits(part: Locator) -> None:
        box = part.bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert part.evaluate("e => e.scrollWidth - e.clientWidth") <= 0
        assert audience.evaluate(overflow) == 0

    button(audience, "Person 59").click()
    fits(audience.get_by_role("menu"))
    audience.get_by_role("menuitem", name="Resubscribe…").click()
    dialog = audience.get_by_role("dialog", name="Resubscribe Person 59")
    expect(dialog).to_be_visible()
    fits(dialog)
    audience.keyboard.press("Escape")
    pick(audience, "Person 58").check()
    expect(bar(audience)).to_be_visible()
    box = bar(audience).bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    bar(audience).get_by_role("button", name="Opt in…").click()
    fits(audience.get_by_role("dialog", name="Opt in"))
    audience.keyboard.press("Escape")
    audience.goto(f"{live_url}/audience?tag={tag}")
    assert audience.evaluate(overflow) == 0


def test_menu_dialogs_and_bar_keep_the_rules(app: Flask, audience: Page, people, axe):
    record(address=phone(NUMBERS[58]), source=Source.KEYWORD, actor=CUSTOMER, said="STOP")
    waiting(NUMBERS[59], people[59])
    broken: list[str] = []
    button(audience, "Person 59").click()
    broken += violations(audience, axe)
    audience.get_by_role("menuitem", name="Unsubscribe…").click()
    expect(audience.get_by_role("dialog")).to_be_visible()
    broken += violations(audience, axe)
    audience.keyboard.press("Escape")
    button(audience, "Person 58").click()
    audience.get_by_role("menuitem", name="Resubscribe…").click()
    expect(audience.get_by_role("dialog")).to_be_visible()
    broken += violations(audience, axe)
    audience.keyboard.press("Escape")
    audience.get_by_role("checkbox", name="Select all on this page").check()
    bar(audience).get_by_role("button", name="Select all 60 that match").click()
    broken += violations(audience, axe)
    for act in ("Opt out…", "Opt in…", "Remove tag…"):
        bar(audience).get_by_role("button", name=act).click()
        expect(audience.get_by_role("dialog")).to_contain_text("60 contacts match")
        broken += violations(audience, axe)
        audience.keyboard.press("Escape")
    assert not broken, "\n".join(broken)


def test_without_javascript_menu_and_bulk_are_pages(
    app: Flask, live_url, new_page, people: list[int]
):
    page = new_page(java_script_enabled=False)
    sign_in_as(Role.MARKETER, page, app, live_url, "/audience")
    button(page, "Person 59").click()
    page.get_by_role("link", name="Unsubscribe…").click()
    page.get_by_role("checkbox", name="SMS").check()
    page.get_by_role("button", name="Unsubscribe").click()
    expect(page.locator("#toasts")).to_contain_text("Person 59 is Opted Out of SMS and WhatsApp.")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#toasts")).to_contain_text("Undone")
    pick(page, "Person 59").check()
    pick(page, "Person 58").check()
    page.get_by_role("button", name="Add tag…").click()
    page.get_by_role("combobox", name="Tag").fill("Fair")
    page.get_by_role("button", name="Add tag").click()
    expect(row(page, people[58])).to_contain_text("Fair")
