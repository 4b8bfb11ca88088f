"""consent.service.change: one writer, one event, everything that follows in one transaction."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from tests.people import (
    EVIDENCE,
    NUMBER,
    add_contact,
    add_message,
    add_user,
    all_events,
    all_states,
    phone,
    record,
    state_of,
    status_of,
    stored_and_folded,
)
from webapp.accounts.rules import CUSTOMER, PROVIDER, SYSTEM
from webapp.consent.chain import FIRST, commitment
from webapp.consent.holds import hold
from webapp.consent.models import ConsentEvent, ConsentEventDetail, Review
from webapp.consent.service import change_many, settle, undo
from webapp.consent.wishes import Wish
from webapp.contacts.addresses import key_of
from webapp.contacts.models import Contact
from webapp.contacts.rules import Address, AddressKind, Channel, Source, State, provider_address
from webapp.core import clock
from webapp.core.db import db, transaction
from webapp.core.errors import Conflict, Invalid
from webapp.outbox.models import Message
from webapp.outbox.rules import Category, Origin, Reason, Status

pytestmark = pytest.mark.usefixtures("context")
MINUTE = timedelta(minutes=1)


def test_an_opt_out_writes_event_state_copy_and_timeline_together() -> None:
    contact = add_contact()
    change = record(source=Source.API)
    assert (change.before, change.state, change.changed) == (State.UNKNOWN, State.OPTED_OUT, True)
    db.session.refresh(contact)
    assert contact.whatsapp_state is State.OPTED_OUT
    assert contact.whatsapp_source is Source.API
    assert contact.sms_state is State.UNKNOWN
    assert [event.to_state for event in all_events()] == [State.OPTED_OUT]


def test_opting_in_without_evidence_is_refused_also_from_unknown() -> None:
    with pytest.raises(Invalid) as caught:
        record(State.OPTED_IN, evidence={})
    assert caught.value.field == "evidence"
    assert all_events() == []


def test_an_opt_in_dated_in_the_future_is_refused() -> None:
    with pytest.raises(Invalid):
        record(State.OPTED_IN, at=clock.now() + timedelta(days=1))


def test_an_opt_out_dated_in_the_future_cannot_silence_a_later_opt_in() -> None:
    record(at=clock.now() + timedelta(days=365))
    assert state_of() is State.OPTED_OUT
    assert all_events()[0].effective_at <= clock.now()


def test_evidence_older_than_the_opt_out_changes_nothing_but_is_kept() -> None:
    record(at=clock.now() - timedelta(days=1))
    change = record(State.OPTED_IN, evidence_at=clock.now() - timedelta(days=30))
    assert (change.superseded, change.changed, change.state) == (True, False, State.OPTED_OUT)
    assert len(all_events()) == 2


def test_a_start_lifts_an_opt_out_of_any_source() -> None:
    record(source=Source.MANUAL, at=clock.now() - timedelta(hours=1))
    record(State.OPTED_IN, source=Source.KEYWORD, actor=CUSTOMER, evidence={})
    assert state_of() is State.OPTED_IN


def test_a_providers_resume_does_not_lift_a_stop() -> None:
    record(source=Source.KEYWORD, actor=CUSTOMER, at=clock.now() - timedelta(hours=1))
    record(State.OPTED_IN, source=Source.PROVIDER, actor=PROVIDER, evidence={})
    assert state_of() is State.OPTED_OUT


def test_a_late_older_event_is_folded_in_where_it_belongs() -> None:
    now = clock.now()
    record(State.OPTED_IN, at=now - timedelta(hours=1))
    late = record(source=Source.KEYWORD, actor=CUSTOMER, at=now - timedelta(hours=2))
    assert late.superseded
    assert state_of() is State.OPTED_IN
    stored, folded = stored_and_folded(Channel.WHATSAPP, key_of(phone()))
    assert stored == folded


def test_the_epoch_counts_how_often_a_person_was_opted_out() -> None:
    now = clock.now()
    for hours, asked in ((4, State.OPTED_OUT), (3, State.OPTED_OUT), (2, State.OPTED_IN)):
        record(asked, at=now - timedelta(hours=hours))
    record(State.OPTED_OUT)
    assert all_states()[0].epoch == 2


def test_what_waits_is_cancelled_with_its_reason_and_event() -> None:
    message = add_message()
    change = record()
    assert change.cancelled == (message.id,)
    row = db.session.get_one(Message, message.id, populate_existing=True)
    assert (row.status, row.reason, row.event_id) == (
        Status.CANCELLED,
        Reason.OPTED_OUT,
        change.event_id,
    )


def test_other_peoples_messages_and_other_channels_stay() -> None:
    other = add_message(address=phone("+16505550000"))
    sms = add_message(channel=Channel.SMS)
    record()
    assert status_of(other.id) is Status.SCHEDULED
    assert status_of(sms.id) is Status.SCHEDULED


def test_utility_stays_on_whatsapp_and_goes_on_sms() -> None:
    kept = add_message(category=Category.UTILITY)
    gone = add_message(category=Category.UTILITY, channel=Channel.SMS)
    record()
    record(channel=Channel.SMS)
    assert status_of(kept.id) is Status.SCHEDULED
    assert status_of(gone.id) is Status.CANCELLED


def test_opting_back_in_requeues_nothing() -> None:
    message = add_message()
    record(at=clock.now() - timedelta(hours=1))
    record(State.OPTED_IN)
    assert status_of(message.id) is Status.CANCELLED


def test_a_warning_that_was_seen_covers_only_that_opt_out() -> None:
    first = record(at=clock.now() - timedelta(hours=1))
    manual = add_message(origin=Origin.MANUAL, override_event_id=first.event_id, epoch=1)
    record(source=Source.KEYWORD, actor=CUSTOMER)
    assert status_of(manual.id) is Status.CANCELLED


def test_the_other_address_of_a_person_is_opted_out_with_the_first() -> None:
    user_id = Address(AddressKind.WHATSAPP_ID, "US.13491208655302741918")
    contact = add_contact(whatsapp_id=user_id.value, whatsapp_id_key=key_of(user_id))
    record(address=user_id, source=Source.KEYWORD, actor=CUSTOMER)
    assert state_of(phone()) is State.OPTED_OUT
    db.session.refresh(contact)
    assert contact.whatsapp_state is State.OPTED_OUT


def test_the_door_waits_for_claims_on_every_address_that_an_opt_out_reached() -> None:
    user_id = Address(AddressKind.WHATSAPP_ID, "US.13491208655302741918")
    add_contact(whatsapp_id=user_id.value, whatsapp_id_key=key_of(user_id))
    soon = clock.now() + timedelta(seconds=1)
    add_message(status=Status.SENDING, claim_token="t", begin_by=soon)
    settle([record(address=user_id)])
    assert clock.now() >= soon


def test_of_two_addresses_the_stricter_counts() -> None:
    user_id = Address(AddressKind.WHATSAPP_ID, "US.13491208655302741918")
    contact = add_contact(whatsapp_id=user_id.value, whatsapp_id_key=key_of(user_id))
    record(address=user_id, at=clock.now() - timedelta(hours=1))
    record(State.OPTED_IN, source=Source.KEYWORD, actor=CUSTOMER, evidence={})
    db.session.refresh(contact)
    assert state_of(phone()) is State.OPTED_IN
    assert contact.whatsapp_state is State.OPTED_OUT


def test_an_old_spelling_of_a_mexican_or_brazilian_number_is_the_same_line() -> None:
    assert key_of(phone("+5215512345678")) == key_of(phone("+525512345678"))
    assert key_of(phone("+551187654321")) == key_of(phone("+5511987654321"))
    assert key_of(phone("+551133334444")) != key_of(phone("+5511933334444"))


def test_undo_restores_the_state_before_and_cancelled_messages_stay_cancelled() -> None:
    user = add_user()
    message = add_message()
    out = record(source=Source.MANUAL, actor=user.actor())
    undone = transaction(lambda: undo(out.event_id, user.actor()))
    assert undone.state is State.UNKNOWN
    assert status_of(message.id) is Status.CANCELLED
    stored, folded = stored_and_folded(Channel.WHATSAPP, key_of(phone()))
    assert stored == folded


def test_undoing_an_opt_out_holds_again_what_the_customer_wrote() -> None:
    user = add_user()
    add_contact()
    transaction(lambda: hold(Channel.WHATSAPP, phone(), "stop that", {}, actor=CUSTOMER))
    out = record(source=Source.MANUAL, actor=user.actor())
    assert not all_states()[0].held
    transaction(lambda: undo(out.event_id, user.actor()))
    assert all_states()[0].held
    assert db.session.query(Review).one().decided_at is None


def test_user_ids_that_differ_have_keys_that_differ() -> None:
    ids = ("US.abc_def-1", "US.abc_xyz-1", "US.1")
    assert len({key_of(provider_address(text)) for text in ids}) == 3


def test_only_ones_own_last_change_can_be_undone() -> None:
    ann, bob = add_user(), add_user(email="bob@heed.example")
    out = record(source=Source.MANUAL, actor=ann.actor())
    with pytest.raises(Conflict):
        transaction(lambda: undo(out.event_id, bob.actor()))
    record(source=Source.KEYWORD, actor=CUSTOMER)
    with pytest.raises(Conflict):
        transaction(lambda: undo(out.event_id, ann.actor()))
    assert state_of() is State.OPTED_OUT


@pytest.mark.parametrize("table", [ConsentEvent, ConsentEventDetail])
def test_the_database_refuses_to_change_the_ledger(
    table: type[ConsentEvent] | type[ConsentEventDetail],
) -> None:
    record()
    with pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(update(table).values({table.__table__.columns.keys()[-1]: None}))
    db.session.rollback()
    with pytest.raises(DBAPIError, match=r"append-only|FOREIGN KEY|foreign key"):
        db.session.execute(delete(ConsentEvent))
    db.session.rollback()


def test_each_event_links_to_the_one_before_and_commits_to_its_detail() -> None:
    record(at=clock.now() - timedelta(hours=2), said="STOP", source=Source.KEYWORD)
    record(State.OPTED_IN)
    first, second = all_events()
    assert first.prev == FIRST
    assert second.prev == first.hash
    assert [first.seq, second.seq] == [1, 2]
    detail = db.session.get_one(ConsentEventDetail, first.id)
    assert first.commitment == commitment(detail.salt, detail.address, detail.said, detail.evidence)
    assert detail.said == "STOP"
    assert db.session.get_one(ConsentEventDetail, second.id).evidence == EVIDENCE


def test_a_change_that_fails_leaves_nothing() -> None:
    add_contact()
    wishes = [
        Wish(Channel.WHATSAPP, phone(), State.OPTED_OUT, Source.API, SYSTEM),
        Wish(Channel.SMS, phone(), State.OPTED_IN, Source.API, SYSTEM),
    ]
    with pytest.raises(Invalid):
        transaction(lambda: change_many(wishes))
    assert all_events() == []
    assert db.session.scalar(select(Contact.whatsapp_state).where(Contact.phone == NUMBER)) is (
        State.UNKNOWN
    )
