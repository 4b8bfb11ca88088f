"""Dialogs: what has the focus in them, and where it goes when they close."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.people import PASSWORD, add_contact, add_user, phone, record
from webapp.accounts import settings
from webapp.accounts.rules import SYSTEM, Role
from webapp.accounts.settings import LIMITS
from webapp.contacts.filters import Filters
from webapp.contacts.models import AttributeDefinition, Contact, Tag
from webapp.contacts.rules import Channel, State
from webapp.core.db import db, transaction
from webapp.segments import service as segments

NUMBER = "+16505550001"


@pytest.fixture
def ann(app: Flask) -> int:
    with app.app_context():
        found = add_contact(NUMBER, "Ann").id
        db.session.remove()
    return found


@pytest.fixture
def go(app: Flask, live_url: str, page: Page) -> Callable[..., Page]:
    """Open a page as an admin, or as somebody else."""

    def open_page(path: str, role: Role = Role.ADMIN) -> Page:
        with app.app_context():
            email = add_user(role).email
        page.goto(f"{live_url}/login?next={path}")
        page.get_by_label("Email").fill(email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        # Once it has loaded: before its scripts are there, a link leads to a page.
        page.wait_for_url(f"{live_url}{path}")
        return page

    return open_page


def choose(page: Page, name: str, item: str) -> None:
    page.get_by_role("button", name=f"Menu of {name}").press("Enter")
    page.get_by_role("menuitem", name=item).press("Enter")


def test_the_first_field_has_the_focus_and_escape_gives_it_back(ann: int, go) -> None:
    page = go("/contacts")
    choose(page, "Ann", "Unsubscribe…")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("checkbox", name="SMS")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("button", name="Menu of Ann")).to_be_focused()


def test_a_refused_form_puts_the_focus_on_what_is_wrong(ann: int, go) -> None:
    page = go(f"/contacts/{ann}")
    page.get_by_role("link", name="Edit", exact=True).press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Name")).to_be_focused()
    dialog.get_by_label("Phone").fill("12")
    dialog.get_by_role("button", name="Save").press("Enter")
    expect(dialog.get_by_label("Phone")).to_be_focused()
    expect(dialog.get_by_label("Phone")).to_have_attribute("aria-invalid", "true")


def test_a_dialog_from_a_menu_gives_the_focus_to_the_menus_button(ann: int, go) -> None:
    page = go(f"/contacts/{ann}")
    button = page.locator("#contact-menu summary")
    button.press("Enter")
    page.locator("#contact-menu").get_by_text("Unsubscribe…").press("Enter")
    dialog = page.get_by_role("dialog", name="Unsubscribe Ann")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(button).to_be_focused()


def test_what_only_confirms_a_loss_begins_with_the_way_out(app: Flask, go) -> None:
    with app.app_context():
        add_user(Role.VIEWER)
    page = go("/settings/users")
    page.get_by_role("link", name="Close the account").first.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("link", name="Cancel")).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()


def test_the_focus_comes_back_to_a_link_that_was_drawn_anew(ann: int, go) -> None:
    page = go(f"/contacts/{ann}")
    page.locator("#edit-contact").press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    page.evaluate(
        "const old = document.getElementById('edit-contact'); old.replaceWith(old.cloneNode(true))"
    )
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.locator("#edit-contact")).to_be_focused()


def test_the_menu_offers_what_the_row_leaves_to_do(app: Flask, go) -> None:
    with app.app_context():
        for state, name, number in (
            (State.OPTED_IN, "In", "+16505550011"),
            (State.OPTED_OUT, "Out", "+16505550012"),
        ):
            add_contact(number, name)
            for channel in (Channel.SMS, Channel.VOICE, Channel.WHATSAPP):
                record(state, address=phone(number), channel=channel)
        db.session.add(Contact(name="Nowhere"))
        db.session.commit()
        db.session.remove()
    page = go("/contacts")
    menu = page.get_by_role("menu")
    already = {
        "In": ("Resubscribe… Opted In on every channel already.", "Unsubscribe…"),
        "Out": ("Unsubscribe… Opted Out on every channel already.", "Resubscribe…"),
    }
    for name, (shut, offered) in already.items():
        page.get_by_role("button", name=f"Menu of {name}").click()
        expect(menu.get_by_role("menuitem", name=shut)).to_be_disabled()
        expect(menu.get_by_role("menuitem", name=offered, exact=True)).to_be_enabled()
        expect(menu.get_by_role("menuitem", name="subscribe…")).to_have_count(2)
        page.keyboard.press("Escape")
    page.get_by_role("button", name="Menu of Nowhere").click()
    expect(menu.get_by_role("menuitem", name="subscribe… There is no address.")).to_have_count(2)


def test_a_report_from_the_list_is_asked_for_and_holds(app: Flask, ann: int, go) -> None:
    with app.app_context():
        transaction(lambda: settings.write(LIMITS, {"only_admins_change_consent": True}))
    page = go("/contacts", Role.MARKETER)
    choose(page, "Ann", "Report opt-out of SMS…")
    dialog = page.get_by_role("dialog", name="Report opt-out of SMS")
    expect(dialog.get_by_label("What did they say?")).to_be_focused()
    page.keyboard.type("Leave me alone")
    dialog.get_by_role("button", name="Report opt-out").click()
    expect(dialog).to_be_hidden()
    expect(page.locator("#toasts")).to_contain_text("marketing on SMS waits until an admin decides")
    expect(page.get_by_title("SMS: No record, on hold")).to_be_visible()
    page.get_by_role("button", name="Menu of Ann").click()
    menu = page.get_by_role("menu")
    expect(menu.get_by_role("menuitem", name="Report opt-out of Voice…")).to_be_visible()
    expect(menu.get_by_role("menuitem", name="Report opt-out of SMS…")).to_have_count(0)


def test_the_way_back_leads_to_the_list_as_it_was(ann: int, go) -> None:
    page = go("/contacts?q=ann")
    page.get_by_role("link", name="Ann", exact=True).click()
    expect(page.get_by_role("heading", name="Ann", level=1)).to_be_visible()
    page.get_by_role("link", name="Contacts", exact=True).and_(page.locator(".way-back a")).click()
    expect(page.get_by_role("searchbox")).to_have_value("ann")


@pytest.mark.parametrize(("width", "height"), [(1366, 700), (360, 640)])
def test_a_long_dialog_keeps_its_buttons_inside_a_low_window(
    ann: int, go, width: int, height: int
) -> None:
    page = go(f"/contacts/{ann}")
    page.set_viewport_size({"width": width, "height": height})
    page.locator("#contact-menu summary").press("Enter")
    page.locator("#contact-menu").get_by_text("Resubscribe…").press("Enter")
    dialog = page.get_by_role("dialog", name="Resubscribe Ann")
    for name in ("Cancel", "Resubscribe"):
        expect(dialog.locator(".dialog-foot").get_by_text(name)).to_be_in_viewport(ratio=1)
    foot, box = dialog.locator(".dialog-foot").bounding_box(), dialog.bounding_box()
    assert foot
    assert box
    assert foot["y"] + foot["height"] <= box["y"] + box["height"] <= height


def test_undo_gives_the_focus_to_the_rows_menu_button(ann: int, go) -> None:
    page = go("/contacts")
    choose(page, "Ann", "Unsubscribe…")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("checkbox", name="SMS").check()
    dialog.get_by_role("button", name="Unsubscribe").press("Enter")
    expect(page.get_by_title("SMS: Opted Out")).to_be_visible()
    page.locator("#toasts").get_by_role("button", name="Undo").press("Enter")
    expect(page.get_by_title("SMS: No record")).to_be_visible()
    expect(page.get_by_role("button", name="Menu of Ann")).to_be_focused()


def test_undo_gives_the_focus_to_the_toggle(ann: int, go) -> None:
    page = go(f"/contacts/{ann}")
    toggle = page.locator("#preference-sms").get_by_role("switch")
    toggle.press("Space")
    expect(page.locator("#preference-sms .state").first).to_have_text("Opted Out")
    page.locator("#toasts").get_by_role("button", name="Undo").press("Enter")
    expect(page.locator("#preference-sms .state").first).to_have_text("No record")
    expect(toggle).to_be_focused()


def test_a_toast_that_is_dismissed_gives_the_focus_back(ann: int, go) -> None:
    page = go(f"/contacts/{ann}")
    toggle = page.locator("#preference-sms").get_by_role("switch")
    toggle.press("Space")
    page.locator("#toasts").get_by_role("button", name="Dismiss").press("Enter")
    expect(page.locator("#toasts")).to_be_empty()
    expect(toggle).to_be_focused()


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/settings/tags", "Tags"),
        ("/settings/attributes", "Attributes"),
        ("/segments", "Segments"),
    ],
)
def test_a_confirmed_deletion_gives_the_focus_to_the_lists_heading(
    app: Flask, go, path: str, name: str
) -> None:
    with app.app_context():
        db.session.add_all(
            [
                Tag(name="Gone", folded="gone"),
                AttributeDefinition(name="gone", label="Gone", kind="text"),
            ]
        )
        segments.save("Gone", Filters(search="ann"), SYSTEM)
        db.session.commit()
        db.session.remove()
    page = go(path)
    page.get_by_role("link", name="Delete Gone").press("Enter")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Delete").press("Enter")
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("link", name="Delete Gone")).to_have_count(0)
    expect(page.get_by_role("heading", name=name, level=1)).to_be_focused()


def test_a_new_segment_begins_with_its_name(go) -> None:
    page = go("/segments/build")
    expect(page.get_by_label("Name", exact=True)).to_be_focused()
    page.get_by_role("button", name="Condition in").first.press("Enter")
    expect(page.get_by_role("group", name="Condition 2")).to_be_visible()
    expect(page.get_by_label("Name", exact=True)).not_to_be_focused()
