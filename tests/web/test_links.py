"""The pages of a person's links: stopping, preferences, receipts; without sign-in."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.people import (
    EVIDENCE,
    add_contact,
    add_message,
    all_events,
    phone,
    record,
    state_of,
    status_of,
)
from tests.visitor import visitor, words
from webapp.accounts.rules import CUSTOMER, PROVIDER, SYSTEM, Role
from webapp.consent.models import ConsentEvent, ConsentEventDetail
from webapp.contacts.addresses import key_of
from webapp.contacts.models import Contact
from webapp.contacts.rules import Address, AddressKind, Channel, Source, State
from webapp.core import clock
from webapp.core.db import db, transaction
from webapp.outbox.models import Message
from webapp.outbox.rules import Status
from webapp.privacy.erasure import erase
from webapp.receipts.links import links, receipt_url, unsubscribe_url
from webapp.receipts.tokens import Purpose, Token

pytestmark = pytest.mark.usefixtures("context")
HOUR = timedelta(hours=1)
EMAIL = Address(AddressKind.EMAIL, "ann@shop.example")
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def unsubscribe(
    address: Address | None = None,
    channel: Channel = Channel.WHATSAPP,
    message_id: int | None = None,
) -> str:
    """Give the path of an unsubscribe link."""
    to = address or phone()
    url = unsubscribe_url(channel, to.kind, key_of(to), message_id)
    return url.removeprefix(links().public_url)


def receipt(event: ConsentEvent, kind: AddressKind = AddressKind.PHONE) -> str:
    """Give the path of an event's receipt."""
    url = receipt_url(event.channel, kind, event.key, event.id)
    return url.removeprefix(links().public_url)


def preferences(path: str) -> str:
    return path.replace("/u/", "/p/")


def stopped(**values: Any) -> ConsentEvent:
    """Record an opt-out of an hour ago and give its event."""
    values.setdefault("source", Source.KEYWORD)
    values.setdefault("actor", CUSTOMER)
    record(at=clock.now() - HOUR, **values)
    return all_events()[-1]


def ann(**more: Any) -> Contact:
    return add_contact(email=EMAIL.value, email_key=key_of(EMAIL), **more)


def detail(event: ConsentEvent) -> ConsentEventDetail:
    return db.session.get_one(ConsentEventDetail, event.id)


def test_looking_changes_nothing_whoever_looks(client: FlaskClient) -> None:
    add_contact()
    event = stopped(channel=Channel.SMS)
    for path in (unsubscribe(), preferences(unsubscribe()), receipt(event)):
        for method in ("GET", "HEAD", "OPTIONS"):
            answer = client.open(path, method=method, headers={"Sec-Purpose": "prefetch"})
            assert answer.status_code == 200
    assert len(all_events()) == 1


def test_the_page_says_what_the_button_does(client: FlaskClient) -> None:
    add_contact()
    said = words(client.get(unsubscribe()))
    assert "Stop WhatsApp messages" in said
    assert "Stop everything" in said
    assert "+1 ••• ••34" in said
    assert "6505551234" not in said


def test_a_link_is_kept_from_search_engines_caches_and_other_sites(client: FlaskClient) -> None:
    for answer in (client.get(unsubscribe()), client.post(unsubscribe()), client.get("/u/x")):
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert "no-store" in answer.headers["Cache-Control"]
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "script-src" not in answer.headers["Content-Security-Policy"]
        assert "Set-Cookie" not in answer.headers
        assert "<script" not in answer.text


def test_a_press_of_the_button_stops_the_channel_and_tells_of_it(client: FlaskClient) -> None:
    add_contact()
    waiting = add_message(send_at=clock.now() + HOUR)
    answer = client.post(unsubscribe(message_id=waiting.id), data={"do": "stop"})
    assert answer.status_code == 200
    said = words(answer)
    assert "WhatsApp messages are stopped" in said
    assert "Cancelled 1 (scheduled: 1)" in said
    assert state_of() is State.OPTED_OUT
    assert state_of(channel=Channel.SMS) is State.UNKNOWN
    assert status_of(waiting.id) is Status.CANCELLED
    (event,) = all_events()
    assert (event.source, event.actor_kind) == (Source.LINK, CUSTOMER.kind)
    kept = detail(event).evidence
    assert kept["how"] == "Unsubscribe link"
    assert kept["message"] == str(waiting.id)
    assert "Stop WhatsApp messages" in kept["wording"]
    assert kept["where"].endswith("/u")
    assert set(kept) == {"how", "when", "where", "wording", "message"}  # no network address


