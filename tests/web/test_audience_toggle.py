"""The toggle: off at one click, on with the record of consent, undone within a minute."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.ctx import AppContext

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
from tests.visitor import Visitor
from tests.visitor import visitor as signed_in
from webapp.accounts import settings
from webapp.accounts.rules import CUSTOMER, Role
from webapp.accounts.settings import LIMITS
from webapp.consent.models import ConsentPolicy, Review
from webapp.contacts.addresses import key_of
from webapp.contacts.models import Contact
from webapp.contacts.rules import Address, AddressKind, Channel, Source, State
from webapp.core import clock
from webapp.core.db import db, transaction
from webapp.outbox.rules import Status

RECORD = {"how": "In person", "where": "Main Street shop", "wording": "Yes, send me offers."}
SWITCH = re.compile(r"<button class=\"switch[^>]*>", re.S)


@pytest.fixture
def visitor(context: AppContext, app: Flask) -> Visitor:
    return signed_in(app, Role.MARKETER)


@pytest.fixture
def ann(context: AppContext) -> Contact:
    return add_contact()


def off(visitor: Visitor, contact: Contact, htmx: bool = True, **fields: str):
    return visitor.post(f"/audience/whatsapp/{contact.id}/opt-out", htmx=htmx, **fields)


def on(visitor: Visitor, contact: Contact, htmx: bool = True, **fields: str):
    path = f"/contacts/{contact.id}/consents/whatsapp/opt-in"
    return visitor.post(path, htmx=htmx, **{**RECORD, **fields})


def undo(visitor: Visitor, htmx: bool = True):
    newest = all_events()[-1].id
    return visitor.post(f"/consent-events/{newest}/undo", htmx=htmx)


def switch(text: str) -> str:
    found = SWITCH.search(text)
    assert found
    return found.group(0)


def limit(**limits: bool) -> None:
    transaction(lambda: settings.write(LIMITS, limits))


def test_a_switch_says_what_it_is_and_what_stands(visitor, ann):
    record(State.OPTED_IN)
    text = visitor.text("/audience")
    assert 'role="switch"' in switch(text)
    assert 'aria-checked="true"' in switch(text)
    assert 'aria-label="WhatsApp consent of Ann Lee"' in switch(text)
    assert "Opted In" in text


def test_one_click_opts_out_and_answers_with_the_row(visitor, ann):
    record(State.OPTED_IN, at=clock.now() - timedelta(days=1))
    text = off(visitor, ann).get_data(as_text=True)
    assert text.lstrip().startswith(f'<tr id="contact-{ann.id}"')
    assert 'data-state="opted_out"' in text
    assert 'aria-checked="false"' in switch(text)
    assert "just now" in text
    assert "By hand" in text
    assert state_of() is State.OPTED_OUT


def test_the_answer_says_what_it_cancelled_and_offers_undo(visitor, ann):
    waiting = [
        add_message(contact_id=ann.id, send_at=clock.now() + timedelta(days=n)).id for n in (1, 2)
    ]
    text = off(visitor, ann).get_data(as_text=True)
    assert "2 waiting messages were cancelled" in text
    assert f"/consent-events/{all_events()[-1].id}/undo" in text
    assert [status_of(message) for message in waiting] == [Status.CANCELLED] * 2


def test_a_second_click_and_a_stale_page_change_nothing_more(visitor, ann):
    for _ in range(3):
        assert off(visitor, ann).status_code == 200
    assert len(all_events()) == 1


def test_without_javascript_it_leads_back_to_the_same_list(visitor, ann):
    answer = off(visitor, ann, htmx=False, next="/audience?q=ann")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/audience?q=ann")
    page = visitor.text("/audience?q=ann")
    assert "Ann Lee is Opted Out of WhatsApp" in page
    assert "/undo" in page


def test_it_never_leads_to_another_site(visitor, ann):
    answer = off(visitor, ann, htmx=False, next="https://evil.example/")
    assert answer.headers["Location"].startswith("/audience")


def test_undo_restores_what_stood_and_cancelled_messages_stay(visitor, ann):
    record(State.OPTED_IN, at=clock.now() - timedelta(days=1))
    message = add_message(contact_id=ann.id, send_at=clock.now() + timedelta(days=1)).id
    off(visitor, ann)
    assert undo(visitor).status_code == 200
    assert state_of() is State.OPTED_IN
    assert status_of(message) is Status.CANCELLED


def test_undo_restores_no_record_too(visitor, ann):
    off(visitor, ann)
    undo(visitor)
    assert state_of() is State.UNKNOWN
    assert 'data-state="unknown"' in visitor.text("/audience")


def test_undo_twice_is_undone_once(visitor, ann):
    off(visitor, ann)
    event = all_events()[-1].id
    for _ in range(2):
        assert visitor.post(f"/consent-events/{event}/undo", htmx=True).status_code == 200
    assert len(all_events()) == 2


def test_undo_ends_after_a_minute(visitor, ann, db_kind):
    if db_kind == "postgres":
        pytest.skip("the database's clock decides, and this test moves only Python's")
    off(visitor, ann)
    with time_machine.travel(clock.now() + timedelta(seconds=61)):
        answer = undo(visitor)
    assert answer.status_code == 409
    assert "for one minute" in answer.get_data(as_text=True)
    assert state_of() is State.OPTED_OUT


def test_nobody_undoes_what_the_customer_did(visitor, ann):
    record(State.OPTED_OUT, source=Source.KEYWORD, actor=CUSTOMER)
    assert undo(visitor).status_code == 409
    assert state_of() is State.OPTED_OUT


def test_a_person_with_a_number_and_a_whatsapp_id_flips_as_a_whole(visitor, ann):
    hidden = Address(AddressKind.WHATSAPP_ID, "US.13491208655302741918")
    ann.whatsapp_id, ann.whatsapp_id_key = hidden.value, key_of(hidden)
    off(visitor, ann)
    assert (state_of(), state_of(hidden)) == (State.OPTED_OUT, State.OPTED_OUT)
    visitor.post(f"/consent-events/{all_events()[0].id}/undo", htmx=True)
    assert (state_of(), state_of(hidden)) == (State.UNKNOWN, State.UNKNOWN)
    off(visitor, ann)
    on(visitor, ann)
    assert (state_of(), state_of(hidden)) == (State.OPTED_IN, State.OPTED_IN)
    assert 'data-state="opted_in"' in visitor.text("/audience")


def test_messages_to_both_addresses_are_cancelled_and_counted(visitor, ann):
    hidden = Address(AddressKind.WHATSAPP_ID, "US.13491208655302741918")
    ann.whatsapp_id, ann.whatsapp_id_key = hidden.value, key_of(hidden)
    tomorrow = clock.now() + timedelta(days=1)
    waiting = [add_message(address=to, send_at=tomorrow).id for to in (phone(), hidden)]
    assert "2 waiting messages were cancelled" in off(visitor, ann).get_data(as_text=True)
    assert [status_of(message) for message in waiting] == [Status.CANCELLED] * 2


def test_undo_takes_back_every_channel_that_one_stop_stopped(visitor, ann):
    transaction(lambda: settings.write("consent", {"stop_on_one_stops_all": True}))
    off(visitor, ann)
    assert state_of(channel=Channel.SMS) is State.OPTED_OUT
    visitor.post(f"/consent-events/{all_events()[0].id}/undo", htmx=True)
    assert state_of(channel=Channel.SMS) is State.UNKNOWN


def test_undo_leaves_another_act_of_the_same_moment(visitor, ann):
    visitor.post(f"/audience/sms/{ann.id}/opt-out", htmx=True)
    off(visitor, ann)
    visitor.post(f"/consent-events/{all_events()[0].id}/undo", htmx=True)
    assert state_of(channel=Channel.SMS) is State.UNKNOWN
    assert state_of(channel=Channel.WHATSAPP) is State.OPTED_OUT


def test_switching_on_asks_for_the_record_of_consent(visitor, ann):
    off(visitor, ann)
    assert f"/contacts/{ann.id}/consents/whatsapp/opt-in" in visitor.text("/audience")
    assert on(visitor, ann, wording=" ").status_code == 422
    assert state_of() is State.OPTED_OUT
    assert on(visitor, ann).status_code == 200
    assert state_of() is State.OPTED_IN


def test_right_after_a_customers_stop_an_opt_in_does_not_count_and_says_why(visitor, ann):
    record(State.OPTED_OUT, source=Source.KEYWORD, actor=CUSTOMER)
    answer = on(visitor, ann)
    assert answer.status_code == 409
    assert "in a minute" in answer.get_data(as_text=True)
    assert state_of() is State.OPTED_OUT


def test_consent_from_before_the_stop_does_not_count_and_says_why(visitor, ann):
    record(
        State.OPTED_OUT, source=Source.KEYWORD, actor=CUSTOMER, at=clock.now() - timedelta(days=1)
    )
    answer = on(visitor, ann, when=(clock.now() - timedelta(days=3)).strftime("%Y-%m-%dT%H:%M"))
    assert answer.status_code == 409
    assert "after this consent was given" in answer.get_data(as_text=True)


def test_no_record_follows_the_channels_policy(visitor, ann):
    assert 'aria-checked="true"' in switch(visitor.text("/audience"))
    assert "Record opt-in" in visitor.text("/audience")
    db.session.get_one(ConsentPolicy, Channel.WHATSAPP).needs_opt_in = True
    db.session.commit()
    assert 'aria-checked="false"' in switch(visitor.text("/audience"))


def test_a_viewer_sees_why_the_switch_cannot_be_used(app, ann):
    viewer = signed_in(app, Role.VIEWER)
    text = viewer.text("/audience")
    assert "disabled" in switch(text)
    assert "A viewer can look, not change." in text
    assert "Export CSV" not in text
    assert off(viewer, ann).status_code == 403
    assert state_of() is State.UNKNOWN


def test_where_only_admins_change_consent_a_marketer_can_report(app, visitor, ann):
    limit(only_admins_change_consent=True)
    text = visitor.text("/audience")
    assert "disabled" in switch(text)
    assert "Only admins change consent here" in text
    assert off(visitor, ann).status_code == 403

    for _ in range(2):
        visitor.post(f"/contacts/{ann.id}/consents/whatsapp/report", htmx=True)
    assert db.session.query(Review).count() == 1
    assert "On hold" in visitor.text("/audience")
    assert off(signed_in(app, Role.ADMIN), ann).status_code == 200
    assert state_of() is State.OPTED_OUT


def test_where_only_admins_resubscribe_a_marketer_still_opts_out(visitor, ann):
    limit(only_admins_resubscribe=True)
    assert off(visitor, ann).status_code == 200
    text = visitor.text("/audience")
    assert "disabled" in switch(text)
    assert "/undo" not in text


def test_somebody_who_is_gone_is_not_found(visitor, ann):
    assert visitor.post("/audience/whatsapp/999999/opt-out", htmx=True).status_code == 404
    assert visitor.post(f"/audience/fax/{ann.id}/opt-out", htmx=True).status_code == 404
    assert visitor.post(f"/audience/email/{ann.id}/opt-out", htmx=True).status_code == 422


def test_the_change_number_moves_with_a_toggle(visitor, ann):
    before = visitor.text("/changes")
    assert visitor.get(f"/changes?known={before}").status_code == 204
    off(visitor, ann)
    assert visitor.text(f"/changes?known={before}") != before


def test_a_number_shown_is_that_of_the_contact(visitor, ann):
    assert NUMBER in visitor.text("/audience")
