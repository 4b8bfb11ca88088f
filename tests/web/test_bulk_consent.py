"""Opting many contacts out or in at once: the dialogs, a page at once, and what is refused."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.ctx import AppContext
from sqlalchemy import select

from tests.people import (
    NUMBER,
    add_contact,
    add_message,
    all_events,
    phone,
    record,
    state_of,
    status_of,
)
from tests.visitor import Visitor, words
from tests.visitor import visitor as signed_in
from webapp.accounts import settings
from webapp.accounts.rules import CUSTOMER, Role
from webapp.accounts.settings import LIMITS
from webapp.audit.models import AuditEntry
from webapp.contacts.models import Contact
from webapp.contacts.rules import Channel, Source, State
from webapp.contacts.tags import named
from webapp.core import clock
from webapp.core.db import db, transaction
from webapp.outbox.rules import Category, Status
from webapp.tasks.models import Task

NUMBERS = [f"+1650555{n:04d}" for n in range(70)]
RECORD: dict[str, Any] = {
    "how": "In person",
    "where": "Main Street shop",
    "wording": "Yes, send me offers.",
}
DAY = timedelta(days=1)


@pytest.fixture
def visitor(context: AppContext, app: Flask) -> Visitor:
    return signed_in(app, Role.MARKETER)


@pytest.fixture
def people(context: AppContext) -> list[int]:
    """Three contacts, by id."""
    found = [add_contact(number, f"Person {n}").id for n, number in enumerate(NUMBERS[:3])]
    db.session.rollback()
    return found


def many(count: int, tag: str = "") -> list[int]:
    """Add contacts, with a tag where given; gives their ids."""
    tags = named([tag]) if tag else []
    added = [Contact(name=f"Person {n}", email=f"p{n}@example.com") for n in range(count)]
    for contact in added:
        contact.tags = list(tags)
    db.session.add_all(added)
    db.session.commit()
    ids = [contact.id for contact in added]
    db.session.rollback()
    return ids


def send(visitor: Visitor, deed: str, ids: list[int], *on: str, htmx: bool = True, **more: Any):
    fields = {"id": [str(number) for number in ids], "on": list(on), "channel": "whatsapp", **more}
    return visitor.post(f"/audience/bulk/{deed}", fields, htmx=htmx)


def send_all(visitor: Visitor, deed: str, filters: str, *on: str, **more: Any):
    fields = {"all": "1", "filters": filters, "on": list(on), **more}
    return visitor.post(f"/audience/bulk/{deed}", fields, htmx=True)


def dialog(visitor: Visitor, deed: str, ids: list[int], channel: str = "whatsapp"):
    query = "&".join(f"id={number}" for number in ids)
    return visitor.get(f"/audience/bulk/{deed}?channel={channel}&{query}", htmx=True)


def outs() -> Counter[bytes]:
    """Count the opt-outs of each key."""
    return Counter(event.key for event in all_events() if event.asked is State.OPTED_OUT)


def events_in(answer) -> list[str]:
    return re.findall(r'name="event" value="(\d+)"', answer.get_data(as_text=True))


def audited(action: str) -> list[AuditEntry]:
    return list(db.session.scalars(select(AuditEntry).where(AuditEntry.action == action)))


def test_the_dialog_says_to_how_many_and_what_it_cancels(visitor, people):
    record(address=phone(NUMBERS[0]))
    tomorrow = clock.now() + DAY
    add_message(address=phone(NUMBERS[1]), send_at=tomorrow)
    add_message(address=phone(NUMBERS[2]), send_at=tomorrow, category=Category.UTILITY)
    add_message(address=phone(NUMBERS[50]), send_at=tomorrow)
    said = words(dialog(visitor, "opt-out", people))
    assert "3 contacts" in said
    assert "WhatsApp 2 to opt out 1 opted out already" in said
    assert "1 waiting message will be cancelled Order updates" in said
    assert "Email 0 to opt out 0 opted out already · 3 without an email address" in said
    assert "1 waiting message will be cancelled." in said


def test_a_page_is_opted_out_at_once_with_undo(visitor, people):
    message = add_message(address=phone(NUMBERS[0]), send_at=clock.now() + DAY).id
    record(address=phone(NUMBERS[2]))
    answer = send(visitor, "opt-out", people, "whatsapp")
    assert answer.status_code == 200
    assert "heed:chosen" in answer.headers["HX-Trigger"]
    said = words(answer)
    assert "2 opted out of WhatsApp; 1 opted out of WhatsApp already." in said
    assert "1 waiting message was cancelled." in said
    assert status_of(message) is Status.CANCELLED
    assert set(outs().values()) == {1}

    visitor.post("/consents/undo", {"event": events_in(answer)}, htmx=True)
    states = [state_of(phone(number)) for number in NUMBERS[:3]]
    assert states == [State.UNKNOWN, State.UNKNOWN, State.OPTED_OUT]


def test_several_channels_and_a_reason(visitor, people):
    said = words(send(visitor, "opt-out", people, "sms", "voice", "email", reason="Wrong list"))
    assert "3 opted out of SMS; 3 opted out of Voice" in said
    assert "3 without an address on Email" in said
    assert state_of(phone(NUMBERS[1]), Channel.VOICE) is State.OPTED_OUT
    assert state_of(phone(NUMBERS[1])) is State.UNKNOWN
    assert "Wrong list" in visitor.text(f"/contacts/{people[0]}")


def test_sending_it_twice_changes_nothing_more(visitor, people):
    for _ in range(2):
        answer = send(visitor, "opt-out", people, "sms")
    assert "3 opted out of SMS already." in words(answer)
    assert len(all_events()) == 3
    assert events_in(answer) == []


def test_who_is_gone_meanwhile_is_left_out(visitor, people):
    db.session.delete(db.session.get_one(Contact, people[0]))
    db.session.commit()
    said = words(send(visitor, "opt-out", [*people, 999_999], "sms"))
    assert "2 opted out of SMS" in said


def test_opting_in_takes_one_record_for_all(visitor, people):
    record(address=phone(NUMBERS[0]), at=clock.now() - DAY)
    record(address=phone(NUMBERS[1]), source=Source.KEYWORD, actor=CUSTOMER)
    said = words(dialog(visitor, "opt-in", people))
    assert "2 of them opted out. A consent newer than that opts them in again" in said
    assert send(visitor, "opt-in", people, "whatsapp").status_code == 422
    answer = send(visitor, "opt-in", people, "whatsapp", **RECORD)
    said = words(answer)
    assert "2 opted in to WhatsApp" in said
    assert "1 still opted out of WhatsApp: the opt-out is newer than the consent" in said
    states = [state_of(phone(number)) for number in NUMBERS[:3]]
    assert states == [State.OPTED_IN, State.OPTED_OUT, State.OPTED_IN]
    visitor.post("/consents/undo", {"event": events_in(answer)}, htmx=True)
    states = [state_of(phone(number)) for number in NUMBERS[:3]]
    assert states == [State.OPTED_OUT, State.OPTED_OUT, State.UNKNOWN]


def test_an_opt_in_from_the_future_is_refused_for_all(visitor, people):
    future = (clock.now() + DAY).strftime("%Y-%m-%dT%H:%M")
    answer = send(visitor, "opt-in", people, "sms", when=future, **RECORD)
    assert answer.status_code == 422
    assert "cannot be dated in the future" in words(answer)
    assert all_events() == []
    ids = many(60, "VIP")
    answer = send_all(visitor, "opt-in", "tag=VIP", "email", when=future, **RECORD)
    assert answer.status_code == 422
    assert db.session.query(Task).count() == 0
    assert len(ids) == 60


def test_the_audit_log_says_who_did_it_to_whom(visitor, people):
    send(visitor, "opt-out", people, "sms")
    entry = audited("bulk.opted_out")[0]
    assert entry.detail["ids"] == people
    assert entry.detail["counts"] == {"sms.changed": 3}
    assert entry.actor_name == "Marketer"


def test_nobody_chosen_and_nonsense_are_refused(visitor, people):
    assert dialog(visitor, "opt-out", []).status_code == 422
    assert "Choose at least one contact" in words(dialog(visitor, "opt-out", [0]))
    assert send(visitor, "opt-out", people).status_code == 422
    assert send(visitor, "opt-out", people, "fax").status_code == 422
    assert send(visitor, "opt-out", people, "sms", reason="x" * 2001).status_code == 422
    assert visitor.post("/audience/bulk/opt-out", {"id": "7; DROP", "on": "sms"}).status_code == 422
    assert visitor.post("/audience/bulk/opt-out", {"id": "9" * 40, "on": "sms"}).status_code == 422
    assert visitor.post("/audience/bulk/opt-out", {"all": "1", "on": "sms"}).status_code == 422
    assert send_all(visitor, "opt-out", "state=asleep", "sms").status_code == 422
    assert send_all(visitor, "opt-out", "attr.nothing=1", "sms").status_code == 422
    assert all_events() == []


def test_more_than_a_thousand_ids_are_refused_and_none_is_dropped_in_silence(visitor, people):
    answer = send(visitor, "opt-out", list(range(1, 1002)), "sms")
    assert answer.status_code == 422
    assert "up to 1,000 contacts one by one" in words(answer)
    assert all_events() == []


def test_all_that_match_and_fit_a_page_are_done_at_once(visitor, people):
    assert send_all(visitor, "opt-out", "q=person+1", "sms").status_code == 200
    assert [state_of(phone(n), Channel.SMS) for n in NUMBERS[:2]] == [
        State.UNKNOWN,
        State.OPTED_OUT,
    ]
    assert db.session.query(Task).count() == 0


def test_more_than_a_page_becomes_a_task(visitor):
    many(60, "VIP")
    answer = send_all(visitor, "opt-out", "tag=VIP", "email")
    assert answer.status_code == 200
    assert "heed:task" in answer.headers["HX-Trigger"]
    task = db.session.query(Task).one()
    assert (task.kind, task.total) == ("bulk.opt_out", 60)
    assert task.title == "Opting out 60 contacts of Email"
    assert all_events() == []
    assert audited("bulk.started")[0].detail["people"] == 60


def test_chosen_by_id_more_than_a_page_become_a_task_too(visitor):
    ids = many(60)
    assert send(visitor, "opt-out", ids[:55], "email").status_code == 200
    assert db.session.query(Task).one().total == 55


def test_without_javascript_a_task_leads_to_its_page(visitor):
    many(60)
    answer = visitor.post(
        "/audience/bulk/opt-out", {"all": "1", "filters": "", "on": "email", "next": "/audience"}
    )
    assert answer.status_code == 303
    assert re.fullmatch(r"/tasks/\d+\?next=/audience", answer.headers["Location"])


def test_without_javascript_the_dialogs_are_pages(visitor, people):
    page = visitor.text(
        f"/audience/bulk/opt-out?channel=sms&id=0&id={people[0]}&next=/audience?q=x"
    )
    assert "<html" in page
    assert "1 contact" in page
    assert f'name="id" value="{people[0]}"' in page
    assert 'name="next" value="/audience?q=x"' in page
    answer = send(visitor, "opt-out", people, "sms", htmx=False, next="/audience?q=x")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/audience?q=x")
    page = visitor.text("/audience")
    assert "3 opted out of SMS." in page
    assert 'action="/consents/undo"' in page


def test_numbers_of_all_that_match_come_after_the_dialog(visitor):
    many(60, "VIP")
    first = visitor.get(
        "/audience/bulk/opt-out?all=1&filters=tag%3DVIP%26channel%3Demail", htmx=True
    )
    text = first.get_data(as_text=True)
    assert "Counting…" in text
    assert "Tag: VIP" in text
    late = re.search(r'hx-get="(/audience/bulk/size\?[^"]+)"', text)
    assert late
    said = words(visitor.get(late[1].replace("&amp;", "&"), htmx=True))
    assert "60 contacts match" in said
    assert "Email 0 to opt out 0 opted out already · 60 without" in said  # no keys in this test
    whole = visitor.text("/audience/bulk/opt-out?all=1&filters=tag%3DVIP")
    assert "60 contacts" in whole


def test_very_many_need_their_number_typed(visitor, monkeypatch):
    monkeypatch.setattr("webapp.pages.bulk_dialogs.TYPED_ABOVE", 55)
    many(60)
    asked = send_all(visitor, "opt-out", "", "email")
    assert asked.status_code == 422
    assert "Type 60 to confirm" in words(asked)
    for wrong in (
        {"confirm": "59", "shown": "60"},
        {"confirm": "", "shown": "60"},
        {"confirm": "60"},
    ):
        assert send_all(visitor, "opt-out", "", "email", **wrong).status_code == 422
    # A number that was read, but for another list.
    assert send_all(visitor, "opt-out", "", "email", confirm="7", shown="7").status_code == 422
    assert db.session.query(Task).count() == 0
    typed = send_all(visitor, "opt-out", "", "email", confirm="60", shown="60")
    assert typed.status_code == 200
    assert db.session.query(Task).count() == 1
    assert send_all(visitor, "tag", "", tag="New").status_code == 200


@pytest.mark.parametrize("deed", ["opt-out", "opt-in", "tag", "untag"])
def test_a_viewer_may_do_none_of_it(app, people, deed):
    viewer = signed_in(app, Role.VIEWER)
    assert dialog(viewer, deed, people).status_code == 403
    assert send(viewer, deed, people, "sms", **RECORD).status_code == 403
    assert "Opt out…" not in viewer.text("/audience")


def test_limits_of_a_marketer_hold_in_bulk(visitor, people):
    transaction(lambda: settings.write(LIMITS, {"only_admins_resubscribe": True}))
    assert send(visitor, "opt-in", people, "sms", **RECORD).status_code == 403
    page = visitor.text("/audience")
    assert "Opt out…" in page
    assert "Opt in…" not in page
    answer = send(visitor, "opt-out", people, "sms")
    assert answer.status_code == 200
    assert "/undo" not in answer.get_data(as_text=True)
    transaction(lambda: settings.write(LIMITS, {"only_admins_change_consent": True}))
    assert send(visitor, "opt-out", people, "voice").status_code == 403
    assert state_of(phone(NUMBER), Channel.VOICE) is State.UNKNOWN
