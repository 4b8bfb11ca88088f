"""The bench's floors do what Heed does: a floor that did less would flatter nobody but itself."""

from __future__ import annotations

import csv
import hashlib
import hmac
import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from bench.floors.consent import Asked, changed
from bench.floors.export import write_bare
from bench.floors.hand import Hand, RawHand
from bench.floors.stop import bare_webhook
from bench.people import Person
from bench.places import SECRET, Place
from bench.scenarios.stops import stop_from
from tests.people import add_contact, add_message, phone, record, stored_and_folded
from tests.visitor import visitor
from webapp.accounts.rules import CUSTOMER, Actor, ActorKind, Role
from webapp.consent import chain
from webapp.consent.models import ConsentEvent, ConsentEventDetail, ConsentState
from webapp.contacts.addresses import key_of
from webapp.contacts.models import Contact
from webapp.contacts.rules import Channel, Source, State
from webapp.conversations.models import Conversation, InboundMessage, StoredWebhook
from webapp.core import clock
from webapp.core.db import db
from webapp.outbox.models import Message
from webapp.outbox.rules import Category, Origin

pytestmark = pytest.mark.usefixtures("context")

OURS, THEIRS = "+16505551234", "+16505554321"
SOMEBODY = Actor(ActorKind.USER, 1)
SHOWN = {"how": "form", "where": "shop", "wording": "Yes.", "when": "2026-01-02T00:00:00+00:00"}


@pytest.fixture
def place(app: Flask) -> Place:
    """The test's database, as the bench sees it."""
    engine = db.engine
    return Place(engine.dialect.name, 2, app.extensions["heed"], app, engine, {})


@pytest.fixture(params=[Hand, RawHand])
def hand(place: Place, request: pytest.FixtureRequest) -> Iterator[Hand]:
    """Statements by Core, and by the driver alone."""
    found: Hand = request.param(place)
    yield found
    if isinstance(found, RawHand):
        found.close()


def asked(state: State, **more: Any) -> Asked:
    return Asked(THEIRS, key_of(phone(THEIRS)), state, Source.MANUAL, SOMEBODY, **more)


def left_by(number: str) -> dict[str, Any]:
    """Give all that a change leaves behind, but for ids and times."""
    db.session.expire_all()
    key = key_of(phone(number))
    state = db.session.scalars(select(ConsentState).where(ConsentState.key == key)).one()
    events = db.session.scalars(
        select(ConsentEvent).where(ConsentEvent.key == key).order_by(ConsentEvent.seq)
    ).all()
    contact = db.session.scalars(select(Contact).where(Contact.phone == number)).one()
    messages = db.session.scalars(
        select(Message).where(Message.key == key).order_by(Message.id)
    ).all()
    details = [db.session.get_one(ConsentEventDetail, event.id) for event in events]
    return {
        "state": (state.state, state.epoch, state.source, state.head_seq, state.held),
        "newest": (state.event_id == events[-1].id, state.head_hash == events[-1].hash),
        "out": [event.id for event in events].index(state.out_event_id or 0),
        "events": [
            (e.channel, e.asked, e.from_state, e.to_state, e.source, e.actor_kind, e.proven)
            for e in events
        ],
        "times": [
            (e.occurred_at == e.effective_at, e.effective_at == e.recorded_at) for e in events
        ],
        "said": [(detail.said, sorted(detail.evidence)) for detail in details],
        "copy": (contact.whatsapp_state, contact.whatsapp_source, contact.whatsapp_held),
        "since": contact.whatsapp_changed_at == state.since,
        "messages": [
            (
                m.origin,
                m.category,
                m.status,
                m.reason,
                m.rule,
                m.ended_at is None,
                m.event_id is None,
            )
            for m in messages
        ],
    }


def chained(number: str) -> bool:
    """Tell whether the newest event of a number links to what it says and what stood before."""
    key = key_of(phone(number))
    newest = select(ConsentEvent).where(ConsentEvent.key == key).order_by(ConsentEvent.seq.desc())
    event = db.session.scalars(newest.limit(1)).one()
    detail = db.session.get_one(ConsentEventDetail, event.id)
    names = (
        "channel key seq asked from_state to_state source actor_kind actor_id proven undoes_id "
        "occurred_at effective_at recorded_at"
    )
    public = {name: getattr(event, name) for name in names.split()}
    commits = chain.commitment(detail.salt, detail.address, detail.said, detail.evidence)
    return event.hash == chain.link(event.prev, commits, public)


