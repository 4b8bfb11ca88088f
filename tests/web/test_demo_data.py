"""Loading the demo into a database: it is what the services would have written, and goes on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from tests.people import record, stored_and_folded
from webapp.accounts.rules import Actor, ActorKind
from webapp.accounts.service import MIN_PASSWORD, authenticate
from webapp.consent import queries
from webapp.consent.models import ConsentEvent, ConsentEventDetail, ConsentState
from webapp.consent.saving import create_contact
from webapp.consent.service import change, undo
from webapp.consent.wishes import Wish
from webapp.contacts.addresses import key_of
from webapp.contacts.models import Activity, Contact
from webapp.contacts.rules import Address, AddressKind, Channel, Source, State
from webapp.contacts.service import Draft
from webapp.conversations.models import Conversation
from webapp.core import clock
from webapp.core.config import Config
from webapp.core.db import db, transaction
from webapp.delivery.providers.base import Outgoing, TemplateCall
from webapp.delivery.providers.whatsapp_body import request_body
from webapp.delivery.sentences import explain
from webapp.demo import SIGN_INS, load, loaded
from webapp.demo.chunks import NUMBERED
from webapp.message_templates.models import Template
from webapp.message_templates.rules import variable_names
from webapp.outbox.models import Message
from webapp.outbox.rules import SENTENCES, Status
from webapp.sandbox import create_sandbox
from webapp.sandbox.people import find_phone
from webapp.sandbox.queries import message as message_on_phone
from webapp.sandbox.store import open_store

COUNT = 240


@pytest.fixture(autouse=True)
def demo(app: Flask) -> Iterator[None]:
    with app.app_context():
        load(COUNT)
        yield
        db.session.rollback()


def counts() -> dict[str, int]:
    """How many rows each of the demo's tables has."""
    models = (*NUMBERED, ConsentEventDetail, ConsentState, Template)
    return {m.__tablename__: len(db.session.execute(select(m.__table__)).all()) for m in models}


def test_a_second_load_changes_nothing() -> None:
    before = counts()
    assert before["contacts"] == COUNT
    assert loaded()
    load(COUNT + 10)
    assert counts() == before


def test_the_three_sign_in() -> None:
    for role, email, password in SIGN_INS:
        assert len(password) >= MIN_PASSWORD
        user = authenticate(email, password)
        assert user is not None
        assert user.role == role


def test_stored_states_fold_and_copies_equal_them() -> None:
    for state in db.session.scalars(select(ConsentState)).all():
        stored, folded = stored_and_folded(state.channel, state.key)
        assert stored == folded
    for contact in db.session.scalars(select(Contact)):
        for channel in Channel:
            found = [queries.state_row(channel, key) for key in contact.keys(channel)]
            row = next((row for row in found if row is not None), None)
            assert contact.state(channel) is (row.state if row else State.UNKNOWN)
            assert getattr(contact, f"{channel}_changed_at") == (row.since if row else None)
            assert getattr(contact, f"{channel}_source") == (row.source if row else None)
            assert getattr(contact, f"{channel}_held") == (row.held if row else False)


def test_the_services_would_have_written_the_same(db_kind: str) -> None:
    if db_kind == "postgres":
        pytest.skip("the clock of PostgreSQL cannot be moved")
    for nth, (channel, key) in enumerate(ledgers_with(Source.CORRECTION, Source.KEYWORD)):
        address = Address(AddressKind.PHONE, f"+1212666{nth:04d}")
        ids: dict[int, int] = {}
        for event, detail in queries.history(channel, [key])[::-1]:
            assert detail is not None
            with time_machine.travel(event.recorded_at, tick=False):
                ids[event.id] = again(event, detail, address, ids)
            same = db.session.get_one(ConsentEvent, ids[event.id])
            for name in EVENT_FIELDS:
                assert getattr(same, name) == getattr(event, name), name
        stored, repeated = (queries.state_row(channel, some) for some in (key, key_of(address)))
        assert stored is not None
        assert repeated is not None
        for name in STATE_FIELDS:
            assert getattr(repeated, name) == getattr(stored, name), name
        for name in ("event_id", "out_event_id"):
            there = getattr(stored, name)
            assert getattr(repeated, name) == (ids[there] if there else None), name


EVENT_FIELDS = (
    "seq",
    "asked",
    "from_state",
    "to_state",
    "source",
    "actor_kind",
    "actor_id",
    "proven",
    "occurred_at",
    "effective_at",
    "recorded_at",
)
STATE_FIELDS = ("state", "epoch", "since", "source", "head_at", "head_seq")


def ledgers_with(*sources: Source) -> list[tuple[Channel, bytes]]:
    """Give some channels and keys of numbers with events of these sources."""
    chosen = select(ConsentEvent.channel, ConsentEvent.key).where(
        ConsentEvent.source.in_(sources), ConsentEvent.channel != Channel.EMAIL
    )
    return [(row.channel, row.key) for row in db.session.execute(chosen.distinct().limit(40))]


