"""A contact's menu and its dialogs over several channels: Unsubscribe, Resubscribe, undo of both."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.ctx import AppContext

from tests.people import (
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
from webapp.accounts.rules import CUSTOMER, PROVIDER, Role
from webapp.accounts.settings import LIMITS
from webapp.consent.holds import hold
from webapp.consent.models import ConsentEventDetail, ConsentPolicy
from webapp.contacts.addresses import key_of
from webapp.contacts.models import Contact
from webapp.contacts.rules import Address, AddressKind, Channel, Source, State
from webapp.core import clock
from webapp.core.db import db, transaction
from webapp.outbox.rules import Category, Origin, Status

EMAIL = "ann@example.com"
RECORD = {"how": "In person", "where": "Main Street shop", "wording": "Yes, send me offers."}
DAY = timedelta(days=1)


@pytest.fixture
def visitor(context: AppContext, app: Flask) -> Visitor:
    return signed_in(app, Role.MARKETER)


@pytest.fixture
def ann(context: AppContext) -> Contact:
    key = key_of(Address(AddressKind.EMAIL, EMAIL))
    return add_contact(email=EMAIL, email_key=key)


def email() -> Address:
    return Address(AddressKind.EMAIL, EMAIL)


def unsubscribe(visitor: Visitor, contact: Contact, *channels: str, htmx: bool = True, **more: str):
    path = f"/contacts/{contact.id}/unsubscribe"
    return visitor.post(path, {"on": list(channels), **more}, htmx=htmx)


def resubscribe(visitor: Visitor, contact: Contact, *channels: str, htmx: bool = True, **more: str):
    path = f"/contacts/{contact.id}/resubscribe"
    return visitor.post(path, {"on": list(channels), **RECORD, **more}, htmx=htmx)


def undo(visitor: Visitor, *events: int, htmx: bool = True):
    return visitor.post("/consents/undo", {"event": [str(e) for e in events]}, htmx=htmx)


def box(text: str, channel: str) -> str:
    """Give the tag of a channel's checkbox."""
    found = re.search(rf'<input class="tick"[^>]*value="{channel}"[^>]*>', text)
    assert found, text
    return found.group(0)


def states() -> list[State]:
    """Give Ann's states, in the order of the channels."""
    own = [email(), phone(), phone(), phone()]
    return [state_of(to, channel) for to, channel in zip(own, Channel, strict=True)]


def limit(**limits: bool) -> None:
    transaction(lambda: settings.write(LIMITS, limits))


def test_the_dialog_lists_the_channels_in_their_order_with_what_stands(visitor, ann):
    record(State.OPTED_OUT, channel=Channel.SMS, at=clock.now() - 3 * DAY)
    text = visitor.text(f"/contacts/{ann.id}/unsubscribe?channel=whatsapp", htmx=True)
    assert "Unsubscribe Ann Lee" in text
    places = [text.index(f'value="{channel}"') for channel in Channel]
    assert places == sorted(places)
    assert "checked" in box(text, "whatsapp")
    assert "checked" not in box(text, "email")
    assert "disabled" in box(text, "sms")
    assert EMAIL in text
    assert "Unsubscribe" in text
    assert "<html" not in text


def test_as_a_page_it_is_whole(visitor, ann):
    text = visitor.text(f"/contacts/{ann.id}/unsubscribe")
    assert "<html" in text
    assert "Unsubscribe" in text
    assert 'aria-current="page"' in text


def test_who_has_no_address_on_a_channel_cannot_choose_it(visitor, context):
    bob = add_contact("+16505550199", "Bob")
    text = visitor.text(f"/contacts/{bob.id}/unsubscribe?channel=email", htmx=True)
    assert "No email address" in text
    assert "disabled" in box(text, "email")
    assert "checked" not in box(text, "email")