def test_an_opt_out_by_hand_leaves_what_heed_leaves(hand: Hand) -> None:
    for number in (OURS, THEIRS):
        to = phone(number)
        contact = add_contact(number)
        for origin in (Origin.SCHEDULED, Origin.MANUAL, Origin.CONFIRMATION):
            for category in (Category.MARKETING, Category.UTILITY):
                add_message(address=to, contact_id=contact.id, origin=origin, category=category)
    record(State.OPTED_OUT, source=Source.MANUAL, actor=SOMEBODY)
    assert changed(hand, asked(State.OPTED_OUT)) == 2
    assert left_by(THEIRS) == left_by(OURS)
    assert chained(THEIRS)


def test_an_opt_in_by_hand_leaves_what_heed_leaves(hand: Hand) -> None:
    for number in (OURS, THEIRS):
        add_contact(number)
        record(State.OPTED_OUT, address=phone(number), at=clock.now() - timedelta(hours=1))
    record(State.OPTED_IN, source=Source.MANUAL, actor=SOMEBODY, evidence=SHOWN)
    changed(hand, asked(State.OPTED_IN, evidence=SHOWN))
    assert left_by(THEIRS) == left_by(OURS)
    assert chained(THEIRS)
    stored, folded = stored_and_folded(Channel.WHATSAPP, key_of(phone(THEIRS)))
    assert stored == folded


def test_a_stop_by_hand_leaves_what_heed_leaves(hand: Hand, place: Place, app: Flask) -> None:
    bare = bare_webhook(place, hand)
    config = place.config.model_copy(update={"whatsapp_app_secret": SECRET})
    app.extensions["heed"], before = config, app.extensions["heed"]
    for server, number in ((app, OURS), (bare, THEIRS)):
        contact = add_contact(number)
        add_message(address=phone(number), contact_id=contact.id)
        body = stop_from(Person(contact.id, number, b""))
        db.session.commit()  # on SQLite nobody else can write while the test's own is open
        signed = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        for signature, status in (
            ("no", 401),
            (f"sha256={signed}", 200),
            (f"sha256={signed}", 200),
        ):
            headers = {"X-Hub-Signature-256": signature, "Content-Type": "application/json"}
            answer = server.test_client().post("/webhooks/whatsapp", data=body, headers=headers)
            assert answer.status_code == status
    app.extensions["heed"] = before
    ours, theirs = left_by(OURS), left_by(THEIRS)
    # The confirmation that Heed queues is no part of the bare work.
    assert [m for m in ours.pop("messages") if m[0] is not Origin.CONFIRMATION] == theirs.pop(
        "messages"
    )
    assert ours == theirs
    for model in (StoredWebhook, Conversation, InboundMessage):
        first, second = db.session.scalars(select(model).order_by(model.id)).all()
        assert told(first) == told(second)


def told(row: Any) -> list[Any]:
    """Give what stands in a row that both sides write alike."""
    names = ("provider", "channel", "kind", "text", "payload", "verdict", "unread", "profile_name")
    return [getattr(row, name, None) for name in names]


def test_the_bare_export_is_heeds_file(app: Flask, place: Place) -> None:
    names = ["Ann Lee", '=SUM(A1)"', "+49 says, stop", "-1", "＝wide"]
    for number, name in enumerate(names, start=1):
        add_contact(f"+1650555000{number}", name)
        record(channel=Channel.SMS, address=phone(f"+1650555000{number}"), actor=CUSTOMER)
    record(channel=Channel.SMS, address=phone("+16505550009"))  # nobody's number
    now, file = clock.now(), io.BytesIO()
    write_bare(place, now - timedelta(days=1), now + timedelta(days=1), file)
    answer = visitor(app, Role.MARKETER).get("/audience/exclusions.csv?channel=sms")
    heed = answer.get_data().decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(heed, newline="")))
    assert list(csv.reader(io.StringIO(file.getvalue().decode(), newline=""))) == lines
    assert len(lines) == len(names) + 2