def again(
    event: ConsentEvent, detail: ConsentEventDetail, address: Address, ids: dict[int, int]
) -> int:
    """Let the service record what the demo did, for somebody else; gives the event's id."""
    actor = Actor(event.actor_kind, event.actor_id)
    if event.undoes_id is not None:
        undone = ids[event.undoes_id]
        return transaction(lambda: undo(undone, actor)).event_id
    evidence = dict(detail.evidence)
    reason = evidence.pop("reason", "")
    agreed_at = event.effective_at if evidence else None
    occurred_at = event.occurred_at if event.occurred_at != event.recorded_at else None
    wish = Wish(
        event.channel,
        address,
        event.asked,
        event.source,
        actor,
        occurred_at,
        evidence,
        agreed_at,
        detail.said,
        reason,
    )
    return transaction(lambda: change(wish)).event_id


def test_the_ledger_goes_on_where_the_demo_left_it() -> None:
    chosen = select(Contact).where(Contact.whatsapp_state == State.OPTED_IN, Contact.phone != "")
    contact = db.session.scalars(chosen.limit(1)).one()
    assert contact.phone is not None
    before = queries.history(Channel.WHATSAPP, contact.keys(Channel.WHATSAPP))[0][0]
    newest = db.session.scalar(select(func.max(ConsentEvent.id))) or 0
    result = record(address=Address(AddressKind.PHONE, contact.phone))
    event = db.session.get_one(ConsentEvent, result.event_id)
    assert event.id > newest
    assert (event.seq, event.prev) == (before.seq + 1, before.hash)
    assert db.session.get_one(Contact, contact.id).whatsapp_state is State.OPTED_OUT


def test_new_contacts_get_ids_of_their_own() -> None:
    actor = Actor(ActorKind.USER, 1)
    newest = db.session.scalar(select(func.max(Contact.id))) or 0
    draft = Draft(name="New", phone="+16505550100", attributes={"plan": "Pro", "vip": True})
    saved = transaction(lambda: create_contact(draft, actor))
    assert saved.contact.id > newest
    assert saved.contact.attributes == {"plan": "Pro", "vip": True}


def test_what_is_scheduled_may_leave_or_waits_for_review() -> None:
    waiting = Message.status == Status.SCHEDULED
    everything = set(db.session.scalars(select(Message.id).where(waiting)))
    held = set(db.session.scalars(select(Message.id).where(waiting, queries.is_held())))
    free = set(db.session.scalars(select(Message.id).where(waiting, queries.may_leave())))
    assert held | free == everything
    assert not held & free
    assert len(held) >= 2


def test_the_sandbox_takes_what_is_scheduled(config: Config) -> None:
    sandbox = create_sandbox(config)
    headers = {"Authorization": f"Bearer {config.whatsapp_token}"}
    url = f"/v23.0/{config.whatsapp_phone_number_id}/messages"
    waiting = db.session.scalars(select(Message).where(Message.status == Status.SCHEDULED)).all()
    assert any(message.template_id is None for message in waiting)
    taken = []
    for message in waiting:
        body = request_body(outgoing(message))
        answer = sandbox.test_client().post(
            url, data=body, headers=headers, content_type="application/json"
        )
        assert answer.status_code == 200, answer.text
        taken.append(answer.json["messages"][0]["id"])  # type: ignore[index]
    with open_store(config).read() as kept:
        found = [message_on_phone(kept, wamid) for wamid in taken]
    assert {one["status"] for one in found if one} == {"delivered"}
    assert [one["text"] for one in found if one] == [message.body for message in waiting]


def outgoing(message: Message) -> Outgoing:
    """Give a waiting message as it would be handed to the provider."""
    call = None
    if message.template_id is not None:
        template = db.session.get_one(Template, message.template_id)
        values = tuple(message.variables[name] for name in variable_names(template.body))
        call = TemplateCall(template.name, template.language, values)
    text = None if call else message.body
    return Outgoing(message.id, message.correlation, message.address, text, call)


def test_windows_are_open_on_both_sides_alike(config: Config) -> None:
    lately = clock.now() - timedelta(days=20)
    recent = select(Conversation).where(Conversation.last_inbound_at > lately)
    with open_store(config).read() as kept:
        for conversation in db.session.scalars(recent):
            phone = find_phone(kept, conversation.address)
            assert conversation.last_inbound_at is not None
            assert phone is not None
            assert phone["last_inbound_at"] >= conversation.last_inbound_at.timestamp()


def test_every_end_is_told_in_a_sentence() -> None:
    for message in db.session.scalars(select(Message).where(Message.reason.is_not(None))):
        assert message.reason is not None
        assert SENTENCES[message.reason] in explain(message)
    stopped = select(Message).where(Message.status == Status.CANCELLED, Message.event_id > 0)
    message = db.session.scalars(stopped.limit(1)).one()
    assert f"consent event {message.event_id}" in explain(message)


def test_timelines_tell_of_events_that_are_there() -> None:
    events = set(db.session.scalars(select(ConsentEvent.id)))
    told = [
        activity.data["event_id"]
        for activity in db.session.scalars(select(Activity).where(Activity.kind == "consent"))
    ]
    assert set(told) <= events
    assert max(Counter(told).values()) == 1