def test_the_only_channel_that_can_be_resubscribed_is_ticked(visitor, context):
    only = add_contact(None, "Bob", email=EMAIL, email_key=key_of(email()))
    path = f"/contacts/{only.id}/resubscribe"
    assert "checked" in box(visitor.text(path, htmx=True), "email")
    refused = visitor.post(path, RECORD, htmx=True)
    assert (refused.status_code, states()[0]) == (422, State.UNKNOWN)
    assert "checked" not in box(refused.get_data(as_text=True), "email")


def test_none_of_several_channels_is_ticked_by_itself(visitor, ann):
    text = visitor.text(f"/contacts/{ann.id}/resubscribe", htmx=True)
    assert not [channel for channel in Channel if "checked" in box(text, channel)]


def test_it_says_what_will_be_cancelled_and_what_stays(visitor, ann):
    tomorrow = clock.now() + DAY
    for _ in range(2):
        add_message(contact_id=ann.id, send_at=tomorrow)
    add_message(contact_id=ann.id, send_at=tomorrow, category=Category.UTILITY)
    add_message(channel=Channel.SMS, send_at=tomorrow, category=Category.UTILITY)
    add_message(status=Status.SENT)
    text = words(visitor.get(f"/contacts/{ann.id}/unsubscribe?channel=whatsapp", htmx=True))
    assert "2 waiting messages will be cancelled Order updates and codes still go out" in text
    assert "on WhatsApp; 1 waiting stays" in text
    assert "1 waiting message will be cancelled Order updates and codes stop too" in text
    assert "2 waiting messages will be cancelled." in text


def test_the_exemption_of_the_channel_decides_what_stays(visitor, ann):
    db.session.get_one(ConsentPolicy, Channel.WHATSAPP).exempts_utility = False
    add_message(contact_id=ann.id, send_at=clock.now() + DAY, category=Category.UTILITY)
    add_message(
        contact_id=ann.id,
        send_at=clock.now() + DAY,
        category=Category.UTILITY,
        origin=Origin.MANUAL,
    )
    text = words(visitor.get(f"/contacts/{ann.id}/unsubscribe?channel=whatsapp", htmx=True))
    assert "1 waiting message will be cancelled Order updates and codes stop too" in text
    assert "but for 1 waiting that somebody wrote by hand" in text


def test_what_was_foretold_is_what_is_cancelled(visitor, ann):
    tomorrow = clock.now() + DAY
    for channel in (Channel.SMS, Channel.WHATSAPP):
        for category in Category:
            for origin in Origin:
                add_message(channel=channel, send_at=tomorrow, category=category, origin=origin)
    text = visitor.text(f"/contacts/{ann.id}/unsubscribe?channel=whatsapp", htmx=True)
    foretold = {
        channel: int(re.findall(r'data-cancels="(\d+)"', box(text, channel))[0])
        for channel in ("sms", "whatsapp")
    }
    answer = words(unsubscribe(visitor, ann, "sms", "whatsapp"))
    assert f"{sum(foretold.values())} waiting messages were cancelled" in answer
    assert foretold["sms"] > foretold["whatsapp"] > 0


def test_several_channels_are_opted_out_at_once(visitor, ann):
    message = add_message(contact_id=ann.id, send_at=clock.now() + DAY).id
    answer = unsubscribe(visitor, ann, "sms", "whatsapp", "email")
    assert answer.status_code == 200
    assert "dialog:close" in answer.headers["HX-Trigger"]
    said = words(answer)
    assert "Ann Lee is Opted Out of Email, SMS and WhatsApp." in said
    assert "1 waiting message was cancelled." in said
    assert states() == [State.OPTED_OUT, State.OPTED_OUT, State.UNKNOWN, State.OPTED_OUT]
    assert status_of(message) is Status.CANCELLED
    assert len(all_events()) == 3


def test_the_reason_is_kept_with_the_change(visitor, ann):
    unsubscribe(visitor, ann, "sms", reason="Told us at the counter")
    detail = db.session.query(ConsentEventDetail).one()
    assert detail.evidence == {"reason": "Told us at the counter"}
    assert "Told us at the counter" in visitor.text(f"/contacts/{ann.id}")


