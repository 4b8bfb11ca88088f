"""WhatsApp's webhook from outside: signed bytes in, consent and messages changed, 200 out."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from jobs import reconcile
from tests.api_client import ApiClient
from tests.counting import counted_queries
from tests.people import (
    add_contact,
    add_message,
    all_events,
    phone,
    record,
    state_of,
    status_of,
)
from tests.visitor import visitor
from webapp.accounts.rules import SYSTEM, Role
from webapp.consent.models import ConsentEventDetail, ConsentState, Review
from webapp.contacts.addresses import key_of
from webapp.contacts.models import Contact
from webapp.contacts.rules import Address, AddressKind, Channel, Source, State
from webapp.conversations import service as conversations
from webapp.conversations.models import (
    Conversation,
    HandledItem,
    InboundMessage,
    StoredWebhook,
)
from webapp.core import clock
from webapp.core.db import db, transaction
from webapp.keywords import service as keywords
from webapp.keywords.service import KeywordSettings
from webapp.outbox.models import Message
from webapp.outbox.rules import Origin, Reason, Status
from webapp.privacy.erasure import erase
from webapp.receipts.links import receipt_url

pytestmark = pytest.mark.usefixtures("context")

SECRET = "test-app-secret"
OURS = "106540352242922"
PERSON = "16505551234"
USER_ID = Address(AddressKind.WHATSAPP_ID, "US.13491208655302741918")
EXAMPLES = Path(
    os.environ.get("HEED_TEST_DATA") or Path(__file__).parents[2].parent / "shared" / "data"
)


def now() -> str:
    return str(int(clock.now().timestamp()))


def value(**items: Any) -> dict[str, Any]:
    return {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550783881", "phone_number_id": OURS},
        "contacts": [{"profile": {"name": "Ann"}, "wa_id": PERSON}],
        **items,
    }


def text(body: str, wamid: str = "wamid.1", **more: Any) -> dict[str, Any]:
    message = {"from": PERSON, "id": wamid, "timestamp": now(), "type": "text"}
    return {**message, "text": {"body": body}, **more}


def status(wamid: str, word: str, **more: Any) -> dict[str, Any]:
    return {"id": wamid, "status": word, "timestamp": now(), "recipient_id": PERSON, **more}


def envelope(*values: dict[str, Any], field: str = "messages") -> bytes:
    changes = [{"value": value, "field": field} for value in values]
    entry = {"id": "102290129340398", "changes": changes}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


def post(client: FlaskClient, body: bytes, secret: str = SECRET) -> int:
    signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    response = client.post(
        "/webhooks/whatsapp",
        data=body,
        headers={"X-Hub-Signature-256": f"sha256={signature}", "Content-Type": "application/json"},
    )
    return response.status_code


def says(client: FlaskClient, body: str, wamid: str = "wamid.1") -> int:
    return post(client, envelope(value(messages=[text(body, wamid)])))


def confirmations() -> list[Message]:
    found = db.select(Message).where(Message.origin == Origin.CONFIRMATION).order_by(Message.id)
    return list(db.session.scalars(found))


def test_meta_verifies_the_address_with_our_token(client: FlaskClient) -> None:
    query = {"hub.mode": "subscribe", "hub.challenge": "1158201444"}
    right = {**query, "hub.verify_token": "test-verify-token"}
    answer = client.get("/webhooks/whatsapp", query_string=right)
    assert (answer.status_code, answer.text) == (200, "1158201444")
    wrong = {**query, "hub.verify_token": "guess"}
    assert client.get("/webhooks/whatsapp", query_string=wrong).status_code == 403
    assert client.get("/webhooks/whatsapp").status_code == 403


def test_a_bad_signature_changes_nothing(client: FlaskClient) -> None:
    body = envelope(value(messages=[text("STOP")]))
    assert post(client, body, secret="another") == 401
    assert client.post("/webhooks/whatsapp", data=body).status_code == 401
    assert db.session.query(StoredWebhook).count() == 0
    assert all_events() == []


def test_a_stop_opts_out_cancels_and_confirms_once(client: FlaskClient) -> None:
    contact = add_contact()
    message = add_message(send_at=clock.now() + timedelta(minutes=5))
    assert says(client, "STOP") == 200
    assert state_of() is State.OPTED_OUT
    db.session.refresh(contact)
    assert (contact.whatsapp_state, contact.whatsapp_source) == (State.OPTED_OUT, Source.KEYWORD)
    assert status_of(message.id) is Status.CANCELLED
    assert [m.confirms_event_id for m in confirmations()] == [all_events()[0].id]


def test_a_stop_takes_few_statements(client: FlaskClient, app: Flask, db_kind: str) -> None:
    add_contact()
    with counted_queries(app) as statements:
        assert says(client, "STOP") == 200
    # Kept; its mark, the person, the words, the conversation, the message, the lock; the change;
    # how many confirmations today, this one; done.
    lock = 1 if db_kind == "postgres" else 0
    assert len(statements) == 1 + 5 + lock + 7 + 2 + 1, "\n".join(statements)
    assert db.session.query(StoredWebhook).filter_by(processed_at=None).count() == 0


def under_way(seconds: float = 1) -> datetime:
    """Let a claim be under way to the person, and give until when it may begin its request."""
    until = clock.now() + timedelta(seconds=seconds)
    add_message(status=Status.SENDING, claim_token="t", begin_by=until)
    return until


def test_a_stop_is_answered_when_what_is_under_way_has_begun(client: FlaskClient) -> None:
    until = under_way()
    assert says(client, "STOP") == 200
    assert clock.now() >= until
    processed = db.session.query(StoredWebhook).one().processed_at
    assert processed is not None
    assert processed >= until


def test_a_repeat_is_answered_no_sooner_than_the_first(client: FlaskClient) -> None:
    body = envelope(value(messages=[text("STOP")]))
    assert post(client, body) == 200
    until = under_way()  # as if the first still waited for it
    assert post(client, body + b" ") == 200
    assert clock.now() >= until


def test_a_word_that_stops_nothing_is_answered_at_once(client: FlaskClient) -> None:
    until = under_way(60)
    assert says(client, "hello") == 200
    assert clock.now() < until


def test_a_conversation_counts_what_came_and_keeps_its_latest(client: FlaskClient) -> None:
    contact = add_contact()
    early = {**text("one", "wamid.1"), "timestamp": str(int(now()) - 3600)}
    late = text("two", "wamid.2")
    nameless = value(messages=[early])
    del nameless["contacts"]
    for body in (envelope(value(messages=[late])), envelope(nameless)):
        assert post(client, body) == 200
    found = db.session.query(Conversation).one()
    assert (found.unread, found.contact_id, found.profile_name) == (2, contact.id, "Ann")
    assert found.last_inbound_at == datetime.fromtimestamp(int(late["timestamp"]), UTC)


def test_a_repeated_delivery_changes_nothing(client: FlaskClient) -> None:
    body = envelope(value(messages=[text("STOP")]))
    assert [post(client, body) for _ in range(3)] == [200, 200, 200]
    again = json.dumps(json.loads(body), indent=1).encode()
    assert post(client, again) == 200
    assert len(all_events()) == 1
    assert len(confirmations()) == 1
    assert db.session.query(InboundMessage).count() == 1


def test_a_stop_from_nobodys_number_is_on_the_exclusion_list(client: FlaskClient) -> None:
    assert says(client, "stop") == 200
    assert state_of() is State.OPTED_OUT
    assert db.session.query(Contact).count() == 0


def test_a_start_opts_in_again_and_requeues_nothing(client: FlaskClient) -> None:
    record(at=clock.now() - timedelta(hours=1))
    assert says(client, "Start!") == 200
    assert state_of() is State.OPTED_IN
    assert all_events()[-1].source is Source.KEYWORD


def test_help_is_answered_and_changes_nothing(client: FlaskClient) -> None:
    assert says(client, "help") == 200
    assert [m.body for m in confirmations()] == [keywords.load().help_reply]
    assert all_events() == []


def test_an_unmistakable_word_in_a_longer_reply_holds_marketing(client: FlaskClient) -> None:
    contact = add_contact()
    assert says(client, "Stop it, I wanted the blue one and you know it") == 200
    assert state_of() is State.UNKNOWN
    assert db.session.query(ConsentState).one().held
    db.session.refresh(contact)
    assert contact.whatsapp_held
    assert db.session.query(Review).one().decided_at is None


@pytest.mark.parametrize(
    "reply", ["Stop\n> Details: {}", "Stop it, I wanted the blue one, see {}", "What is {} about?"]
)
def test_a_person_s_own_link_in_a_reply_is_not_kept(
    app: Flask, client: FlaskClient, reply: str
) -> None:
    viewer, api, contact = visitor(app, Role.VIEWER), ApiClient(app, Role.VIEWER), add_contact().id
    whose = f"?key={key_of(phone()).hex()}"
    link = receipt_url(Channel.WHATSAPP, AddressKind.PHONE, key_of(phone()), 1)
    token = link.rpartition("/")[2]
    assert says(client, reply.format(link)) == 200
    kept = db.session.query(InboundMessage).one().text
    assert kept == reply.format(link.replace(token, "…"))
    said = [review.said for review in db.session.query(Review)]
    said += [detail.said for detail in db.session.query(ConsentEventDetail)]
    assert set(said) <= {kept}
    db.session.rollback()
    for path in (
        "/",
        "/review",
        f"/contacts/{contact}",
        f"/evidence{whose}",
        f"/evidence.json{whose}",
    ):
        assert token not in viewer.text(path), path
    db.session.rollback()
    for path in ("/reviews", "/consent-events"):
        assert token not in api.get(path).get_data(as_text=True), path


def test_a_stop_said_elsewhere_is_kept_without_the_link(client: FlaskClient) -> None:
    link = receipt_url(Channel.WHATSAPP, AddressKind.PHONE, key_of(phone()), 1)
    other = {"display_phone_number": "15550000000", "phone_number_id": "999"}
    stop = {**value(messages=[text(f"STOP\n> {link}")]), "metadata": other}
    assert post(client, envelope(stop)) == 200
    assert state_of() is State.OPTED_OUT
    detail = db.session.query(ConsentEventDetail).one()
    assert detail.said == f"STOP\n> {link.replace(link.rpartition('/')[2], '…')}"


def test_love_is_no_opt_out(client: FlaskClient) -> None:
    assert says(client, "We can't stop loving it!") == 200
    assert state_of() is State.UNKNOWN


def test_with_the_switch_off_a_stop_is_held_not_ignored(client: FlaskClient) -> None:
    keywords.save(KeywordSettings(enabled=False), SYSTEM)
    assert says(client, "STOP") == 200
    assert state_of() is State.UNKNOWN
    assert db.session.query(ConsentState).one().held


def test_a_word_that_was_added_takes_effect_at_once(client: FlaskClient) -> None:
    assert says(client, "Pineapple.") == 200
    assert state_of() is State.UNKNOWN
    keywords.save(KeywordSettings(opt_out=("STOP", "pineapple")), SYSTEM)
    assert says(client, "Pineapple.", "wamid.2") == 200
    assert state_of() is State.OPTED_OUT


def test_a_tapped_opt_out_button_counts_by_its_payload(client: FlaskClient) -> None:
    tapped = {
        "from": PERSON,
        "id": "wamid.b",
        "timestamp": now(),
        "type": "button",
        "button": {"payload": "Unsubscribe", "text": "Leave"},
    }
    assert post(client, envelope(value(messages=[tapped]))) == 200
    assert all_events()[0].source is Source.BUTTON


def test_an_interactive_reply_counts_too(client: FlaskClient) -> None:
    reply = {
        "from": PERSON,
        "id": "wamid.i",
        "timestamp": now(),
        "type": "interactive",
        "interactive": {"type": "button_reply", "button_reply": {"id": "stop", "title": "No"}},
    }
    assert post(client, envelope(value(messages=[reply]))) == 200
    assert state_of() is State.OPTED_OUT


def test_whatsapps_own_switch_stops_and_resumes_without_a_confirmation(
    client: FlaskClient,
) -> None:
    def preference(word: str, hours: int) -> bytes:
        at = int((clock.now() - timedelta(hours=hours)).timestamp())
        item = {"wa_id": PERSON, "category": "marketing_messages", "value": word, "timestamp": at}
        return envelope(value(user_preferences=[item]), field="user_preferences")

    assert post(client, preference("stop", 2)) == 200
    assert state_of() is State.OPTED_OUT
    assert post(client, preference("resume", 1)) == 200
    assert state_of() is State.OPTED_IN
    assert post(client, preference("stop", 2)) == 200
    assert state_of() is State.OPTED_IN
    assert confirmations() == []


def test_a_batch_takes_effect_item_by_item(client: FlaskClient) -> None:
    other = {**text("hello", "wamid.2"), "from": "16505550000"}
    body = envelope(value(messages=[text("STOP")]), value(messages=[other]))
    assert post(client, body) == 200
    assert state_of() is State.OPTED_OUT
    assert state_of(phone("+16505550000")) is State.UNKNOWN
    assert db.session.query(Conversation).count() == 2


def test_an_item_that_fails_does_not_take_the_others_with_it(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = conversations.receive

    def falls_over(arrival: Any) -> Any:
        if arrival.text == "boom":
            raise RuntimeError("a fault of ours")
        return real(arrival)

    monkeypatch.setattr(conversations, "receive", falls_over)
    body = envelope(value(messages=[text("boom", "wamid.0"), text("STOP")]))
    assert post(client, body) == 500
    assert state_of() is State.OPTED_OUT
    monkeypatch.undo()
    assert post(client, body) == 200
    assert len(all_events()) == 1
    assert db.session.query(InboundMessage).count() == 2


def test_a_stored_webhook_that_was_never_worked_through_is_found(app: Flask) -> None:
    row = conversations.store_webhook("whatsapp", envelope(value(messages=[text("STOP")])))
    db.session.get_one(StoredWebhook, row.id).received_at = clock.now() - timedelta(minutes=5)
    db.session.commit()
    reconcile.every_minute()
    assert state_of() is State.OPTED_OUT


def test_statuses_move_a_message_forward_in_any_order(client: FlaskClient) -> None:
    message = add_message(
        status=Status.SENT, claim_token="t", provider_message_id="wamid.out", attempts=1
    )
    known = {"biz_opaque_callback_data": f"{message.id}-t"}
    for word in ("read", "sent", "delivered"):
        body = envelope(value(statuses=[status("wamid.out", word, **known)]))
        assert post(client, body) == 200
    row = db.session.get_one(Message, message.id, populate_existing=True)
    assert row.status is Status.READ
    assert None not in (row.sent_at, row.delivered_at, row.read_at)


def test_a_callback_tells_what_became_of_an_unconfirmed_message(client: FlaskClient) -> None:
    message = add_message(status=Status.UNCONFIRMED, claim_token="t", reason=Reason.NO_ANSWER)
    known = {"biz_opaque_callback_data": f"{message.id}-t"}
    assert post(client, envelope(value(statuses=[status("wamid.x", "sent", **known)]))) == 200
    row = db.session.get_one(Message, message.id, populate_existing=True)
    assert (row.status, row.reason, row.provider_message_id) == (Status.SENT, None, "wamid.x")


def test_a_failure_because_the_person_stopped_there_is_an_opt_out(client: FlaskClient) -> None:
    message = add_message(status=Status.SENT, claim_token="t", provider_message_id="wamid.out")
    waiting = add_message(send_at=clock.now() + timedelta(hours=1))
    failed = status("wamid.out", "failed", errors=[{"code": 131050, "title": "stopped"}])
    assert post(client, envelope(value(statuses=[failed]))) == 200
    assert state_of() is State.OPTED_OUT
    assert status_of(message.id) is Status.FAILED
    assert status_of(waiting.id) is Status.CANCELLED


def test_a_person_without_a_number_is_known_by_their_user_id(client: FlaskClient) -> None:
    hidden = text("STOP")
    del hidden["from"]
    body = value(messages=[{**hidden, "from_user_id": USER_ID.value}])
    body["contacts"] = [{"profile": {"name": "Ann"}, "user_id": USER_ID.value}]
    assert post(client, envelope(body)) == 200
    assert state_of(USER_ID) is State.OPTED_OUT


def test_a_user_id_learnt_for_a_number_takes_the_opt_out_along(client: FlaskClient) -> None:
    contact = add_contact()
    record(source=Source.MANUAL, at=clock.now() - timedelta(hours=2))
    body = value(messages=[text("When do you open?")])
    body["contacts"] = [{"wa_id": PERSON, "user_id": USER_ID.value}]
    assert post(client, envelope(body)) == 200
    db.session.refresh(contact)
    assert contact.whatsapp_id_key == key_of(USER_ID)
    assert state_of(USER_ID) is State.OPTED_OUT


def test_a_stop_with_number_and_user_id_is_one_event_for_each(client: FlaskClient) -> None:
    add_contact()
    body = value(messages=[text("STOP")])
    body["contacts"] = [{"wa_id": PERSON, "user_id": USER_ID.value}]
    assert post(client, envelope(body)) == 200
    assert [event.key for event in all_events()] == [key_of(phone()), key_of(USER_ID)]
    assert len(confirmations()) == 1


def test_a_start_that_brings_number_and_user_id_together_lifts_both(client: FlaskClient) -> None:
    add_contact()
    record(address=USER_ID, source=Source.KEYWORD, at=clock.now() - timedelta(hours=2))
    body = value(messages=[text("START")])
    body["contacts"] = [{"wa_id": PERSON, "user_id": USER_ID.value}]
    assert post(client, envelope(body)) == 200
    assert (state_of(), state_of(USER_ID)) == (State.OPTED_IN, State.OPTED_IN)


def test_a_hold_covers_every_address_of_the_person(client: FlaskClient) -> None:
    add_contact(whatsapp_id=USER_ID.value, whatsapp_id_key=key_of(USER_ID))
    hidden = text("Stop it, I wanted the blue one and you know it")
    del hidden["from"]
    body = value(messages=[{**hidden, "from_user_id": USER_ID.value}])
    body["contacts"] = [{"profile": {"name": "Ann"}, "user_id": USER_ID.value}]
    assert post(client, envelope(body)) == 200
    assert {row.key for row in db.session.query(ConsentState) if row.held} == {
        key_of(phone()),
        key_of(USER_ID),
    }


def test_a_changed_number_takes_an_opt_out_along_and_no_opt_in(client: FlaskClient) -> None:
    record(at=clock.now() - timedelta(hours=2))
    moved = {
        "from": PERSON,
        "id": "wamid.s",
        "timestamp": now(),
        "type": "system",
        "system": {"type": "user_changed_number", "body": "moved", "wa_id": "16505550000"},
    }
    assert post(client, envelope(value(messages=[moved]))) == 200
    assert state_of(phone("+16505550000")) is State.OPTED_OUT
    assert state_of() is State.OPTED_OUT


def test_of_another_business_number_only_a_stop_counts(client: FlaskClient) -> None:
    other = {"display_phone_number": "15550000000", "phone_number_id": "999"}
    hello = {**value(messages=[text("hello")]), "metadata": other}
    assert post(client, envelope(hello)) == 200
    assert db.session.query(Conversation).count() == 0
    stop = {**value(messages=[text("STOP", "wamid.2")]), "metadata": other}
    assert post(client, envelope(stop)) == 200
    assert state_of() is State.OPTED_OUT
    assert confirmations() == []


@pytest.mark.parametrize(
    "body", [b"", b"null", b"[]", b"{", b'{"object":"page","entry":[{}]}', b"\xff\xfe", b"7"]
)
def test_what_is_not_understood_is_kept_and_answered_200(client: FlaskClient, body: bytes) -> None:
    assert post(client, body) == 200
    assert db.session.query(StoredWebhook).count() == 1


def test_the_most_confirmations_that_an_address_gets_in_a_day_is_three(
    client: FlaskClient,
) -> None:
    for number in range(5):
        assert says(client, "HELP", f"wamid.{number}") == 200
    statuses = [m.status for m in confirmations()]
    assert statuses.count(Status.SKIPPED) == 2
    assert confirmations()[-1].reason is Reason.CONFIRMATION_CAP


def _files() -> list[Path]:
    return sorted((EXAMPLES / "payloads").glob("*/*.json"))


def test_every_reference_payload_is_taken_and_repeats_change_nothing(
    client: FlaskClient,
) -> None:
    if not _files():
        pytest.skip("the reference payloads are not here (HEED_TEST_DATA)")
    for path in _files():
        assert post(client, path.read_bytes()) == 200, path.name
    counts = [db.session.query(kind).count() for kind in (InboundMessage, ConsentState)]
    events = len(all_events())
    for path in _files():
        assert post(client, path.read_bytes() + b" ") == 200, path.name
    assert [db.session.query(k).count() for k in (InboundMessage, ConsentState)] == counts
    assert len(all_events()) == events
    assert db.session.query(StoredWebhook).filter_by(processed_at=None).count() == 0
    assert Channel.WHATSAPP in {event.channel for event in all_events()}


def test_a_late_report_about_an_erased_person_does_not_bring_their_number_back(
    client: FlaskClient,
) -> None:
    contact = add_contact().id
    message = add_message(contact_id=contact, status=Status.SENT, claim_token="t").id
    transaction(lambda: erase(contact, SYSTEM))
    said = status("wamid.1", "read", biz_opaque_callback_data=f"{message}-t")
    body = envelope(value(statuses=[said]))
    assert (post(client, body), post(client, body)) == (200, 200)
    row = db.session.get_one(Message, message, populate_existing=True)
    assert (row.status, row.provider_message_id) == (Status.READ, None)
    assert bytes(db.session.scalars(select(StoredWebhook.body)).one()) == b""
    assert "wamid" not in db.session.scalars(select(HandledItem.item)).one()
