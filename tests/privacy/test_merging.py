"""Merging: a no of either counts for both, a yes stays alone, and nothing is lost."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.database import Rows
from tests.people import (
    EVIDENCE,
    add_contact,
    add_message,
    phone,
    record,
    state_of,
    status_of,
    stored_and_folded,
)
from webapp.accounts.rules import CUSTOMER, PROVIDER, SYSTEM, Actor, ActorKind
from webapp.consent.holds import hold
from webapp.consent.queries import state_row
from webapp.consent.reviews import opt_out_review
from webapp.contacts.addresses import key_of
from webapp.contacts.models import Contact, FormerAddress
from webapp.contacts.rules import STRICTNESS, Address, AddressKind, Channel, Source, State
from webapp.contacts.tags import named
from webapp.conversations.models import Conversation
from webapp.core import clock
from webapp.core.db import db, transaction
from webapp.core.errors import Conflict, NotFound
from webapp.outbox.models import Message
from webapp.outbox.rules import Origin, Status
from webapp.privacy.merging import Merged, merge

ADMIN = Actor(ActorKind.USER, 1, "Ada")
A, B = phone("+491701111111"), phone("+491702222222")
MAIL = Address(AddressKind.EMAIL, "bea@example.com")


def two(**values: object) -> tuple[Contact, Contact]:
    """Add two contacts with a number each, the second with an email address too."""
    one = add_contact(A.value, "Ann Lee", attributes={"city": "Ulm"})
    other = add_contact(
        B.value,
        "A. Lee",
        email=MAIL.value,
        email_key=key_of(MAIL),
        attributes={"city": "Bonn", "vip": True},
        **values,
    )
    return one, other


def merged(keep: Contact, other: Contact) -> Merged:
    ids = (keep.id, other.id)
    db.session.rollback()
    return transaction(lambda: merge(*ids, ADMIN))


def test_the_kept_contact_gets_what_it_lacks_and_keeps_what_is_its_own(app: Flask) -> None:
    with app.app_context():
        ann, bea = two()
        transaction(lambda: setattr(bea, "tags", named(["vip", "shop"])))
        message = add_message(address=B, contact_id=bea.id, status=Status.SENT).id
        other_id = bea.id
        kept = merged(ann, bea).contact
        assert (kept.name, kept.phone, kept.email) == ("Ann Lee", A.value, MAIL.value)
        assert kept.attributes == {"city": "Ulm", "vip": True}
        assert sorted(tag.name for tag in kept.tags) == ["shop", "vip"]
        assert db.session.get(Contact, other_id) is None
        assert db.session.get_one(Message, message).contact_id == kept.id
        former = db.session.scalars(select(FormerAddress)).one()
        assert (former.contact_id, former.key) == (kept.id, key_of(B))


def test_an_opt_out_of_the_vanished_number_goes_along(app: Flask) -> None:
    with app.app_context():
        ann, bea = two()
        record(State.OPTED_IN, address=A)
        record(address=B, source=Source.KEYWORD)
        waiting = add_message(address=A).id
        done = merged(ann, bea)
        assert [change.channel for change in done.changes] == [Channel.WHATSAPP]
        assert (state_of(A), state_of(B)) == (State.OPTED_OUT, State.OPTED_OUT)
        assert state_of(A, Channel.SMS) is State.UNKNOWN
        assert db.session.get_one(Contact, done.contact.id).whatsapp_state is State.OPTED_OUT
        assert status_of(waiting) is Status.CANCELLED


def test_an_opt_in_of_the_vanished_number_does_not_go_along(app: Flask) -> None:
    with app.app_context():
        ann, bea = two()
        record(State.OPTED_IN, address=B)
        done = merged(ann, bea)
        assert (done.changes, state_of(A), state_of(B)) == ([], State.UNKNOWN, State.OPTED_IN)


def test_a_hold_of_the_other_holds_the_kept_number(app: Flask) -> None:
    with app.app_context():
        ann, bea = two()
        transaction(lambda: hold(Channel.WHATSAPP, B, "enough now", {}, actor=SYSTEM))
        kept = merged(ann, bea).contact
        assert kept.whatsapp_held
        row = state_row(Channel.WHATSAPP, key_of(A))
        assert row is not None
        assert row.held


def test_what_waits_at_the_vanished_number_is_cancelled_but_not_a_confirmation(app: Flask) -> None:
    with app.app_context():
        ann, bea = two()
        waiting = add_message(address=B, contact_id=bea.id).id
        confirmation = add_message(address=B, contact_id=bea.id, origin=Origin.CONFIRMATION).id
        assert merged(ann, bea).cancelled == [waiting]
        assert status_of(waiting) is Status.CANCELLED
        assert status_of(confirmation) is Status.SCHEDULED


def test_merging_twice_with_itself_or_with_nobody_is_refused(app: Flask) -> None:
    with app.app_context():
        ann, bea = two()
        ids = (ann.id, bea.id)
        with pytest.raises(Conflict):
            merged(ann, ann)
        merged(ann, bea)
        with pytest.raises(NotFound):
            transaction(lambda: merge(*ids, ADMIN))
        with pytest.raises(NotFound):
            transaction(lambda: merge(ids[1], ids[0], ADMIN))


STATES = st.sampled_from([None, State.OPTED_IN, State.OPTED_OUT])
CHANNELS = st.sampled_from([Channel.SMS, Channel.WHATSAPP])
PAST = st.lists(st.tuples(CHANNELS, st.sampled_from([A, B]), STATES, st.booleans()), max_size=6)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(past=PAST)
def test_whatever_stood_the_kept_contact_is_as_strict_as_both(
    app: Flask, rows: Rows, past: list[tuple[Channel, Address, State | None, bool]]
) -> None:
    with app.app_context():
        rows.restore()
        ann, bea = two()
        for channel, address, state, held in past:
            if state is not None:
                evidence = EVIDENCE if state is State.OPTED_IN else {}
                record(state, address=address, channel=channel, evidence=evidence)
            if held:
                transaction(partial(hold, channel, address, "no", {}, actor=SYSTEM))
        before = {(c, a): state_of(a, c) for c in Channel for a in (A, B)}
        held_before = {(c, a): is_held(c, a) for c in Channel for a in (A, B)}
        kept = merged(ann, bea).contact
        for channel in (Channel.SMS, Channel.WHATSAPP):
            after = state_of(A, channel)
            if State.OPTED_OUT in (before[channel, A], before[channel, B]):
                assert after is State.OPTED_OUT
            elif held_before[channel, A] or held_before[channel, B]:
                assert is_held(channel, A)
            assert STRICTNESS[after] >= STRICTNESS[before[channel, A]]
            assert state_of(B, channel) is before[channel, B]
            assert db.session.get_one(Contact, kept.id).state(channel) is after
            stored, folded = stored_and_folded(channel, key_of(A))
            assert stored == folded


def is_held(channel: Channel, address: Address) -> bool:
    row = state_row(channel, key_of(address))
    return row is not None and row.held


def test_conversations_and_the_timeline_come_together(app: Flask) -> None:
    with app.app_context():
        ann, bea = two()
        talk = Conversation(
            channel=Channel.WHATSAPP, key=key_of(B), address=B.value, contact_id=bea.id
        )
        db.session.add(talk)
        db.session.commit()
        talk_id = talk.id
        kept = merged(ann, bea).contact
        assert db.session.get_one(Conversation, talk_id).contact_id == kept.id


def ago(days: int) -> datetime:
    return clock.now() - timedelta(days=days)


@pytest.mark.usefixtures("context")
def test_a_newer_no_of_the_other_counts_also_where_the_kept_one_was_out_before() -> None:
    one, other = two()
    record(address=A, at=ago(10))
    record(address=B, source=Source.KEYWORD, actor=CUSTOMER, at=ago(1))
    merged(one, other)
    record(State.OPTED_IN, address=A, at=ago(5))
    assert state_of(A) is State.OPTED_OUT


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("theirs", [A, B])
def test_a_providers_resume_does_not_lift_what_a_merge_brought(theirs: Address) -> None:
    one, other = two()
    record(address=theirs, source=Source.PROVIDER, actor=PROVIDER, at=ago(1))
    record(address=B if theirs is A else A, source=Source.KEYWORD, actor=CUSTOMER, at=ago(10))
    merged(one, other)
    for address in (A, B):
        record(State.OPTED_IN, address=address, source=Source.PROVIDER, actor=PROVIDER)
    assert state_of(A) is State.OPTED_OUT


@pytest.mark.usefixtures("context")
def test_a_stop_at_the_number_that_a_merge_dropped_reaches_the_kept_contact() -> None:
    one, other = two()
    record(State.OPTED_IN, address=A)
    transaction(lambda: hold(Channel.WHATSAPP, B, "no more", {}, actor=CUSTOMER))
    kept = merged(one, other).contact.id
    record(address=B, source=Source.LINK, actor=CUSTOMER)
    assert (state_of(A), state_of(B)) == (State.OPTED_OUT, State.OPTED_OUT)
    contact = db.session.get_one(Contact, kept, populate_existing=True)
    assert (contact.whatsapp_state, contact.whatsapp_held) == (State.OPTED_OUT, False)


@pytest.mark.usefixtures("context")
def test_a_held_reply_of_the_other_decided_after_the_merge_opts_the_kept_contact_out() -> None:
    one, other = two()
    review = transaction(lambda: hold(Channel.WHATSAPP, B, "no more", {}, actor=CUSTOMER)).id
    record(State.OPTED_IN, address=A)
    merged(one, other)
    transaction(lambda: opt_out_review(review, ADMIN))
    assert (state_of(A), state_of(B)) == (State.OPTED_OUT, State.OPTED_OUT)