def test_sending_it_twice_does_it_once(visitor, ann):
    unsubscribe(visitor, ann, "sms")
    said = words(unsubscribe(visitor, ann, "sms"))
    assert "Ann Lee was Opted Out of SMS already." in said
    assert len(all_events()) == 1


def test_without_a_channel_the_form_comes_back(visitor, ann):
    answer = unsubscribe(visitor, ann)
    assert answer.status_code == 422
    assert "Choose at least one channel." in words(answer)
    assert all_events() == []


def test_odd_input_is_refused(visitor, ann):
    assert unsubscribe(visitor, ann, "fax").status_code == 422
    assert unsubscribe(visitor, ann, "sms", reason="x" * 2001).status_code == 422
    assert visitor.get("/contacts/999999/unsubscribe", htmx=True).status_code == 404
    assert visitor.post("/contacts/999999/unsubscribe", {"on": "sms"}, htmx=True).status_code == 404
    assert visitor.get(f"/contacts/{ann.id}/unsubscribe?channel=fax").status_code == 200
    assert all_events() == []


def test_without_javascript_it_leads_back_with_a_toast_and_undo(visitor, ann):
    answer = unsubscribe(visitor, ann, "sms", "whatsapp", htmx=False, next="/audience?q=ann")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/audience?q=ann")
    text = visitor.text("/audience?q=ann")
    assert "Ann Lee is Opted Out of SMS and WhatsApp." in text
    assert 'action="/consents/undo"' in text
    answer = unsubscribe(visitor, ann, "email", htmx=False, next="https://evil.example/")
    assert answer.headers["Location"] == f"/contacts/{ann.id}"


def test_undo_takes_back_all_channels_at_once(visitor, ann):
    record(State.OPTED_IN, channel=Channel.SMS, at=clock.now() - DAY)
    answer = unsubscribe(visitor, ann, "sms", "whatsapp").get_data(as_text=True)
    events = [int(n) for n in re.findall(r'name="event" value="(\d+)"', answer)]
    assert len(events) == 2
    said = words(undo(visitor, *events))
    assert "Undone: SMS is Opted In and WhatsApp is No record again." in said
    assert states() == [State.UNKNOWN, State.OPTED_IN, State.UNKNOWN, State.UNKNOWN]
    assert undo(visitor, *events).status_code == 200
    assert len(all_events()) == 5


def test_undo_takes_back_what_it_can_and_says_which_not(visitor, ann):
    unsubscribe(visitor, ann, "sms", "whatsapp")
    events = [event.id for event in all_events()]
    record(State.OPTED_OUT, source=Source.KEYWORD, actor=CUSTOMER)
    said = words(undo(visitor, *events))
    assert "Undone: SMS is No record again." in said
    assert "Not undone: WhatsApp. Something changed after it, so it stays." in said
    assert state_of() is State.OPTED_OUT


def test_undo_is_for_ones_own_changes(app, visitor, ann):
    other = signed_in(app, Role.ADMIN)
    unsubscribe(visitor, ann, "sms", "whatsapp")
    events = [event.id for event in all_events()]
    answer = undo(other, *events)
    assert answer.status_code == 409
    assert "Only your own change can be undone." in words(answer)
    assert undo(other, 999999).status_code == 404
    assert other.post("/consents/undo", {"event": ["x", "-1", "9" * 30]}).status_code == 404
    assert states()[1] is State.OPTED_OUT


def test_where_a_stop_on_one_stops_all_the_dialog_says_so(visitor, ann):
    transaction(lambda: settings.write("consent", {"stop_on_one_stops_all": True}))
    add_message(channel=Channel.SMS, send_at=clock.now() + DAY)
    text = visitor.text(f"/contacts/{ann.id}/unsubscribe?channel=whatsapp", htmx=True)
    assert "A stop on one channel stops all of them here." in text
    assert "1 waiting message will be cancelled." in text
    assert "1 waiting message was cancelled" in words(unsubscribe(visitor, ann, "whatsapp", "sms"))
    assert states() == [State.OPTED_OUT] * 4
    assert len(all_events()) == 4
    undo(visitor, *(event.id for event in all_events()))
    assert states() == [State.UNKNOWN] * 4


