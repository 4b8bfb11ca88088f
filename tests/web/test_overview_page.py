"""The overview: every number is that of the list it leads to, and new when something changes."""

from __future__ import annotations

import html
import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.ctx import AppContext
from redis import Redis
from rq import SimpleWorker
from sqlalchemy import insert, select, update
from time_machine import travel

from tests.counting import counted_queries
from tests.people import add_contact, add_message, phone, record
from tests.visitor import Visitor, visitor, words
from webapp.accounts.rules import CUSTOMER, SYSTEM, Role
from webapp.consent.deadlines import deadline
from webapp.consent.exclusions import ExclusionFilter, count_exclusions
from webapp.consent.holds import hold
from webapp.consent.models import Review
from webapp.consent.reviews import dismiss_review
from webapp.contacts.rules import Address, AddressKind, Channel, Source, State
from webapp.conversations.models import StoredWebhook
from webapp.conversations.service import store_webhook
from webapp.core import clock
from webapp.core.days import Days
from webapp.core.db import db, transaction
from webapp.core.queue import JobQueue, jobs
from webapp.core.zones import short_day
from webapp.figures import service as figures
from webapp.ledger import restoring
from webapp.outbox import service as outbox
from webapp.outbox.rules import Origin, Reason, Status
from webapp.overview.opt_outs import count_opt_outs, read_opt_outs

PARTS = ("states", "opt-outs", "leaving", "stopped", "reviews", "health")
NUMBERS = [f"+1650555{n:04d}" for n in range(10)]
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def viewer(app: Flask) -> Visitor:
    return visitor(app, Role.VIEWER)


