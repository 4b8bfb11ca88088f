"""The dispatcher: Queue and History, each message with its reason."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from tests.people import add_contact, add_message, phone, record
from tests.visitor import Visitor, visitor, words
from webapp.accounts.rules import Role
from webapp.consent.rules import Rule
from webapp.contacts.rules import Channel, State
from webapp.core import clock
from webapp.outbox.rules import Category, Origin, Reason, Status

PAGE = 50


@pytest.fixture
def viewer(app: Flask) -> Visitor:
    return visitor(app, Role.VIEWER)


def message(app: Flask, **values: Any) -> int:
    with app.app_context():
        return add_message(**values).id


def shown(who: Visitor, query: str = "", **more: Any) -> list[int]:
    """Give the ids of the messages on a page, in their order."""
    page = who.get(f"/dispatcher{query}", **more).get_data(as_text=True)
    return [int(number) for number in re.findall(r'<tr id="message-(\d+)"', page)]


def test_the_queue_stands_by_the_time_of_leaving(app: Flask, viewer: Visitor) -> None:
    now = clock.now()
    late = message(app, send_at=now + timedelta(days=2))
    soon = message(app, send_at=now + timedelta(hours=1))
    sending = message(app, status=Status.SENDING)
    message(app, status=Status.SENT)
    assert shown(viewer) == [sending, soon, late]


def test_the_history_stands_newest_first(app: Flask, viewer: Visitor) -> None:
    first = message(app, status=Status.DELIVERED)
    message(app)
    second = message(app, status=Status.FAILED, reason=Reason.PROVIDER_REFUSED)
    assert shown(viewer, "?tab=history") == [second, first]


def test_a_row_says_to_whom_why_and_when(app: Flask, viewer: Visitor) -> None:
    with app.app_context():
        contact_id = add_contact().id
    message(app, contact_id=contact_id, origin=Origin.API, category=Category.UTILITY)
    page = viewer.get("/dispatcher")
    text = words(page)
    for said in ("Ann Lee", phone().value, "Utility", "API", "Scheduled"):
        assert said in text
    assert f'href="/contacts/{contact_id}"' in page.get_data(as_text=True)


def test_a_cancelled_message_names_the_event_that_decided(app: Flask, viewer: Visitor) -> None:
    with app.app_context():
        contact_id = add_contact().id
    message(app, contact_id=contact_id, send_at=clock.now() + timedelta(hours=1))
    with app.app_context():
        event_id = record().event_id
    page = viewer.get("/dispatcher?tab=history")
    assert "Cancelled: opted out" in words(page)
    assert f"consent event {event_id}" in words(page)
    assert f'href="/evidence/events/{event_id}"' in page.get_data(as_text=True)


def test_a_sent_message_says_what_let_it_go(app: Flask, viewer: Visitor) -> None:
    with app.app_context():
        event_id = record(State.OPTED_IN).event_id
    sent = {"status": Status.SENT, "rule": Rule.FREE}
    message(app, **sent, event_id=event_id)
    message(app, **sent, category=Category.UTILITY)
    page = viewer.get("/dispatcher?tab=history")
    assert re.search(rf"Opted in \(form\) on .*, event {event_id} \.", words(page))
    assert "There is no record, and this channel needs none." in words(page)
    assert not re.search(r"<a[^>]*></a>", page.get_data(as_text=True))
    assert f'href="/evidence/events/{event_id}"' in page.get_data(as_text=True)


def test_a_provider_s_words_are_shown_as_text(app: Flask, viewer: Visitor) -> None:
    values = {"reason": Reason.PROVIDER_REFUSED, "detail": "<i>no</i>"}
    message(app, status=Status.FAILED, **values)
    page = viewer.get("/dispatcher?tab=history").get_data(as_text=True)
    assert "&lt;i&gt;no&lt;/i&gt;" in page


def test_each_filter_narrows_and_unknown_words_ask_for_all(app: Flask, viewer: Visitor) -> None:
    sms = message(app, status=Status.SENT, channel=Channel.SMS)
    api = message(app, status=Status.FAILED, origin=Origin.API, reason=Reason.GAVE_UP)
    history = "?tab=history"
    assert shown(viewer, f"{history}&channel=sms") == [sms]
    assert shown(viewer, f"{history}&status=failed") == [api]
    assert shown(viewer, f"{history}&origin=api") == [api]
    assert shown(viewer, f"{history}&reason=gave_up") == [api]
    assert shown(viewer, f"{history}&channel=fax&status=") == [api, sms]
    assert "No message fulfils all filters" in words(viewer.get("/dispatcher?origin=api"))


def test_days_are_those_of_leaving_or_ending_in_the_reader_s_zone(
    app: Flask, viewer: Visitor
) -> None:
    viewer.in_zone("Asia/Kolkata")  # half past five ahead
    for hour in ("2026-03-01T18:29:59", "2026-03-01T18:30:00", "2026-03-02T18:30:00"):
        moment = datetime.fromisoformat(f"{hour}+00:00")
        message(app, status=Status.SENT, ended_at=moment)
        message(app, send_at=moment)
    ended, queued = shown(viewer, "?tab=history"), shown(viewer)
    day = "from=2026-03-02&to=2026-03-02"
    assert shown(viewer, f"?tab=history&{day}") == [ended[1]]
    assert shown(viewer, f"?{day}") == [queued[1]]
    assert shown(viewer, "?from=2026-03-02") == queued[1:]
    assert viewer.get("/dispatcher?from=soon").status_code == 422


def test_the_queue_can_be_what_leaves_soon(app: Flask, viewer: Visitor) -> None:
    now = clock.now()
    ids = [message(app, send_at=now + timedelta(minutes=n)) for n in (-90, 50, 70, 1430, 1450)]
    assert shown(viewer, "?leaves=hour") == ids[:2]
    assert shown(viewer, "?leaves=day") == ids[:4]
    assert shown(viewer, "?leaves=later") == ids
    text = viewer.text("/dispatcher?leaves=day")
    assert re.search(r'<option value="day"\s+selected', text)
    assert re.search(r'href="/dispatcher\?tab=queue">Clear<', text)


def test_what_consent_stopped_is_a_reason_of_its_own(app: Flask, viewer: Visitor) -> None:
    cancelled = message(app, status=Status.CANCELLED, reason=Reason.OPTED_OUT)
    skipped = message(app, status=Status.SKIPPED, reason=Reason.NO_RECORDED_OPT_IN)
    message(app, status=Status.CANCELLED, reason=Reason.BY_PERSON)
    message(app, status=Status.FAILED, reason=Reason.PROVIDER_OPTED_OUT)
    page = "?tab=history&reason=consent"
    assert shown(viewer, page) == [skipped, cancelled]
    assert shown(viewer, f"{page}&status=skipped") == [skipped]
    chosen = re.search(r'<option value="consent"\s+selected', viewer.text(f"/dispatcher{page}"))
    assert chosen


def test_an_empty_queue_says_what_to_do_first(viewer: Visitor) -> None:
    assert "Nothing waits to leave" in words(viewer.get("/dispatcher"))
    assert "Nothing has left yet" in words(viewer.get("/dispatcher?tab=history"))


@pytest.mark.parametrize("tab", ["queue", "history"])
def test_pages_follow_each_other_both_ways(app: Flask, viewer: Visitor, tab: str) -> None:
    status = Status.SCHEDULED if tab == "queue" else Status.SENT
    moment = clock.now() + timedelta(hours=1)
    ids = [message(app, status=status, send_at=moment) for _ in range(PAGE + 5)]
    if tab == "history":
        ids.reverse()
    first = viewer.get(f"/dispatcher?tab={tab}").get_data(as_text=True)
    further = re.search(r'href="/(dispatcher[^"]+)"\s+rel="next"', first)
    assert further
    address = "/" + further[1].replace("&amp;", "&")
    second = viewer.get(address).get_data(as_text=True)
    back = re.search(r'href="/(dispatcher[^"]+)"\s+rel="prev"', second)
    assert back
    query = back[1].removeprefix("dispatcher").replace("&amp;", "&")
    assert shown(viewer, f"?tab={tab}") == ids[:PAGE]
    assert shown(viewer, address.removeprefix("/dispatcher")) == ids[PAGE:]
    assert shown(viewer, query) == ids[:PAGE]


def test_a_place_that_nobody_gave_out_is_refused(viewer: Visitor) -> None:
    assert viewer.get("/dispatcher?cursor=nonsense").status_code == 422


def test_htmx_gets_the_rows_alone(app: Flask, viewer: Visitor) -> None:
    message(app)
    answer = viewer.get("/dispatcher", htmx=True)
    text = answer.get_data(as_text=True)
    assert text.lstrip().startswith('<div id="dispatcher-rows"')
    assert "<html" not in text


def test_those_who_may_can_cancel_from_the_queue(app: Flask, viewer: Visitor) -> None:
    message_id = message(app, send_at=clock.now() + timedelta(hours=1))
    cancel = f'action="/messages/{message_id}/cancel"'
    assert cancel not in viewer.get("/dispatcher").get_data(as_text=True)
    marketer = visitor(app, Role.MARKETER)
    assert cancel in marketer.get("/dispatcher").get_data(as_text=True)
    answer = marketer.post(f"/messages/{message_id}/cancel", {"next": "/dispatcher"})
    assert answer.headers["Location"] == "/dispatcher"
    assert shown(marketer) == []
    assert "Somebody cancelled it." in words(marketer.get("/dispatcher?tab=history"))


@pytest.mark.parametrize("tab", ["queue", "history"])
def test_the_filters_name_things_as_the_rows_do(app: Flask, viewer: Visitor, tab: str) -> None:
    message(app, origin=Origin.API, status=Status.SCHEDULED if tab == "queue" else Status.SENT)
    said = words(viewer.get(f"/dispatcher?tab={tab}"))
    assert said.count("API") >= 2
    assert "Api" not in said