def test_a_number_and_a_whatsapp_id_go_together(visitor, ann):
    hidden = Address(AddressKind.WHATSAPP_ID, "US.13491208655302741918")
    ann.whatsapp_id, ann.whatsapp_id_key = hidden.value, key_of(hidden)
    add_message(address=hidden, send_at=clock.now() + DAY)
    text = visitor.text(f"/contacts/{ann.id}/unsubscribe?channel=whatsapp", htmx=True)
    assert "1 waiting message will be cancelled." in text
    unsubscribe(visitor, ann, "whatsapp", "sms")
    assert (state_of(), state_of(hidden)) == (State.OPTED_OUT, State.OPTED_OUT)
    resubscribe(visitor, ann, "whatsapp")
    assert (state_of(), state_of(hidden)) == (State.OPTED_IN, State.OPTED_IN)


def test_unsubscribing_decides_a_held_reply(visitor, ann):
    transaction(lambda: hold(Channel.WHATSAPP, phone(), "no more pls", {}, actor=CUSTOMER))
    text = visitor.text(f"/contacts/{ann.id}/unsubscribe?channel=whatsapp", htmx=True)
    assert "This decides the reply that waits for review." in text
    unsubscribe(visitor, ann, "whatsapp")
    assert "On hold" not in visitor.text(f"/contacts/{ann.id}")


def test_resubscribe_says_who_opted_out_how_and_when(visitor, ann):
    then = clock.now() - 2 * DAY
    record(source=Source.KEYWORD, actor=CUSTOMER, said="STOP <b>now", at=then)
    record(source=Source.PROVIDER, actor=PROVIDER, channel=Channel.SMS, at=then)
    unsubscribe(visitor, ann, "email")
    answer = visitor.get(f"/contacts/{ann.id}/resubscribe?channel=whatsapp", htmx=True)
    text, said = answer.get_data(as_text=True), words(answer)
    assert "They asked to stop themselves: “STOP <b>now”" in said
    assert "STOP &lt;b&gt;now" in text
    assert "The provider says that they stopped your messages there." in said
    assert "By hand · Marketer" in said
    assert "Messages that were cancelled stay cancelled." in said
    assert "checked" in box(text, "whatsapp")


def test_one_record_of_consent_serves_all_chosen_channels(visitor, ann):
    record(channel=Channel.SMS, at=clock.now() - DAY)
    answer = resubscribe(visitor, ann, "sms", "whatsapp")
    assert answer.status_code == 200
    assert "Ann Lee is Opted In to SMS and WhatsApp." in words(answer)
    assert states() == [State.UNKNOWN, State.OPTED_IN, State.UNKNOWN, State.OPTED_IN]
    details = db.session.query(ConsentEventDetail).order_by(ConsentEventDetail.event_id)
    kept = [detail.evidence for detail in details][1:]
    assert [detail["wording"] for detail in kept] == ["Yes, send me offers."] * 2
    assert "/consents/undo" in answer.get_data(as_text=True)


def test_a_record_that_is_not_whole_comes_back_with_what_was_typed(visitor, ann):
    answer = resubscribe(visitor, ann, "sms", wording=" ", where="The fair")
    assert answer.status_code == 422
    text = answer.get_data(as_text=True)
    assert "Write down what the person agreed to" in text
    assert "The fair" in text
    assert "checked" in box(text, "sms")
    future = (clock.now() + DAY).strftime("%Y-%m-%dT%H:%M")
    answer = resubscribe(visitor, ann, "sms", when=future)
    assert answer.status_code == 422
    assert "cannot be dated in the future" in words(answer)
    assert resubscribe(visitor, ann).status_code == 422
    assert all_events() == []