def test_one_click_stops_at_once_without_a_page(client: FlaskClient) -> None:
    answer = client.post(unsubscribe(EMAIL, Channel.EMAIL), data=ONE_CLICK)
    assert answer.status_code == 200
    assert "<" not in answer.text
    assert "Set-Cookie" not in answer.headers
    assert state_of(EMAIL, Channel.EMAIL) is State.OPTED_OUT
    assert "RFC 8058" in detail(all_events()[0]).evidence["how"]


def test_one_click_may_come_as_multipart(client: FlaskClient) -> None:
    answer = client.post(
        unsubscribe(EMAIL, Channel.EMAIL), data=ONE_CLICK, content_type="multipart/form-data"
    )
    assert answer.status_code == 200
    assert state_of(EMAIL, Channel.EMAIL) is State.OPTED_OUT


@pytest.mark.parametrize("body", [b"", b"List-Unsubscribe=1", b"\xff\x00{", b"do=nothing"])
def test_whatever_is_posted_to_it_is_a_stop(client: FlaskClient, body: bytes) -> None:
    answer = client.post(unsubscribe(), data=body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 200
    assert state_of() is State.OPTED_OUT


def test_a_repeated_stop_is_answered_as_well_and_writes_nothing(client: FlaskClient) -> None:
    add_contact()
    for _ in range(3):
        assert client.post(unsubscribe()).status_code == 200
        assert client.post(unsubscribe(), data=ONE_CLICK).status_code == 200
    assert len(all_events()) == 1


def test_a_stop_counts_anew_where_somebody_allowed_messages_between(client: FlaskClient) -> None:
    add_contact()
    client.post(unsubscribe())
    record(State.OPTED_IN, source=Source.LINK, actor=CUSTOMER)
    assert state_of() is State.OPTED_IN
    client.post(unsubscribe())
    assert state_of() is State.OPTED_OUT


def test_fifty_at_once_are_all_answered_and_one_event_is_written(app: Flask) -> None:
    add_contact()
    path = unsubscribe()
    db.session.commit()

    def press(_: int) -> int:
        return app.test_client().post(path, data=ONE_CLICK).status_code

    with ThreadPoolExecutor(8) as pressing:
        assert set(pressing.map(press, range(50))) == {200}
    assert state_of() is State.OPTED_OUT
    assert len(all_events()) == 1


def test_stop_everything_reaches_every_address_of_the_person(client: FlaskClient) -> None:
    whatsapp_id = Address(AddressKind.WHATSAPP_ID, "US.12345678")
    ann(whatsapp_id=whatsapp_id.value, whatsapp_id_key=key_of(whatsapp_id))
    answer = client.post(unsubscribe(EMAIL, Channel.EMAIL), data={"do": "stop_all"})
    for channel in (Channel.SMS, Channel.VOICE, Channel.WHATSAPP):
        assert state_of(channel=channel) is State.OPTED_OUT
    assert state_of(whatsapp_id) is State.OPTED_OUT
    assert state_of(EMAIL, Channel.EMAIL) is State.OPTED_OUT
    assert len(all_events()) == 5
    said = words(answer)
    assert "Also SMS at another address of yours" in said


def test_an_address_that_is_nobodys_can_stop_too(client: FlaskClient) -> None:
    answer = client.post(unsubscribe(), data={"do": "stop_all"})
    assert answer.status_code == 200
    assert state_of() is state_of(channel=Channel.SMS) is State.OPTED_OUT
    assert state_of(channel=Channel.EMAIL) is State.UNKNOWN


def test_an_erased_person_can_still_stop(client: FlaskClient) -> None:
    contact = add_contact()
    record(State.OPTED_IN, at=clock.now() - HOUR)
    path = unsubscribe()
    transaction(lambda: erase(contact.id, SYSTEM))
    said = words(client.get(path))
    assert "your number" in said
    assert "••" not in said
    assert client.post(path).status_code == 200
    assert state_of() is State.OPTED_OUT
    assert detail(all_events()[-1]).address == ""
    assert client.post(path, data={"do": "stop_all"}).status_code == 200
    assert state_of(channel=Channel.SMS) is State.OPTED_OUT


@pytest.mark.parametrize("door", ["/u/", "/p/"])
def test_a_link_that_is_not_ours_changes_nothing_and_says_what_to_do(
    client: FlaskClient, door: str
) -> None:
    add_contact()
    whole = unsubscribe().removeprefix("/u/")
    for text in ("x", whole[:-1], whole[:-1] + ("A" if whole[-1] != "A" else "B"), "7"):
        for method in ("GET", "POST"):
            answer = client.open(door + text, method=method, data=ONE_CLICK)
            assert answer.status_code == 404
            assert "STOP" in words(answer)
    assert all_events() == []


def test_a_valid_token_is_never_told_to_slow_down(client: FlaskClient) -> None:
    assert {client.get(unsubscribe()).status_code for _ in range(200)} == {200}
    assert client.post(unsubscribe(), data=ONE_CLICK).status_code == 200


def test_another_secret_key_leaves_every_link_as_it_is(app: Flask, client: FlaskClient) -> None:
    path, before = unsubscribe(), app.extensions["heed"]
    app.extensions["heed"] = before.model_copy(update={"secret_key": "another one, 16 or more"})
    assert client.get(path).status_code == 200
    app.extensions["heed"] = before


def test_preferences_show_four_channels_and_what_stands(client: FlaskClient) -> None:
    ann()
    stopped(channel=Channel.SMS)
    record(State.OPTED_IN, address=EMAIL, channel=Channel.EMAIL)
    said = words(client.get(preferences(unsubscribe(channel=Channel.SMS))))
    for part in ("Email Allowed", "SMS Stopped", "Voice Not stopped", "WhatsApp Not stopped"):
        assert part in said
    assert "SMS messages are stopped" in said
    assert "Through Your reply" in said
    assert "On SMS, nothing is sent automatically any more" in said


def test_a_channel_is_stopped_from_the_preferences(client: FlaskClient) -> None:
    ann()
    path = preferences(unsubscribe())
    answer = client.post(path, data={"do": "stop", "channel": "email"})
    assert answer.status_code == 200
    assert state_of(EMAIL, Channel.EMAIL) is State.OPTED_OUT
    assert state_of() is State.UNKNOWN


def test_a_person_allows_what_reaches_the_links_own_address(client: FlaskClient) -> None:
    ann()
    stopped()
    answer = client.post(preferences(unsubscribe()), data={"do": "allow", "channel": "whatsapp"})
    assert answer.status_code == 303
    assert state_of() is State.OPTED_IN
    event = all_events()[-1]
    assert event.source is Source.LINK
    assert "I want marketing messages" in detail(event).evidence["wording"]
    assert "WhatsApp messages are allowed" in words(client.get(answer.headers["Location"]))


def test_a_link_does_not_allow_what_reaches_another_address(client: FlaskClient) -> None:
    ann()
    stopped(address=EMAIL, channel=Channel.EMAIL)
    path = preferences(unsubscribe())
    assert "It reaches you at another address" in words(client.get(path))
    answer = client.post(path, data={"do": "allow", "channel": "email"})
    assert answer.status_code == 409
    assert state_of(EMAIL, Channel.EMAIL) is State.OPTED_OUT


def test_what_the_provider_stopped_is_taken_back_there_alone(client: FlaskClient) -> None:
    add_contact()
    event = stopped(source=Source.PROVIDER, actor=PROVIDER)
    said = words(client.get(receipt(event)))
    assert "only there it can be taken back" in said
    for do in ("undo", "allow"):
        data = {"do": do, "channel": "whatsapp"}
        assert client.post(receipt(event), data=data).status_code == 409
    assert state_of() is State.OPTED_OUT


def test_nobody_signed_in_allows_messages_for_a_person(app: Flask, client: FlaskClient) -> None:
    agent = visitor(app, Role.ADMIN)
    add_contact()
    event = stopped()
    path = receipt(event)
    answer = agent.post(path, {"do": "undo"})
    assert answer.status_code == 403
    assert state_of() is State.OPTED_OUT
    assert agent.post(path, {"do": "stop", "channel": "sms"}).status_code == 200


def test_a_receipt_says_what_when_through_what_and_what_was_cancelled(client: FlaskClient) -> None:
    add_contact()
    add_message(send_at=clock.now() + HOUR)
    add_message(send_at=clock.now() + HOUR)
    event = stopped(source=Source.MANUAL, actor=SYSTEM)
    said = words(client.get(receipt(event)))
    assert "WhatsApp messages are stopped" in said
    assert str(event.effective_at.year) in said
    assert "Through Somebody at" in said
    assert "Cancelled 2 (scheduled: 2)" in said
    assert "Ten percent" not in said
    assert "messages about an order" in said


def test_the_person_takes_a_change_back(client: FlaskClient) -> None:
    add_contact()
    event = stopped(source=Source.API, actor=SYSTEM)
    assert "That was not me" in words(client.get(receipt(event)))
    answer = client.post(receipt(event), data={"do": "undo"})
    assert answer.status_code == 303
    assert state_of() is State.OPTED_IN
    assert detail(all_events()[-1]).evidence["reason"] == f"Takes back event {event.id}"
    again = client.post(receipt(event), data={"do": "undo"})
    assert again.status_code == 409
    assert len(all_events()) == 2


def test_what_is_newer_stays(client: FlaskClient) -> None:
    add_contact()
    event = stopped()
    record(at=clock.now() - HOUR / 2)
    answer = client.post(receipt(event), data={"do": "undo"})
    assert answer.status_code == 409
    assert "Something newer stands" in words(answer)
    assert state_of() is State.OPTED_OUT


def test_an_older_stop_under_the_receipts_own_stays_too(client: FlaskClient) -> None:
    add_contact()
    stopped()
    record(at=clock.now() - 2 * HOUR)
    event = all_events()[-1]
    assert client.post(receipt(event), data={"do": "undo"}).status_code == 409
    assert state_of() is State.OPTED_OUT


def test_right_after_a_stop_the_page_asks_to_wait_a_minute(client: FlaskClient) -> None:
    add_contact()
    record(source=Source.KEYWORD, actor=CUSTOMER)
    answer = client.post(receipt(all_events()[-1]), data={"do": "undo"})
    assert answer.status_code == 409
    assert "in a minute" in words(answer)
    assert len(all_events()) == 1


def test_what_the_link_itself_stopped_is_taken_back_at_once(client: FlaskClient) -> None:
    add_contact()
    client.post(unsubscribe())
    assert client.post(receipt(all_events()[0]), data={"do": "undo"}).status_code == 303
    assert state_of() is State.OPTED_IN


def test_a_stop_of_everything_is_narrowed_to_one_channel(client: FlaskClient) -> None:
    ann()
    client.post(unsubscribe(), data={"do": "stop_all"})
    event = all_events()[0]
    said = words(client.get(receipt(event)))
    assert "Keep only WhatsApp stopped, allow the rest" in said
    assert "at another address of yours stays so: Email" in said
    assert client.post(receipt(event), data={"do": "narrow"}).status_code == 303
    assert state_of() is State.OPTED_OUT
    assert state_of(channel=Channel.SMS) is State.OPTED_IN
    assert state_of(channel=Channel.VOICE) is State.OPTED_IN
    assert state_of(EMAIL, Channel.EMAIL) is State.OPTED_OUT


def test_an_unsubscribe_link_takes_nothing_back(client: FlaskClient) -> None:
    add_contact()
    stopped()
    path = preferences(unsubscribe())
    assert "Was that not you" not in words(client.get(path))
    for do in ("undo", "narrow"):
        assert client.post(path, data={"do": do}).status_code == 409
    assert state_of() is State.OPTED_OUT


def test_an_opt_in_that_was_not_them_is_stopped_on_its_receipt(client: FlaskClient) -> None:
    add_contact()
    record(State.OPTED_IN, evidence=EVIDENCE)
    said = words(client.get(receipt(all_events()[0])))
    assert "WhatsApp messages are allowed" in said
    assert "Was that not you? Stop it here" in said


def test_the_receipt_of_an_event_that_a_restore_lost_shows_the_preferences(
    client: FlaskClient,
) -> None:
    add_contact()
    lost = Token(Purpose.RECEIPT, Channel.SMS, AddressKind.PHONE, key_of(phone()), 999)
    answer = client.get(f"/p/{links().sign(lost)}")
    assert answer.status_code == 200
    assert "Your preferences" in words(answer)


def test_agents_find_the_receipt_of_each_event_on_the_contacts_page(app: Flask) -> None:
    marketer, viewer = visitor(app, Role.MARKETER), visitor(app, Role.VIEWER)
    page = f"/contacts/{add_contact().id}"
    link = receipt(stopped())
    assert link in marketer.get(page).text
    assert link not in viewer.get(page).text


def test_colleagues_see_that_a_link_was_sent_but_cannot_act_by_it(app: Flask) -> None:
    viewer = visitor(app, Role.VIEWER)
    contact_id = add_contact().id
    path = unsubscribe()
    add_message(contact_id=contact_id, status=Status.SENT)
    sent = db.session.scalars(db.select(Message)).one()
    sent.body = f"Details: {links().public_url}{path}"
    db.session.commit()
    for page in (f"/contacts/{contact_id}", "/dispatcher?tab=history"):
        shown = viewer.get(page).text
        assert "/u/…" in shown
        assert path not in shown


def test_a_number_and_its_whatsapp_id_are_taken_back_together(client: FlaskClient) -> None:
    """They are one phone: a STOP from it stopped both."""
    scoped = Address(AddressKind.WHATSAPP_ID, "US.1234567890")
    contact = ann(whatsapp_id=scoped.value, whatsapp_id_key=key_of(scoped)).id
    record(at=clock.now() - HOUR, source=Source.KEYWORD, actor=CUSTOMER)
    event = next(event for event in all_events() if event.key == key_of(phone()))
    answer = client.post(receipt(event), data={"do": "undo"}, follow_redirects=True)
    assert "Another address" not in words(answer)
    assert (state_of(), state_of(scoped)) == (State.OPTED_IN, State.OPTED_IN)
    assert db.session.get_one(Contact, contact, populate_existing=True).whatsapp_state is (
        State.OPTED_IN
    )
