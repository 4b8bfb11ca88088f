"""The main job in a real browser, against all of Heed: toggle, STOP, keywords, exports, rights."""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.signing_in import sign_in
from tests.outside import EVIDENCE, PASSWORDS, Customer, Outside, outside
from webapp.accounts.access import REFUSALS
from webapp.accounts.rules import Right
from webapp.outbox.rules import SENTENCES, Reason

# One group: the tests of this file share one running Heed.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("main job in the browser")]

BERLIN = ZoneInfo("Europe/Berlin")  # where the browsers of the tests are


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outside]:
    """All of Heed, with a small demo."""
    with outside(tmp_path_factory.mktemp("heed"), HEED_WORKERS="1") as world:
        yield world


def open_audience(page: Page, world: Outside, role: str) -> None:
    """Sign in as the demo's user of this role, and open the list."""
    sign_in(page, world.heed.url, *PASSWORDS[role], "/audience")
    expect(page.get_by_role("heading", name="Opt-In/Opt-Out")).to_be_visible()


def row_of(page: Page, world: Outside, customer: Customer) -> tuple[Locator, Locator]:
    """Open the audience with this customer alone; gives their row and their toggle."""
    page.goto(f"{world.heed.url}/audience?channel=whatsapp&q={customer.name}")
    switch = page.get_by_role("switch", name=customer.switch)
    return page.get_by_role("row").filter(has=switch), switch


def is_on(switch: Locator) -> None:
    expect(switch).to_have_attribute("aria-checked", "true")


def is_off(switch: Locator) -> None:
    expect(switch).to_have_attribute("aria-checked", "false")


def phone_of(page: Page, world: Outside, customer: Customer) -> None:
    """Open a customer's phone in the sandbox."""
    page.goto(world.heed.sandbox_url)
    page.get_by_role("link", name=customer.name).click()
    expect(page.get_by_role("heading", name=customer.name)).to_be_visible()


def record_consent(page: Page) -> None:
    """Fill and send the form for the record of consent."""
    page.get_by_label("How", exact=True).select_option(label="Paper form")
    page.get_by_label("Where").fill("Shop in Torstraße")
    page.get_by_label("What they agreed to").fill("Send me offers on WhatsApp.")
    page.get_by_role("button", name="Record opt-in").click()


