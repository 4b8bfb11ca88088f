"""The subscription status beside a conversation: Modify, a choice per channel, Save."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.ctx import AppContext

from tests.people import add_contact, add_message, all_events, phone, record, state_of, status_of
from tests.talks import person, wrote
from tests.visitor import Visitor, visitor, words
from webapp.accounts import settings
from webapp.accounts.rules import Role
from webapp.accounts.settings import LIMITS
from webapp.consent.models import Review
from webapp.consent.queries import state_row
from webapp.contacts.addresses import key_of
from webapp.contacts.rules import Channel, Source, State
from webapp.core import clock
from webapp.core.db import db, transaction
from webapp.outbox.rules import Status

RECORD = {"how": "By phone", "where": "The shop", "wording": "Yes, message me.", "when": ""}
LATER = timedelta(hours=1)


@pytest.fixture
def marketer(app: Flask, context: AppContext) -> Visitor:
    return visitor(app, Role.MARKETER)


def limit(**limits: bool) -> None:
    transaction(lambda: settings.write(LIMITS, limits))


def form(who: Visitor, talk: int) -> dict[str, str]:
    """Give what the form shows: the hidden fields, and the choices that are ticked."""
    text = who.text(f"/inbox/{talk}/subscription", htmx=True)
    shown = dict(re.findall(r'name="(shown\.\w+)"\s+value="([^"]*)"', text))
    ticked = re.findall(r'name="(state\.\w+)"\s+value="(\w+)"\s+checked', text)
    return {**shown, **dict(ticked)}


def save(who: Visitor, talk: int, shown: dict[str, str], **more: str) -> Any:
    changed = {f"state.{name}": word for name, word in more.items() if name in set(Channel)}
    rest = {name: word for name, word in more.items() if name not in set(Channel)}
    return who.post(f"/inbox/{talk}/subscription", {**shown, **changed, **rest}, htmx=True)


def held(key: bytes | None = None) -> bool:
    row = state_row(Channel.WHATSAPP, key or key_of(phone()))
    found = bool(row and row.held)
    db.session.rollback()
    return found


def test_the_panel_shows_every_channel_to_read(marketer: Visitor) -> None:
    talk = person()
    record()
    said = words(marketer.get(f"/inbox/{talk}"))
    assert (
        "Subscription Modify Email No address SMS No record Voice No record WhatsApp Opted Out"
        in said
    )
    assert 'type="radio"' not in marketer.text(f"/inbox/{talk}")


def test_two_channels_are_unsubscribed_at_once(marketer: Visitor) -> None:
    talk = person()
    waits = add_message(send_at=clock.now() + LATER).id
    answer = save(marketer, talk, form(marketer, talk), sms="opted_out", whatsapp="opted_out")
    assert answer.status_code == 200
    said = words(answer)
    assert "Ann Lee is Opted Out of SMS and WhatsApp. 1 waiting message was cancelled." in said
    assert "Undo" in said
    assert status_of(waits) is Status.CANCELLED
    assert state_of(channel=Channel.SMS) is state_of() is State.OPTED_OUT
    assert state_of(channel=Channel.VOICE) is State.UNKNOWN
    assert answer.headers["HX-Trigger"] == "heed:change"


def test_subscribing_asks_for_the_record_once(marketer: Visitor) -> None:
    talk = person()
    record(at=clock.now() - LATER)
    shown = form(marketer, talk)
    asked = save(marketer, talk, shown, sms="opted_in", whatsapp="opted_in")
    assert asked.status_code == 422
    assert "Opting in to SMS, WhatsApp needs the record of consent" in words(asked)
    assert asked.get_data(as_text=True).count('name="wording"') == 1
    assert state_of() is State.OPTED_OUT
    done = save(marketer, talk, shown, sms="opted_in", whatsapp="opted_in", **RECORD)
    assert "Ann Lee is Opted In to SMS and WhatsApp." in words(done)
    assert state_of() is state_of(channel=Channel.SMS) is State.OPTED_IN


def test_choosing_subscribed_shows_the_record_before_saving(marketer: Visitor) -> None:
    talk = person()
    assert 'name="wording"' not in marketer.text(f"/inbox/{talk}/subscription", htmx=True)
    text = marketer.text(f"/inbox/{talk}/subscription?state.sms=opted_in", htmx=True)
    assert 'name="wording"' in text
    assert "Give a date" not in text
    assert "Say how" not in text


def test_a_stop_that_came_meanwhile_is_never_lifted_by_what_was_shown(marketer: Visitor) -> None:
    talk = person()
    record(State.OPTED_IN, source=Source.MANUAL)
    shown = form(marketer, talk)
    assert shown["state.whatsapp"] == "opted_in"
    record(at=clock.now() + timedelta(seconds=90))
    # WhatsApp was left as it was shown; only SMS is asked for.
    save(marketer, talk, shown, sms="opted_in", **RECORD)
    assert state_of(channel=Channel.SMS) is State.OPTED_IN
    assert state_of() is State.OPTED_OUT


def test_opting_in_what_changed_since_it_was_shown_is_refused(marketer: Visitor) -> None:
    talk = person()
    shown = form(marketer, talk)
    record()
    refused = save(marketer, talk, shown, whatsapp="opted_in", **RECORD)
    assert refused.status_code == 409
    assert "changed meanwhile" in words(refused)
    assert state_of() is State.OPTED_OUT


def test_a_record_that_is_older_than_the_stop_lifts_nothing(marketer: Visitor) -> None:
    talk = person()
    record()
    old = {**RECORD, "when": "2020-01-02T10:00"}
    answer = save(marketer, talk, form(marketer, talk), whatsapp="opted_in", **old)
    assert answer.status_code == 409
    assert "so the opt-out stands" in words(answer)
    assert state_of() is State.OPTED_OUT


def test_saving_nothing_changes_nothing(marketer: Visitor) -> None:
    talk = person()
    answer = save(marketer, talk, form(marketer, talk))
    assert "Nothing was changed." in words(answer)
    assert not all_events()


def test_a_marketer_who_may_only_report_reports(app: Flask, marketer: Visitor) -> None:
    talk = person()
    assert ">Modify<" in marketer.text(f"/inbox/{talk}")
    limit(only_admins_change_consent=True)
    text = marketer.text(f"/inbox/{talk}")
    assert "Only admins change consent here." in text
    assert ">Modify<" not in text
    assert marketer.get(f"/inbox/{talk}/subscription", htmx=True).status_code == 403
    assert save(marketer, talk, {}, whatsapp="opted_out").status_code == 403
    answer = marketer.post(f"/inbox/{talk}/report", htmx=True)
    assert "Reported: marketing on WhatsApp waits" in words(answer)
    assert held()
    assert state_of() is State.UNKNOWN


def test_a_marketer_may_not_resubscribe_where_only_admins_do(marketer: Visitor) -> None:
    talk = person()
    record()
    limit(only_admins_resubscribe=True)
    shown = form(marketer, talk)
    assert save(marketer, talk, shown, whatsapp="opted_in", **RECORD).status_code == 403
    assert save(marketer, talk, shown, sms="opted_out").status_code == 200
    assert state_of(channel=Channel.SMS) is State.OPTED_OUT
    assert "Resubscribe…" not in marketer.text(f"/inbox/{talk}")


def test_a_viewer_sees_the_status_and_no_modify(app: Flask, context: AppContext) -> None:
    talk = person()
    viewer = visitor(app, Role.VIEWER)
    assert "No record" in words(viewer.get(f"/inbox/{talk}"))
    assert viewer.get(f"/inbox/{talk}/subscription", htmx=True).status_code == 403
    assert viewer.get(f"/inbox/{talk}/subscription/status", htmx=True).status_code == 200
    for act in ("subscription", "report", "assign", "unread", "seen", "reply"):
        assert viewer.post(f"/inbox/{talk}/{act}", htmx=True).status_code == 403


def test_a_strangers_address_alone_is_unsubscribed(marketer: Visitor) -> None:
    talk = wrote(profile_name="annie")
    shown = form(marketer, talk)
    assert "shown.email" not in shown
    answer = save(marketer, talk, shown, whatsapp="opted_out", voice="opted_out")
    assert "annie is Opted Out of Voice and WhatsApp." in words(answer)
    assert state_of() is state_of(channel=Channel.VOICE) is State.OPTED_OUT
    assert "is Opted Out of WhatsApp" in words(marketer.get(f"/inbox/{talk}"))


def test_a_stranger_is_resubscribed_with_a_record(marketer: Visitor) -> None:
    talk = wrote(profile_name="annie")
    record(at=clock.now() - LATER)
    text = marketer.text(f"/inbox/{talk}")
    assert "subscription?state.whatsapp=opted_in" in text
    done = save(marketer, talk, form(marketer, talk), whatsapp="opted_in", **RECORD)
    assert "annie is Opted In to WhatsApp." in words(done)
    assert state_of() is State.OPTED_IN
    record()
    old = {**RECORD, "when": "2020-01-02T10:00"}
    stands = save(marketer, talk, form(marketer, talk), whatsapp="opted_in", **old)
    assert "annie opted out of WhatsApp on" in words(stands)


def test_the_panel_asks_in_the_same_dialog_what_they_said(marketer: Visitor) -> None:
    talk = person()
    assert "Report opt-out" not in marketer.text(f"/inbox/{talk}")
    limit(only_admins_change_consent=True)
    text = marketer.text(f"/inbox/{talk}")
    assert f'hx-get="/inbox/{talk}/report?next=/inbox/{talk}"' in text
    assert re.search(r'hx-get="/contacts/\d+/consents/sms/report\?next=/inbox/', text)
    asked = marketer.get(f"/inbox/{talk}/report", htmx=True)
    assert "What did they say?" in words(asked)
    assert "<html" in marketer.text(f"/inbox/{talk}/report")
    long = marketer.post(f"/inbox/{talk}/report", {"said": "x" * 2001}, htmx=True)
    assert long.status_code == 422
    assert not held()
    said = "Leave me <b>alone</b>"
    answer = marketer.post(f"/inbox/{talk}/report", {"said": said}, htmx=True)
    assert answer.headers["HX-Trigger"] == "dialog:close, heed:change"
    assert [review.said for review in db.session.query(Review)] == [said]
    assert f'href="/inbox/{talk}/report' not in marketer.text(f"/inbox/{talk}")
    again = marketer.post(f"/inbox/{talk}/report", {"next": f"/inbox/{talk}"})
    assert again.headers["Location"] == f"/inbox/{talk}"
    assert db.session.query(Review).count() == 1


def test_a_strangers_other_channels_are_not_offered_to_report(marketer: Visitor) -> None:
    talk = wrote()
    limit(only_admins_change_consent=True)
    text = marketer.text(f"/inbox/{talk}")
    assert text.count('class="subscription-report"') == 1
    assert f"/inbox/{talk}/report" in text


def test_an_opt_out_of_a_stranger_is_reported(marketer: Visitor) -> None:
    talk = wrote()
    limit(only_admins_change_consent=True)
    marketer.post(f"/inbox/{talk}/report", htmx=True)
    marketer.post(f"/inbox/{talk}/report", htmx=True)
    assert held()


def test_saving_can_be_undone(marketer: Visitor) -> None:
    talk = person()
    answer = save(marketer, talk, form(marketer, talk), sms="opted_out", whatsapp="opted_out")
    events = re.findall(r'name="event" value="(\d+)"', answer.get_data(as_text=True))
    assert len(events) == 2
    undone = marketer.post("/consents/undo", {"event": events}, htmx=True)
    assert "Undone: SMS is No record and WhatsApp is No record again." in words(undone)
    assert state_of() is State.UNKNOWN


def test_a_stop_on_one_channel_stops_all_where_the_account_says_so(marketer: Visitor) -> None:
    talk = person()
    transaction(lambda: settings.write("consent", {"stop_on_one_stops_all": True}))
    record(State.OPTED_IN, source=Source.MANUAL, channel=Channel.VOICE)
    answer = save(
        marketer, talk, form(marketer, talk), whatsapp="opted_out", sms="opted_in", **RECORD
    )
    assert answer.status_code == 200
    # A no beside a yes in one form wins.
    for channel in (Channel.SMS, Channel.VOICE, Channel.WHATSAPP):
        assert state_of(channel=channel) is State.OPTED_OUT


def test_an_odd_form_is_refused_or_changes_nothing(marketer: Visitor) -> None:
    talk = person()
    assert save(marketer, talk, {}, whatsapp="opted_in", **RECORD).status_code == 409
    save(marketer, talk, {}, whatsapp="unknown", sms="maybe")
    save(marketer, talk, {"shown.pigeon": "x", "state.pigeon": "opted_out"})
    assert not all_events()
    add_contact("+16505550009", "Nobody wrote")
    assert save(marketer, 999, {}, whatsapp="opted_out").status_code == 404
