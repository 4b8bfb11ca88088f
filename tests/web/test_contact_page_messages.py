"""Writing to a contact: now, later, past a warning; and cancelling what waits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select, update

from tests.people import NUMBER, add_contact, add_message, phone, record
from tests.visitor import Visitor, visitor, words
from webapp.accounts import settings
from webapp.accounts.rules import SYSTEM, Role
from webapp.consent.models import ConsentPolicy
from webapp.consent.queries import state_row
from webapp.contacts.addresses import key_of
from webapp.contacts.models import Contact
from webapp.contacts.rules import Address, AddressKind, Channel, email_address
from webapp.conversations.models import Conversation
from webapp.core import clock
from webapp.core.db import db, transaction
from webapp.delivery.claims import claim
from webapp.delivery.forms import CLOSED
from webapp.delivery.service import WarningNeeded, compose
from webapp.message_templates.models import Template
from webapp.outbox.models import Message
from webapp.outbox.rules import SENTENCES, Category, Origin, Reason, Status
from webapp.pages.message_people import people_of

# More than these for a page means that something is asked row by row.
MOST_QUERIES = 30


@pytest.fixture
def ann(app: Flask) -> int:
    with app.app_context():
        return add_contact().id


@pytest.fixture
def offer(app: Flask) -> str:
    return template(app, "offer", Category.MARKETING, "Hello {{1}}, {{2}} off until Friday.")


def template(app: Flask, name: str, category: Category, body: str) -> str:
    with app.app_context():
        row = Template(
            channel=Channel.WHATSAPP, name=name, language="en", category=category, body=body
        )
        db.session.add(row)
        db.session.commit()
        return str(row.id)


def filled(offer: str, **more: str) -> dict[str, str]:
    return {"template": offer, "variable_1": "Ann", "variable_2": "10%", "when": "now", **more}


def send(who: Visitor, contact_id: int, values: dict[str, str], **more: Any) -> Any:
    return who.post(f"/contacts/{contact_id}/messages", values, **more)


def only_message(app: Flask) -> Message:
    with app.app_context():
        message = db.session.scalars(select(Message)).one()
        db.session.expunge(message)
        return message


def messages(app: Flask) -> list[Message]:
    with app.app_context():
        return list(db.session.scalars(select(Message)))


def test_a_template_is_filled_and_sent_now(app: Flask, ann: int, offer: str) -> None:
    answer = send(visitor(app, Role.MARKETER), ann, filled(offer), htmx=True)
    assert answer.status_code == 200
    assert "On its way" in words(answer)
    message = only_message(app)
    assert message.body == "Hello Ann, 10% off until Friday."
    assert message.origin is Origin.MANUAL
    assert message.category is Category.MARKETING


def test_a_message_is_scheduled_in_the_readers_zone(app: Flask, ann: int, offer: str) -> None:
    marketer = visitor(app, Role.MARKETER)
    marketer.client.set_cookie("tz", "Asia/Kolkata")
    day = (clock.now() + timedelta(days=3)).strftime("%Y-%m-%d")
    answer = send(marketer, ann, filled(offer, when="later", send_at=f"{day}T09:00"))
    assert answer.status_code == 303
    message = only_message(app)
    assert message.send_at == datetime.fromisoformat(f"{day}T03:30").replace(tzinfo=UTC)
    assert message.origin is Origin.SCHEDULED
    assert "Hello Ann, 10% off until Friday." in words(marketer.get(f"/contacts/{ann}"))


@pytest.mark.parametrize("send_at", ["", "2020-01-01T10:00", "soon"])
def test_a_time_that_cannot_be_is_refused(app: Flask, ann: int, offer: str, send_at: str) -> None:
    values = filled(offer, when="later", send_at=send_at)
    answer = send(visitor(app, Role.MARKETER), ann, values, htmx=True)
    assert answer.status_code == 422
    assert 'aria-describedby="send-at-error"' in answer.get_data(as_text=True)
    assert 'value="10%"' in answer.get_data(as_text=True)
    assert not messages(app)


def test_a_missing_value_is_asked_for_at_its_field(app: Flask, ann: int, offer: str) -> None:
    values = filled(offer, variable_2="")
    answer = send(visitor(app, Role.MARKETER), ann, values, htmx=True)
    assert answer.status_code == 422
    assert "needs a value for {{2}}" in words(answer)
    assert 'value="Ann"' in answer.get_data(as_text=True)


def test_choosing_a_template_shows_its_variables_and_a_preview(
    app: Flask, ann: int, offer: str
) -> None:
    path = f"/contacts/{ann}/messages/new?template={offer}"
    answer = visitor(app, Role.MARKETER).get(path, htmx=True)
    text = answer.get_data(as_text=True)
    assert 'name="variable_1"' in text
    assert 'data-slot="2"' in text
    assert "Marketing" in words(answer)


def test_free_text_says_that_the_window_is_closed(app: Flask, ann: int, offer: str) -> None:
    page = visitor(app, Role.MARKETER).get(f"/contacts/{ann}?template=")
    assert "have not written in the last 24 hours" in words(page)


def wrote_lately(app: Flask, contact_id: int) -> None:
    """Let a contact have written an hour ago, so that WhatsApp takes free text."""
    with app.app_context():
        db.session.add(
            Conversation(
                channel=Channel.WHATSAPP,
                key=key_of(phone()),
                address=phone().value,
                contact_id=contact_id,
                last_inbound_at=clock.now() - timedelta(hours=1),
            )
        )
        db.session.commit()


def test_free_text_that_would_fail_is_refused_at_its_field(app: Flask, ann: int) -> None:
    marketer = visitor(app, Role.MARKETER)
    page = marketer.get(f"/contacts/{ann}?template=").get_data(as_text=True)
    assert re.search(r'aria-describedby="send-closed"\s+disabled', page)
    values = {"template": "", "text": "Your order is ready.", "when": "now"}
    answer = send(marketer, ann, values, htmx=True)
    assert answer.status_code == 422
    assert 'aria-describedby="field-text-error"' in answer.get_data(as_text=True)
    assert CLOSED in words(answer)
    assert "Your order is ready." in words(answer)
    assert not messages(app)


def test_free_text_may_be_scheduled_since_they_may_write_by_then(app: Flask, ann: int) -> None:
    later = (clock.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    values = {"template": "", "text": "Your order is ready.", "when": "later", "send_at": later}
    assert send(visitor(app, Role.MARKETER), ann, values, htmx=True).status_code == 200
    assert only_message(app).status is Status.SCHEDULED


def test_free_text_is_offered_first_while_the_window_is_open(
    app: Flask, ann: int, offer: str
) -> None:
    wrote_lately(app, ann)
    marketer = visitor(app, Role.MARKETER)
    assert "Free text is possible until" in words(marketer.get(f"/contacts/{ann}"))
    send(marketer, ann, {"template": "", "text": "Your order is ready.", "when": "now"})
    assert only_message(app).body == "Your order is ready."


def test_an_empty_text_is_refused(app: Flask, ann: int) -> None:
    wrote_lately(app, ann)
    answer = send(visitor(app, Role.MARKETER), ann, {"template": "", "text": " "}, htmx=True)
    assert answer.status_code == 422
    assert "A message has a text or a template." in words(answer)


def test_where_the_account_blocks_it_is_said_before_anybody_clicks(
    app: Flask, ann: int, offer: str
) -> None:
    marketer = visitor(app, Role.MARKETER)
    with app.app_context():
        record()
    assert "Heed asks before it sends." in words(marketer.get(f"/contacts/{ann}"))
    with app.app_context():
        transaction(lambda: settings.write("consent", {"manual_sends_blocked": True}))
    page = words(marketer.get(f"/contacts/{ann}"))
    assert f"Send WhatsApp Opted Out {SENTENCES[Reason.MANUAL_BLOCKED]}" in page
    live = words(marketer.get(f"/contacts/{ann}/live?channel=whatsapp&template={offer}", htmx=True))
    assert f"Opted Out {SENTENCES[Reason.MANUAL_BLOCKED]}" in live


def test_the_button_says_schedule_and_in_which_zone(app: Flask, ann: int, offer: str) -> None:
    marketer = visitor(app, Role.MARKETER)
    marketer.client.set_cookie("tz", "Europe/Berlin")
    page = words(marketer.get(f"/contacts/{ann}"))
    assert "In Europe/Berlin." in page
    assert "Schedule Send WhatsApp" in page  # the style shows the one that is meant


def test_the_send_button_carries_the_mark_of_an_opt_out(app: Flask, ann: int, offer: str) -> None:
    marketer = visitor(app, Role.MARKETER)
    assert "Send WhatsApp Opted Out" not in words(marketer.get(f"/contacts/{ann}"))
    with app.app_context():
        record()
    assert "Send WhatsApp Opted Out" in words(marketer.get(f"/contacts/{ann}"))


def test_sending_to_somebody_opted_out_asks_first(app: Flask, ann: int, offer: str) -> None:
    with app.app_context():
        event_id = record().event_id
    marketer = visitor(app, Role.MARKETER)
    answer = send(marketer, ann, filled(offer), htmx=True)
    assert answer.status_code == 409
    assert answer.headers["HX-Retarget"] == "#dialog"
    assert "Send anyway" in words(answer)
    assert not messages(app)
    seen = re.search(r'name="override" value="(\d+)"', answer.get_data(as_text=True))
    assert seen
    assert int(seen[1]) == event_id
    assert send(marketer, ann, filled(offer, override=seen[1]), htmx=True).status_code == 200
    assert only_message(app).override_event_id == event_id


def test_who_sent_past_the_warning_is_said_once_and_by_name(
    app: Flask, ann: int, offer: str
) -> None:
    with app.app_context():
        out = record().event_id
    marketer = visitor(app, Role.MARKETER)
    send(marketer, ann, filled(offer, override=str(out)), htmx=True)
    told = f"Marketer saw the warning that this person opted out, and sent it ( event {out} )."
    waiting = words(marketer.get(f"/contacts/{ann}"))
    assert told in waiting
    with app.app_context():
        assert claim([only_message(app).id])
        gone = {"status": Status.SENT, "ended_at": clock.now()}
        db.session.execute(update(Message).values(gone))
        db.session.commit()
    page = marketer.get(f"/contacts/{ann}")
    assert told in words(page)
    assert words(page).count("saw the warning") == 1
    assert f'href="/evidence/events/{out}"' in page.get_data(as_text=True)


def test_who_cancelled_is_said_by_name_and_in_one_line(app: Flask, ann: int) -> None:
    with app.app_context():
        message_id = add_message(contact_id=ann).id
    marketer = visitor(app, Role.MARKETER)
    marketer.post(f"/messages/{message_id}/cancel")
    marketer.get(f"/contacts/{ann}")  # says that it was cancelled
    page = words(marketer.get(f"/contacts/{ann}"))
    assert "Marketer cancelled it." in page
    assert "by person" not in page
    said = page[page.index("Activity") :]
    assert said.count("cancelled") == 1
    assert re.search(r"WhatsApp message cancelled: by hand just now by Marketer", said)


def test_the_names_of_a_list_are_read_at_once(app: Flask, ann: int) -> None:
    def asked_for(many: int) -> int:
        with app.app_context():
            found = list(db.session.scalars(select(Message).limit(many)))
            asked: list[str] = []
            listener = lambda *values: asked.append(values[2])  # noqa: E731
            event.listen(db.engine, "before_cursor_execute", listener)
            try:
                said = people_of(found)
            finally:
                event.remove(db.engine, "before_cursor_execute", listener)
            assert len(said) == many
            return len(asked)

    marketer = visitor(app, Role.MARKETER)
    for _ in range(6):
        with app.app_context():
            message_id = add_message(contact_id=ann).id
        marketer.post(f"/messages/{message_id}/cancel")
    assert asked_for(1) == asked_for(6) <= 3


def test_a_warning_covers_only_the_opt_out_that_it_showed(app: Flask, ann: int, offer: str) -> None:
    with app.app_context():
        seen = record().event_id
        record()
    answer = send(visitor(app, Role.MARKETER), ann, filled(offer, override=str(seen)), htmx=True)
    assert answer.status_code == 409
    assert not messages(app)


def test_utility_goes_to_somebody_opted_out_without_asking(app: Flask, ann: int) -> None:
    update = template(app, "update", Category.UTILITY, "Your order is on its way.")
    with app.app_context():
        record()
    page = words(visitor(app, Role.VIEWER).get(f"/contacts/{ann}?template={update}"))
    assert "may be sent all the same" not in page  # a viewer sends nothing
    marketer = visitor(app, Role.MARKETER)
    page = words(marketer.get(f"/contacts/{ann}?template={update}"))
    # The mark is about the person, the sentence about this message.
    assert "Send WhatsApp Opted Out Utility: may be sent all the same." in page
    values = {"template": update, "when": "now"}
    assert send(marketer, ann, values, htmx=True).status_code == 200
    assert only_message(app).status is Status.SCHEDULED


def test_what_is_scheduled_for_somebody_opted_out_is_skipped(
    app: Flask, ann: int, offer: str
) -> None:
    with app.app_context():
        record()
    later = (clock.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    values = filled(offer, when="later", send_at=later)
    answer = send(visitor(app, Role.MARKETER), ann, values, htmx=True)
    assert "Skipped: opted out." in words(answer)
    message = only_message(app)
    assert message.status is Status.SKIPPED
    assert message.reason is Reason.OPTED_OUT


def test_what_waits_can_be_cancelled_once(app: Flask, ann: int) -> None:
    with app.app_context():
        later = clock.now() + timedelta(hours=3)
        message_id = add_message(contact_id=ann, send_at=later).id
    marketer = visitor(app, Role.MARKETER)
    assert f'aria-label="Cancel message {message_id}"' in marketer.get(f"/contacts/{ann}").text
    answer = marketer.post(f"/messages/{message_id}/cancel", htmx=True)
    assert "Message cancelled" in words(answer)
    assert only_message(app).status is Status.CANCELLED
    again = marketer.post(f"/messages/{message_id}/cancel", htmx=True)
    assert "no longer waits" in words(again)


def test_a_viewer_cannot_send_or_cancel(app: Flask, ann: int, offer: str) -> None:
    with app.app_context():
        message_id = add_message(contact_id=ann).id
    viewer = visitor(app, Role.VIEWER)
    page = viewer.get(f"/contacts/{ann}")
    assert "Send WhatsApp" not in words(page)
    assert "Cancel message" not in page.get_data(as_text=True)
    assert send(viewer, ann, filled(offer)).status_code == 403
    assert viewer.post(f"/messages/{message_id}/cancel").status_code == 403
    assert only_message(app).status is Status.SCHEDULED


def test_the_page_asks_the_database_no_more_for_a_longer_life(
    app: Flask, ann: int, offer: str
) -> None:
    with app.app_context():
        for _ in range(12):
            record()
            add_message(contact_id=ann)
        engine = db.engine
    viewer = visitor(app, Role.VIEWER)
    asked: list[str] = []

    def count(*values: Any) -> None:
        asked.append(values[2])

    event.listen(engine, "before_cursor_execute", count)
    try:
        assert viewer.get(f"/contacts/{ann}").status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", count)
    assert len(asked) <= MOST_QUERIES


@pytest.fixture
def sends_sms(app: Flask) -> Iterator[None]:
    """SMS is set up."""
    before = app.extensions["heed"]
    twilio = {
        "twilio_account_sid": f"AC{'0' * 32}",
        "twilio_auth_token": "t",
        "twilio_from": NUMBER,
    }
    app.extensions["heed"] = before.model_copy(update=twilio)
    yield
    app.extensions["heed"] = before


def test_a_channel_is_chosen_by_the_address_and_keeps_its_mark(
    app: Flask, ann: int, sends_sms: None
) -> None:
    with app.app_context():
        record(channel=Channel.SMS)
    marketer = visitor(app, Role.MARKETER)
    assert "Send SMS Opted Out" in words(marketer.get(f"/contacts/{ann}?channel=sms"))
    page = words(marketer.get(f"/contacts/{ann}?channel=whatsapp"))
    assert "Send WhatsApp" in page
    assert "Send WhatsApp Opted Out" not in page
    live = words(marketer.get(f"/contacts/{ann}/live?channel=sms", htmx=True))
    assert "Opted Out" in live
    assert "SMS is not" not in words(marketer.get(f"/contacts/{ann}?channel=fax"))


def test_an_sms_to_somebody_opted_out_warns_and_goes_when_confirmed(
    app: Flask, ann: int, sends_sms: None
) -> None:
    with app.app_context():
        out = record(channel=Channel.SMS).event_id
    marketer = visitor(app, Role.MARKETER)
    values = {"channel": "sms", "template": "", "text": "Your table is ready.", "when": "now"}
    answer = send(marketer, ann, values, htmx=True)
    assert answer.status_code == 409
    assert "is Opted Out of SMS" in words(answer)
    assert 'name="channel" value="sms"' in answer.get_data(as_text=True)
    assert send(marketer, ann, {**values, "override": str(out)}, htmx=True).status_code == 200
    message = only_message(app)
    assert (message.channel, message.override_event_id) == (Channel.SMS, out)


def test_a_text_is_no_longer_than_the_channel_takes(app: Flask, ann: int, sends_sms: None) -> None:
    values = {"channel": "sms", "template": "", "text": "x" * 1601}
    answer = send(visitor(app, Role.MARKETER), ann, values, htmx=True)
    assert answer.status_code == 422
    assert "1,600 characters at most" in words(answer)


def test_an_email_keeps_its_subject_on_one_line(app: Flask) -> None:
    with app.app_context():
        before = app.extensions["heed"]
        mail = {"smtp_url": "smtp://127.0.0.1:1", "email_from": "shop@heed.example"}
        app.extensions["heed"] = before.model_copy(update=mail)
        address = email_address("ann@customer.example")
        bea = add_contact(None, "Bea", email=address.value, email_key=key_of(address)).id
    try:
        values = {"channel": "email", "text": "Hello.", "subject": "News\r\nBcc: all@x.example"}
        assert send(visitor(app, Role.MARKETER), bea, values, htmx=True).status_code == 200
    finally:
        app.extensions["heed"] = before
    assert only_message(app).variables == {"subject": "News Bcc: all@x.example"}


def test_a_channel_that_cannot_send_says_why(app: Flask, ann: int) -> None:
    page = words(visitor(app, Role.MARKETER).get(f"/contacts/{ann}?channel=sms"))
    assert "SMS cannot send here. Not set up: HEED_TWILIO_ACCOUNT_SID" in page


def test_what_is_written_first_opens_the_conversation(app: Flask, ann: int, offer: str) -> None:
    send(visitor(app, Role.MARKETER), ann, filled(offer))
    with app.app_context():
        talk = db.session.scalars(select(Conversation)).one()
        assert (talk.contact_id, talk.address, talk.unread) == (ann, phone().value, 0)


def test_what_is_written_for_later_opens_none_yet(app: Flask, ann: int, offer: str) -> None:
    later = (clock.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    send(visitor(app, Role.MARKETER), ann, filled(offer, when="later", send_at=later))
    assert only_message(app).status is Status.SCHEDULED
    with app.app_context():
        assert not db.session.scalars(select(Conversation)).all()


def test_of_two_addresses_that_are_out_the_warning_is_of_the_one_written_to(app: Flask) -> None:
    """Else the claim, which asks about that one, would never take the message."""
    with app.app_context():
        own = Address(AddressKind.WHATSAPP_ID, "US.13491208655302741918")
        bea = add_contact(NUMBER, "Bea", whatsapp_id=own.value, whatsapp_id_key=key_of(own))
        record()
        out = state_row(Channel.WHATSAPP, key_of(own))
        assert out is not None
        seen = out.out_event_id
        with pytest.raises(WarningNeeded) as warned:
            transaction(lambda: write_to(bea, own))
        assert warned.value.override == seen
        message = transaction(lambda: write_to(bea, own, override=seen))
        assert [one.message_id for one in claim([message.id])] == [message.id]


def write_to(contact: Contact, address: Address, **more: Any) -> Message:
    """Send by hand to an address of a contact, in the open transaction."""
    return compose(
        contact,
        Channel.WHATSAPP,
        text="Hello.",
        origin=Origin.MANUAL,
        actor=SYSTEM,
        address=address,
        **more,
    )


def test_a_warning_seen_before_the_account_blocks_sends_nothing(
    app: Flask, ann: int, offer: str
) -> None:
    with app.app_context():
        out = record().event_id
        transaction(lambda: settings.write("consent", {"manual_sends_blocked": True}))
    answer = send(visitor(app, Role.MARKETER), ann, filled(offer, override=str(out)), htmx=True)
    assert answer.status_code == 409
    assert "The account blocks sends by hand" in words(answer)
    assert not messages(app)


def test_without_a_record_too_the_warning_can_be_answered(app: Flask, ann: int, offer: str) -> None:
    with app.app_context():
        db.session.execute(update(ConsentPolicy).values(needs_opt_in=True))
        db.session.commit()
    marketer = visitor(app, Role.MARKETER)
    answer = send(marketer, ann, filled(offer), htmx=True)
    assert answer.status_code == 409
    seen = re.search(r'name="override" value="(\d+)"', answer.get_data(as_text=True))
    assert seen
    assert seen[1] == "0"
    assert send(marketer, ann, filled(offer, override="0"), htmx=True).status_code == 200
    assert only_message(app).status is Status.SCHEDULED


def test_what_no_database_can_hold_is_left_out_of_a_text(app: Flask, ann: int) -> None:
    wrote_lately(app, ann)
    values = {"template": "", "text": "Your order\x00 is ready."}
    assert send(visitor(app, Role.MARKETER), ann, values, htmx=True).status_code == 200
    assert only_message(app).body == "Your order is ready."