@pytest.fixture
def people(context: AppContext) -> list[int]:
    """Ten contacts: three opted out of WhatsApp, two in; a stranger opted out too."""
    ids = [add_contact(number, f"Person {n}").id for n, number in enumerate(NUMBERS)]
    for number in NUMBERS[:2]:
        record(address=phone(number), source=Source.KEYWORD, actor=CUSTOMER)
    record(address=phone(NUMBERS[2]), source=Source.API)
    for number in NUMBERS[3:5]:
        record(State.OPTED_IN, address=phone(number))
    record(address=phone("+16505559999"), source=Source.API)
    return ids


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every account count as one with many rows."""
    monkeypatch.setattr(figures, "SMALL", -1)


def held(number: str, said: str) -> None:
    transaction(lambda: hold(Channel.WHATSAPP, phone(number), said, {}, actor=CUSTOMER))


def links(text: str, path: str) -> dict[str, int]:
    """Give the number in each link to `path` that has one, by its address."""
    found = {}
    for address, inside in re.findall(r'<a[^>]*href="([^"]+)"[^>]*>(.*?)</a>', text, re.S):
        said = re.sub(r"\d+%", "", re.sub(r"<[^>]+>", " ", inside))
        number = re.search(r"\d[\d,]*", said)
        if html.unescape(address).split("?")[0] == path and number:
            found[html.unescape(address)] = int(number[0].replace(",", ""))
    return found


def rows(who: Visitor, address: str) -> int:
    """Count the rows of a list."""
    page = who.get(address).get_data(as_text=True)
    body = page.partition("<tbody")[2].partition("</tbody>")[0]
    return len(re.findall(r"<tr\b", body))


@pytest.mark.parametrize("part", [None, *PARTS])
def test_everybody_who_signs_in_sees_it(viewer: Visitor, people: list[int], part: str) -> None:
    answer = viewer.get(f"/overview/{part}" if part else "/", htmx=bool(part))
    assert answer.status_code == 200
    root = f'<section class="card part part-{part}"' if part else "<!DOCTYPE html>"
    text = answer.get_data(as_text=True).lstrip()
    assert text.startswith((root, '<section class="part-states"'))


def test_states_are_those_of_the_audience(viewer: Visitor, people: list[int]) -> None:
    record(channel=Channel.EMAIL, address=Address(AddressKind.EMAIL, "ann@heed.example"))
    found = links(viewer.text("/overview/states"), "/audience")
    assert len(found) == len(Channel) * len(State)
    assert found["/audience?channel=whatsapp&state=opted_out"] == 3
    assert found["/audience?channel=whatsapp&state=opted_in"] == 2
    assert {address: rows(viewer, address) for address in found} == found
    lists = links(viewer.text("/overview/states"), "/audience/exclusions")
    assert lists["/audience/exclusions?channel=whatsapp"] == 4
    assert {address: rows(viewer, address) for address in lists} == lists


def test_opt_outs_are_those_of_the_exclusion_list(viewer: Visitor, people: list[int]) -> None:
    record(address=phone(NUMBERS[5]), at=clock.now() - 3 * DAY)
    record(address=phone(NUMBERS[6]), at=clock.now() - 20 * DAY)
    record(address=phone(NUMBERS[7]), at=clock.now() - 60 * DAY)
    record(address=phone(NUMBERS[8]), channel=Channel.SMS)
    for days, count in ((7, 5), (30, 6), (90, 7)):
        text = viewer.text(f"/overview/opt-outs?days={days}")
        found = links(text, "/audience/exclusions")
        assert {address: rows(viewer, address) for address in found} == found
        # Days, sources, and all of it.
        assert max(found.values()) == count
        assert sum("source=keyword" in address for address in found) == 2
    sms = links(viewer.text("/overview/opt-outs?channel=sms"), "/audience/exclusions")
    assert set(sms.values()) == {1}


def test_the_tabs_say_how_many_opted_out_of_each_channel(
    viewer: Visitor, people: list[int]
) -> None:
    record(address=phone(NUMBERS[8]), channel=Channel.SMS)
    said = words(viewer.get("/overview/opt-outs?days=7"))
    assert "Email 0 SMS 1 Voice 0 WhatsApp 4" in said


def test_who_opted_in_again_is_no_opt_out(viewer: Visitor, people: list[int]) -> None:
    record(address=phone(NUMBERS[5]), at=clock.now() - 3 * DAY)
    before = links(viewer.text("/overview/opt-outs"), "/audience/exclusions")
    record(State.OPTED_IN, address=phone(NUMBERS[5]), at=clock.now() - 2 * DAY)
    after = links(viewer.text("/overview/opt-outs"), "/audience/exclusions")
    assert (max(before.values()), max(after.values())) == (5, 4)


def test_a_chart_has_its_numbers_in_words_too(viewer: Visitor, people: list[int]) -> None:
    text = viewer.text("/overview/opt-outs")
    assert re.search(r'role="img"\s+aria-label="Opt-outs from WhatsApp by day, [^"]+4 in all', text)
    assert "By source: Keyword 2, API 2." in text
    assert viewer.text("/overview/opt-outs").count("<tr>") == 30 + 1


@pytest.mark.parametrize(
    ("zone", "counts"),
    [
        # On 29 March 2026 Berlin's clocks skip an hour: the day has 23.
        ("Europe/Berlin", {28: 1, 29: 2, 30: 1}),
        ("America/New_York", {28: 2, 29: 2}),
        ("Asia/Kolkata", {29: 2, 30: 2}),
    ],
)
def test_days_are_those_of_the_reader_also_when_clocks_change(
    context: AppContext, zone: str, counts: dict[int, int]
) -> None:
    moments = ("03-28T22:59:59", "03-28T23:00:00", "03-29T21:59:59", "03-29T22:00:00")
    for number, moment in zip(NUMBERS, moments, strict=False):
        record(
            address=phone(number), at=datetime.fromisoformat(f"2026-{moment}").replace(tzinfo=UTC)
        )
    place = ZoneInfo(zone)
    value = count_opt_outs(date(2026, 3, 31), place).value
    found = read_opt_outs(value, Channel.WHATSAPP, 30)
    shown = {day.day: found.on(day) for day in found.days if found.on(day)}
    assert shown == counts
    for day in found.days[-4:]:
        since, until = Days(day, day).moments(place)
        listed = ExclusionFilter(Channel.WHATSAPP, Source.API, since, until)
        assert found.of(day, Source.API) == count_exclusions(listed)


def test_two_readers_in_two_zones_see_their_own_days(
    app: Flask, viewer: Visitor, people: list[int]
) -> None:
    evening = (clock.now() - 2 * DAY).replace(hour=23, minute=30)
    record(address=phone(NUMBERS[9]), source=Source.IMPORT, at=evening)
    for zone in ("Europe/Berlin", "UTC"):
        day = evening.astimezone(ZoneInfo(zone)).date()
        text = viewer.in_zone(zone).text("/overview/opt-outs?days=7")
        found = links(text, "/audience/exclusions")
        address = "/audience/exclusions?channel=whatsapp&source=import"
        assert found[f"{address}&from={day}&to={day}"] == rows(viewer, address) == 1


def test_more_reviews_than_are_counted_are_no_exact_number(
    viewer: Visitor, context: AppContext
) -> None:
    review = {"channel": Channel.SMS, "key": bytes(32), "address": NUMBERS[0]}
    db.session.execute(insert(Review), [review] * 1001)
    db.session.commit()
    said = words(viewer.get("/overview/reviews"))
    assert "Waits for review 1,000+" in said
    assert "And 994+ newer." in said


def test_what_leaves_next_is_the_front_of_the_queue(
    viewer: Visitor, people: list[int], context: AppContext
) -> None:
    now = clock.now()
    for n, number in enumerate(NUMBERS[3:]):
        add_message(
            address=phone(number), contact_id=people[n + 3], send_at=now + (n + 1) * 20 * HOUR / 30
        )
    page = viewer.get("/overview/leaving")
    text = page.get_data(as_text=True)
    shown = re.findall(r'id="leaving-(\d+)"', text)
    queue = re.findall(r'<tr id="message-(\d+)"', viewer.text("/dispatcher"))
    assert shown == queue[:5]
    assert f'href="/contacts/{people[3]}"' in text
    assert "1 in the next hour 7 in 24 hours 7 in all" in words(page)
    add_message(send_at=now + 30 * HOUR)
    found = links(viewer.text("/overview/leaving"), "/dispatcher")
    assert found == {
        "/dispatcher?leaves=hour": 1,
        "/dispatcher?leaves=day": 7,
        "/dispatcher": 8,
    }
    for address, count in found.items():
        assert len(re.findall(r'<tr id="message-(\d+)"', viewer.text(address))) == count
    assert "Scheduled · Marketing" in words(page)


def test_what_consent_stopped_is_that_of_the_history(
    viewer: Visitor, people: list[int], context: AppContext
) -> None:
    waiting = [add_message(address=phone(NUMBERS[3]), send_at=clock.now() + HOUR) for _ in range(3)]
    record(address=phone(NUMBERS[3]))
    assert all(each.status is Status.CANCELLED for each in waiting)
    add_message(status=Status.SKIPPED, reason=Reason.NO_RECORDED_OPT_IN)
    add_message(status=Status.CANCELLED, reason=Reason.BY_PERSON)
    add_message(status=Status.FAILED, reason=Reason.PROVIDER_OPTED_OUT)
    old = clock.now() - 8 * DAY
    add_message(status=Status.CANCELLED, reason=Reason.OPTED_OUT, ended_at=old)
    text = viewer.text("/overview/stopped")
    found = links(text, "/dispatcher")
    assert sorted(found.values()) == [1, 3, 4]
    assert {address: rows(viewer, address) for address in found} == found
    assert "4 messages in seven days" in words(viewer.get("/overview/stopped"))


def test_reviews_wait_oldest_first_each_with_the_time_left(
    viewer: Visitor, people: list[int], context: AppContext
) -> None:
    for number in (NUMBERS[5], NUMBERS[6]):
        held(number, "enough <b>now</b>")
    received = clock.now() - 30 * DAY
    db.session.execute(
        update(Review).where(Review.address == NUMBERS[6]).values(opened_at=received)
    )
    said = words(viewer.get("/overview/reviews"))
    text = viewer.text("/overview/reviews")
    last = short_day(deadline(received.date(), received.date()).last)
    assert f"Waits for review 2 Person 6 Overdue since {last} “enough <b>now</b>”" in said
    assert "Person 5 10 business days left" in said
    assert f'href="/contacts/{people[6]}"' in text
    late = db.session.scalar(select(Review.id).where(Review.address == NUMBERS[6]))
    transaction(lambda: dismiss_review(late or 0, CUSTOMER))
    assert "Person 6" not in words(viewer.get("/overview/reviews"))


def test_a_stop_is_in_all_its_numbers_at_the_next_look(viewer: Visitor, people: list[int]) -> None:
    add_message(address=phone(NUMBERS[3]), send_at=clock.now() + HOUR)
    viewer.get("/?whole")
    record(address=phone(NUMBERS[3]), source=Source.KEYWORD, actor=CUSTOMER)
    said = words(viewer.get("/"))
    assert "Opted Out 40% 4" in said
    assert "Keyword 3" in said
    assert "1 message in seven days" in said
    assert "Nothing waits to leave" in said
    assert "Counted" not in said


def test_a_first_look_comes_without_numbers_and_asks_for_them(
    viewer: Visitor, people: list[int]
) -> None:
    page = viewer.text("/")
    assert re.search(r'hx-get="/overview/states"\s+hx-trigger="load, heed:change', page)
    assert "Counting…" in page
    viewer.get("/overview/states", htmx=True)
    page = viewer.text("/")
    assert re.search(r'hx-get="/overview/states"\s+hx-trigger="heed:change', page)


def test_a_large_account_sees_kept_numbers_and_how_old_they_are(
    viewer: Visitor, people: list[int], large: None
) -> None:
    with travel(clock.now(), tick=False) as time:
        assert "Opted Out 30% 3" in words(viewer.get("/overview/states"))
        record(address=phone(NUMBERS[3]))
        time.shift(12)
        for path in ("/", "/overview/states"):
            said = words(viewer.get(path))
            assert "Opted Out 30% 3" in said
            assert "Counted 12 seconds ago" in said
        time.shift(figures.REST)
        said = words(viewer.get("/overview/states"))
        assert "Opted Out 40% 4" in said
        assert "Counted" not in said


def test_a_large_account_s_page_counts_nothing(
    app: Flask, viewer: Visitor, people: list[int], large: None
) -> None:
    with counted_queries(app) as statements:
        viewer.get("/")
    assert not any("GROUP BY" in statement for statement in statements)


def test_the_page_costs_few_statements(app: Flask, viewer: Visitor, people: list[int]) -> None:
    viewer.get("/?whole")
    with counted_queries(app) as statements:
        viewer.get("/")
    assert len(statements) <= 24, "\n".join(statements)


def test_without_javascript_one_answer_has_everything(viewer: Visitor, people: list[int]) -> None:
    page = viewer.get("/?whole")
    said = words(page)
    assert "Opted Out 30% 3" in said
    assert "Nothing is sent on it yet" in said
    assert '<details class="chart-table" open>' in page.get_data(as_text=True)
    assert "Counting" not in said


def test_a_fresh_account_is_told_what_to_do_first(app: Flask, viewer: Visitor) -> None:
    said = words(viewer.get("/"))
    assert "Three steps to begin" in said
    assert "New contact" not in said
    assert "Opted in and out" not in said
    assert "New contact" in words(visitor(app, Role.MARKETER).get("/"))
    with app.app_context():
        record()
    assert "Opted in and out" in words(viewer.get("/"))


def test_empty_parts_say_what_will_stand_there(app: Flask, viewer: Visitor) -> None:
    with app.app_context():
        add_contact()
    said = words(viewer.get("/?whole"))
    assert "Nobody is on WhatsApp’s exclusion list since the last 30 days" in said
    assert "Nothing waits to leave" in said
    assert "Nothing in the last seven days" in said
    assert "Nothing waits. A reply that reads like" in said


def test_what_is_not_offered_asks_for_the_usual(viewer: Visitor, people: list[int]) -> None:
    text = viewer.text("/overview/opt-outs?days=365&channel=fax")
    assert re.search(r'id="days-30"[^>]*aria-current', text)
    assert re.search(r'id="opt-outs-whatsapp"[^>]*aria-current', text)


def test_a_channel_without_settings_says_which_are_missing(
    app: Flask, viewer: Visitor, people: list[int]
) -> None:
    before = app.extensions["heed"]
    app.extensions["heed"] = before.model_copy(update={"whatsapp_token": ""})
    try:
        said = words(viewer.get("/overview/health"))
    finally:
        app.extensions["heed"] = before
    assert "WhatsApp Off Not set up: HEED_WHATSAPP_TOKEN is missing." in said


def test_a_channel_tells_its_last_success_and_its_last_trouble(
    viewer: Visitor, people: list[int], context: AppContext
) -> None:
    now = clock.now()
    add_message(status=Status.DELIVERED, sent_at=now - timedelta(minutes=9), ended_at=now)
    for _ in range(2):
        add_message(status=Status.FAILED, reason=Reason.PROVIDER_REFUSED, code="131026")
    add_message(status=Status.FAILED, reason=Reason.GAVE_UP, ended_at=now - HOUR / 60)
    transaction(lambda: store_webhook("whatsapp", b"{}"))
    answer = viewer.get("/overview/health")
    said = words(answer)
    assert "Last sent 9 min ago · last heard from just now" in said
    assert "2 failed since yesterday : provider refused, code 131026, last just now" in said
    found = links(html.unescape(answer.get_data(as_text=True)), "/dispatcher")
    assert list(found.values()) == [2]
    assert {address: rows(viewer, address) for address in found} == found


def test_a_paused_channel_an_overdue_message_and_a_lost_webhook_are_named_at_the_top(
    viewer: Visitor, people: list[int], redis: Redis, context: AppContext
) -> None:
    transaction(
        lambda: outbox.pause_channel(Channel.WHATSAPP, "account", "Pay first.", clock.now() + HOUR)
    )
    transaction(lambda: store_webhook("whatsapp", b"{}"))
    db.session.execute(update(StoredWebhook).values(received_at=clock.now() - HOUR))
    db.session.commit()
    banner = words(viewer.get("/overview/health")).split("scheduler")[-1]
    said = words(viewer.get("/overview/health"))
    assert "WhatsApp Paused Until" in said
    assert ": Pay first." in banner
    assert "1 webhook came in and could not be worked through" in banner


def test_it_says_who_works_and_who_does_not(
    app: Flask, viewer: Visitor, people: list[int], redis: Redis, context: AppContext
) -> None:
    assert "No worker is running" in words(viewer.get("/overview/health"))
    worker = SimpleWorker([jobs().queue("work")], name="one", connection=redis, serializer="json")
    worker.register_birth()
    assert "No scheduler is running" in words(viewer.get("/overview/health"))
    redis.set("rq:scheduler-lock:work", "me")
    said = words(viewer.get("/overview/health"))
    assert "Queue Works 1 worker · scheduler runs" in said
    add_message(send_at=clock.now() - HOUR)
    assert "A message that should have left" in words(viewer.get("/overview/health"))


def test_it_says_that_the_queue_is_away_and_what_holds(
    app: Flask, viewer: Visitor, people: list[int]
) -> None:
    before = app.extensions["heed_queue"]
    app.extensions["heed_queue"] = JobQueue("redis://127.0.0.1:1/0")
    try:
        said = words(viewer.get("/overview/health"))
    finally:
        app.extensions["heed_queue"] = before
    assert "The job queue (Redis) does not answer. Opt-outs are recorded and hold" in said
    assert "Needs a look" in said


def test_it_has_no_inline_script_or_style(viewer: Visitor, people: list[int]) -> None:
    page = viewer.text("/?whole")
    assert " style=" not in page
    assert "<script>" not in page
    assert " hx-on" not in page


def test_a_message_by_hand_that_waits_says_where_it_comes_from(
    viewer: Visitor, people: list[int], context: AppContext
) -> None:
    add_message(origin=Origin.API, reason=Reason.HELD_FOR_REVIEW, send_at=clock.now() + HOUR)
    said = words(viewer.get("/overview/leaving"))
    assert "API · Marketing · A reply that reads like a request to stop waits" in said


def test_a_hold_of_all_marketing_is_said_at_the_top(viewer: Visitor, people: list[int]) -> None:
    transaction(lambda: restoring.hold(SYSTEM, "a backup was restored"))
    assert "All marketing waits" in viewer.text("/overview/health", htmx=True)
    transaction(lambda: restoring.release(SYSTEM, "the journal was taken in"))
    assert "All marketing waits" not in viewer.text("/overview/health", htmx=True)