def test_where_one_channel_cannot_come_in_the_others_do_and_it_is_said(visitor, ann):
    record(State.OPTED_OUT, source=Source.KEYWORD, actor=CUSTOMER)
    record(State.OPTED_OUT, channel=Channel.SMS, at=clock.now() - DAY)
    answer = resubscribe(visitor, ann, "sms", "whatsapp")
    assert answer.status_code == 409
    said = words(answer)
    assert "Ann Lee is Opted In to SMS." in said
    assert "less than a minute before. Record it again in a minute." in said
    text = answer.get_data(as_text=True)
    assert "checked" in box(text, "whatsapp")
    assert "disabled" in box(text, "sms")
    assert "Main Street shop" in text
    assert states()[1:] == [State.OPTED_IN, State.UNKNOWN, State.OPTED_OUT]


def test_consent_from_before_the_opt_out_does_not_lift_it(visitor, ann):
    record(source=Source.KEYWORD, actor=CUSTOMER, at=clock.now() - DAY)
    before = (clock.now() - 3 * DAY).strftime("%Y-%m-%dT%H:%M")
    answer = resubscribe(visitor, ann, "whatsapp", when=before)
    assert answer.status_code == 409
    assert "after this consent was given, so the opt-out stands" in words(answer)
    assert state_of() is State.OPTED_OUT


@pytest.mark.parametrize("path", ["unsubscribe", "resubscribe"])
def test_a_viewer_is_refused(app, ann, path):
    viewer = signed_in(app, Role.VIEWER)
    assert viewer.get(f"/contacts/{ann.id}/{path}").status_code == 403
    assert viewer.post(f"/contacts/{ann.id}/{path}", {"on": "sms"}).status_code == 403
    assert all_events() == []


def test_where_only_admins_change_consent_a_marketer_reports(visitor, ann):
    limit(only_admins_change_consent=True)
    assert unsubscribe(visitor, ann, "sms").status_code == 403
    assert resubscribe(visitor, ann, "sms").status_code == 403
    page = visitor.text(f"/contacts/{ann.id}/actions?channel=sms")
    assert "Only admins change consent here" in page
    assert "Report opt-out of SMS" in page
    assert 'data-path="/consents/:channel/report"' in visitor.text("/audience")


def test_where_only_admins_resubscribe_a_marketer_unsubscribes_without_undo(visitor, ann):
    limit(only_admins_resubscribe=True)
    answer = unsubscribe(visitor, ann, "sms", "whatsapp")
    assert answer.status_code == 200
    assert "/undo" not in answer.get_data(as_text=True)
    assert resubscribe(visitor, ann, "sms").status_code == 403
    assert undo(visitor, *(event.id for event in all_events())).status_code == 403


def test_a_row_has_a_button_for_its_menu_and_the_page_one_menu(visitor, ann):
    text = visitor.text("/audience?channel=sms")
    assert text.count('role="menu"') == 1
    assert re.search(rf'href="/contacts/{ann.id}/actions\?[^"]*channel=sms"', text)
    assert 'aria-label="Menu of Ann Lee"' in text


def test_the_menu_as_a_page_leads_to_the_same_choices(visitor, ann):
    page = visitor.text(f"/contacts/{ann.id}/actions?channel=sms&next=/audience?q=ann")
    for path in ("unsubscribe", "resubscribe", "edit"):
        assert f'href="/contacts/{ann.id}/{path}?' in page
    assert 'href="/audience?q=ann"' in page
    assert visitor.get("/contacts/999999/actions").status_code == 404


def test_a_viewer_has_no_menu_in_rows_and_can_open_the_contact(app, ann):
    viewer = signed_in(app, Role.VIEWER)
    assert 'aria-haspopup="menu"' not in viewer.text("/audience")
    page = viewer.text(f"/contacts/{ann.id}/actions")
    assert "A viewer can look, not change." in page
    assert "/unsubscribe" not in page


def test_the_contact_page_offers_both_dialogs(visitor, ann):
    page = visitor.text(f"/contacts/{ann.id}")
    assert f'hx-get="/contacts/{ann.id}/unsubscribe"' in page
    assert f'hx-get="/contacts/{ann.id}/resubscribe"' in page