def download(page: Page, folder: Path) -> list[dict[str, str]]:
    """Export what the page shows; gives the lines of the file."""
    with page.expect_download() as started:
        page.locator("#export-menu summary").click()
        page.get_by_role("link", name="Export CSV").click()
    path = folder / started.value.suggested_filename
    started.value.save_as(path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def in_an_hour() -> datetime:
    return datetime.now(UTC) + timedelta(hours=1)


def test_opting_out_by_the_toggle_cancels_what_waits(page: Page, world: Outside):
    customer = world.customer("Tove Ekman")
    message = world.send(customer, "The spring sale begins.", in_an_hour())
    open_audience(page, world, "marketer")
    row, switch = row_of(page, world, customer)
    is_on(switch)
    expect(row).to_contain_text("No record")

    switch.click()

    is_off(switch)
    expect(row).to_contain_text("Opted Out")
    expect(page.get_by_text("1 waiting message was cancelled")).to_be_visible()

    decided = world.message(message)["event_id"]
    page.get_by_role("link", name="Dispatcher").click()
    page.get_by_role("link", name="History").click()
    line = page.get_by_role("row").filter(has_text=customer.name)
    expect(line).to_contain_text("Cancelled: opted out")
    expect(line).to_contain_text(SENTENCES[Reason.OPTED_OUT])
    expect(line).to_contain_text(f"consent event {decided}")
    line.get_by_role("link", name=f"consent event {decided}").click()
    expect(page.get_by_role("heading", name="Evidence of")).to_be_visible()
    expect(page.get_by_role("link", name=customer.name, exact=True)).to_be_visible()
    expect(page.locator(f"#event-{decided}")).to_be_visible()


def test_undo_restores_the_state_and_no_message(page: Page, world: Outside):
    customer = world.customer("Ulla Berg")
    message = world.send(customer, "The spring sale begins.", in_an_hour())
    open_audience(page, world, "marketer")
    row, switch = row_of(page, world, customer)
    switch.click()
    is_off(switch)

    page.get_by_role("button", name="Undo").click()

    is_on(switch)
    expect(row).to_contain_text("No record")
    assert world.state(customer) == "unknown"
    assert world.message(message)["status"] == "cancelled"


def test_opting_in_asks_for_the_record_of_consent(page: Page, world: Outside):
    customer = world.customer("Ida Holm")
    yesterday = datetime.now(UTC) - timedelta(days=1)
    world.consent(customer, "opted_out", occurred_at=yesterday.isoformat())
    open_audience(page, world, "marketer")
    row, switch = row_of(page, world, customer)
    expect(row).to_contain_text("Opted Out")

    switch.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("link", name="Cancel").click()
    expect(dialog).to_be_hidden()
    is_off(switch)
    assert world.state(customer) == "opted_out"

    switch.click()
    record_consent(page)
    is_on(switch)
    expect(row).to_contain_text("Opted In")
    expect(dialog).to_be_hidden()

    kept = world.api.get("/consent-events", address=customer.phone)["items"][0]
    assert kept["evidence"]["wording"] == "Send me offers on WhatsApp."
    assert (kept["to_state"], kept["source"]) == ("opted_in", "manual")


def test_a_stop_on_the_phone_flips_an_open_page(
    page: Page, new_page: Callable[..., Page], world: Outside
):
    customer = world.customer("Nils Aster", wrote=True)
    open_audience(page, world, "marketer")
    page.goto(f"{world.heed.url}/contacts/{customer.id}")
    page.get_by_label("Message", exact=True).fill("See you at the tasting tonight?")
    page.get_by_label("Later").check()
    soon = datetime.now(BERLIN) + timedelta(minutes=3)
    page.get_by_label("Date and time").fill(soon.strftime("%Y-%m-%dT%H:%M"))
    page.get_by_role("button", name="Schedule WhatsApp").click()
    expect(page.get_by_text("Scheduled:")).to_be_visible()
    row, switch = row_of(page, world, customer)
    is_on(switch)
    page.evaluate("window.sameDocument = true")
    queue = page.context.new_page()
    queue.goto(f"{world.heed.url}/dispatcher?tab=queue")
    waiting = queue.get_by_role("row").filter(has_text=customer.name)
    expect(waiting).to_be_visible()

    phone = new_page()
    phone_of(phone, world, customer)
    phone.get_by_role("button", name="STOP", exact=True).click()
    pressed = time.monotonic()

    is_off(switch)
    print(f"the open page flipped {time.monotonic() - pressed:.1f} s after STOP")
    expect(row).to_contain_text("Opted Out")
    assert page.evaluate("window.sameDocument")
    expect(waiting).to_be_hidden()
    expect(phone.get_by_text("You are opted out")).to_be_visible()
    event = world.api.get("/consent-events", address=customer.phone)["items"][0]
    message = world.api.get("/messages", contact_id=customer.id, origin="scheduled")["items"][0]
    assert (message["status"], message["reason"]) == ("cancelled", "opted_out")
    assert (message["event_id"], event["source"]) == (event["id"], "keyword")


def test_a_keyword_added_in_the_gear_dialog_takes_effect(page: Page, world: Outside):
    before, after = world.customer("Ayşe Kaya", wrote=True), world.customer("Bao Tran", wrote=True)
    world.say(before, "purple llama")
    assert world.state(before) == "unknown"
    open_audience(page, world, "admin")
    page.get_by_role("main").get_by_label("Opt-In/Opt-Out Settings").click()
    dialog = page.get_by_role("dialog")
    words = dialog.get_by_role("textbox", name="Opt-out words")

    words.fill("purple llama")
    words.press("Enter")
    expect(dialog.get_by_role("listitem").filter(has_text="PURPLE LLAMA")).to_be_visible()
    expect(words).to_have_value("")
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(dialog).to_be_hidden()
    page.get_by_role("main").get_by_label("Opt-In/Opt-Out Settings").click()
    expect(dialog.get_by_role("listitem").filter(has_text="PURPLE LLAMA")).to_be_visible()

    world.say(after, "Purple llama!")
    assert world.state(after) == "opted_out"


def test_the_exclusion_list_exports_exactly_the_days_asked_for(
    page: Page, world: Outside, tmp_path: Path
):
    moments = {
        "Too Early": datetime(2020, 1, 9, 23, 59, 59, tzinfo=BERLIN),
        "First Second": datetime(2020, 1, 10, 0, 0, 0, tzinfo=BERLIN),
        "Last Second": datetime(2020, 1, 12, 23, 59, 59, tzinfo=BERLIN),
        "Too Late": datetime(2020, 1, 13, 0, 0, 0, tzinfo=BERLIN),
    }
    customers = {name: world.customer(name) for name in moments}
    for name, moment in moments.items():
        world.consent(customers[name], "opted_out", occurred_at=moment.isoformat())
    open_audience(page, world, "marketer")
    page.goto(f"{world.heed.url}/audience/exclusions?channel=whatsapp")
    page.get_by_label("Between two days").check()
    page.get_by_label("From").fill("2020-01-10")
    page.get_by_label("To", exact=True).fill("2020-01-12")
    expect(page.get_by_role("link", name="Too Early")).to_be_hidden()
    expect(page.get_by_role("link", name="Last Second")).to_be_visible()

    lines = download(page, tmp_path)

    wanted = {customers["First Second"].phone, customers["Last Second"].phone}
    assert {line["address"] for line in lines} == wanted
    assert {line["source"] for line in lines} == {"api"}
    first = next(line for line in lines if line["name"] == "First Second")
    assert first["opted_out_at"] == "2020-01-10T00:00:00+01:00"


def test_the_audience_exports_exactly_what_is_filtered(page: Page, world: Outside, tmp_path: Path):
    out = world.customer("Rosa Lima", tags=["Autumn wave"])
    world.customer("Sara Lima", tags=["Autumn wave"])
    elsewhere = world.customer("Tina Lima")
    for customer in (out, elsewhere):
        world.consent(customer, "opted_out")
    open_audience(page, world, "marketer")
    page.goto(f"{world.heed.url}/audience?channel=whatsapp&tag=Autumn+wave&state=opted_out")
    expect(page.get_by_role("switch")).to_have_count(1)

    lines = download(page, tmp_path)
    assert [(line["name"], line["phone"]) for line in lines] == [(out.name, out.phone)]
    assert lines[0]["whatsapp_state"] == "opted_out"

    page.goto(f"{world.heed.url}/audience?channel=whatsapp&q=lima")
    expect(page.get_by_role("switch")).to_have_count(3)
    names = {line["name"] for line in download(page, tmp_path)}
    assert names == {"Rosa Lima", "Sara Lima", "Tina Lima"}


def test_a_viewer_cannot_toggle(page: Page, world: Outside):
    customer = world.customer("Vera Stone")
    message = world.send(customer, "The spring sale begins.", in_an_hour())
    open_audience(page, world, "viewer")
    _, switch = row_of(page, world, customer)
    is_on(switch)
    expect(switch).to_be_disabled()
    expect(page.get_by_text(REFUSALS[Right.WORK]).first).to_be_visible()

    form = switch.locator("xpath=ancestor::form")
    fields = form.locator("input").all()
    said: dict[str, str | float | bool] = {
        str(one.get_attribute("name")): str(one.get_attribute("value")) for one in fields
    }
    action = form.get_attribute("action")
    assert said["csrf_token"]
    answer = page.request.post(f"{world.heed.url}{action}", form=said)

    assert answer.status == 403
    assert world.state(customer) == "unknown"
    assert world.message(message)["status"] == "scheduled"


def test_the_main_job_works_without_javascript(new_page: Callable[..., Page], world: Outside):
    customer = world.customer("Olga Prinz")
    world.customer("Otto Prinz")
    page = new_page(java_script_enabled=False)
    open_audience(page, world, "marketer")
    page.get_by_role("searchbox").fill("olga prinz")
    page.get_by_role("button", name="Apply").click()
    switch = page.get_by_role("switch")
    expect(switch).to_have_count(1)
    is_on(switch)

    switch.click()
    is_off(switch)
    expect(page.get_by_text(f"{customer.name} is Opted Out of WhatsApp")).to_be_visible()
    expect(page.get_by_role("row").filter(has=switch)).to_contain_text("Opted Out")
    assert world.state(customer) == "opted_out"

    switch.click()
    record_consent(page)
    is_on(page.get_by_role("switch", name=customer.switch))
    expect(switch).to_have_count(1)
    assert "q=olga" in page.url
    assert world.state(customer) == "opted_in"


def test_no_page_upsets_the_browser(page: Page, world: Outside):
    customer = world.customer("Zoe Quint", wrote=True)
    world.consent(customer, "opted_in", evidence=EVIDENCE)
    world.send(customer, "The spring sale begins.", in_an_hour())
    open_audience(page, world, "admin")
    links = page.get_by_role("navigation").get_by_role("link").all()
    paths = [path for link in links if (path := link.get_attribute("href") or "")[:1] == "/"]
    paths += [f"/contacts/{customer.id}", f"/contacts/{customer.id}/consents/whatsapp/opt-in"]
    paths += ["/dispatcher?tab=history", "/account/password", "/api/v1/docs"]
    assert {"/dispatcher", "/settings/keywords"} <= set(paths)
    for path in dict.fromkeys(paths):
        answer = page.goto(f"{world.heed.url}{path}")
        assert answer, path
        assert (answer.status, answer.headers["content-type"][:9]) == (200, "text/html"), path
        expect(page.get_by_role("heading").first).to_be_visible()
