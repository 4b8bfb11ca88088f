"""How few statements a consent change takes; one more of them is a decision, not an accident."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from tests.counting import counted_queries
from tests.people import add_contact, add_message, add_user, phone, record
from webapp.accounts import settings
from webapp.accounts.rules import SYSTEM
from webapp.consent import toggles
from webapp.consent.service import change_many, settle
from webapp.consent.toggles import Record
from webapp.consent.wishes import Wish
from webapp.contacts.addresses import key_of
from webapp.contacts.rules import Address, AddressKind, Channel, Source, State
from webapp.core import clock
from webapp.core.db import db, transaction
from webapp.outbox.rules import Status

pytestmark = pytest.mark.usefixtures("context")

AGREED = Record("In person", "The shop", "Yes, message me.")
# Whose address it is and the lock, before what is read under it: SQLite needs neither.
LOCKING = {"sqlite": 0, "postgres": 2}
# What is found; event and state; the copy; detail, timeline and news at the end.
CHANGE = 7


def test_a_toggle_with_nothing_waiting(app: Flask, db_kind: str) -> None:
    contact_id, actor = add_contact().id, add_user().actor()
    db.session.commit()
    with counted_queries(app) as statements:
        done = transaction(lambda: toggles.opt_out(contact_id, Channel.WHATSAPP, actor))
        settle(done.changes, also=done.places)
    assert len(statements) == LOCKING[db_kind] + CHANGE, "\n".join(statements)


def test_opting_in_by_hand(app: Flask, db_kind: str) -> None:
    contact_id, actor = add_contact().id, add_user().actor()
    db.session.commit()
    with counted_queries(app) as statements:
        done = transaction(lambda: toggles.opt_in(contact_id, Channel.WHATSAPP, AGREED, actor))
        settle(done.changes, also=done.places)
    assert len(statements) == LOCKING[db_kind] + CHANGE, "\n".join(statements)


def test_thirty_waiting_messages_take_as_many_statements_as_one(app: Flask, db_kind: str) -> None:
    contact_id, actor = add_contact().id, add_user().actor()
    later = clock.now() + timedelta(days=3)
    for _ in range(30):
        add_message(contact_id=contact_id, send_at=later)
    with counted_queries(app) as statements:
        done = transaction(lambda: toggles.opt_out(contact_id, Channel.WHATSAPP, actor))
        settle(done.changes, also=done.places)
    assert done.cancelled == 30
    # The cancellation, what is under way, and the news by itself, since a job takes its id.
    assert len(statements) == LOCKING[db_kind] + CHANGE + 2, "\n".join(statements)


def test_a_second_click_writes_nothing(app: Flask, db_kind: str) -> None:
    contact_id, actor = add_contact().id, add_user().actor()
    record()
    with counted_queries(app) as statements:
        done = transaction(lambda: toggles.opt_out(contact_id, Channel.WHATSAPP, actor))
        settle(done.changes, also=done.places)
    assert done.event_id is None
    # What is under way is asked once more: the first click may not be answered yet.
    assert len(statements) == LOCKING[db_kind] + 2, "\n".join(statements)


def test_the_lines_of_many_changes_are_written_together(app: Flask, db_kind: str) -> None:
    numbers = [f"+1650555{number:04}" for number in range(20)]
    wishes = [
        Wish(Channel.SMS, phone(number), State.OPTED_OUT, Source.IMPORT, SYSTEM)
        for number in numbers
    ]
    with counted_queries(app) as statements:
        transaction(lambda: change_many(wishes))
    inserts = [
        s for s in statements if s.startswith(("INSERT INTO consent_event_d", "INSERT INTO events"))
    ]
    assert len(inserts) == 2


def test_two_addresses_of_a_person_share_one_copy(app: Flask) -> None:
    user_id = Address(AddressKind.WHATSAPP_ID, "US.13491208655302741918")
    add_contact(whatsapp_id=user_id.value, whatsapp_id_key=key_of(user_id))
    db.session.commit()
    with counted_queries(app) as statements:
        record()
    assert sum(s.startswith("UPDATE contacts") for s in statements) == 1


def test_where_one_stop_stops_all_every_channel_is_locked_before_it_is_read(
    app: Flask, db_kind: str
) -> None:
    transaction(lambda: settings.write("consent", {"stop_on_one_stops_all": True}))
    add_contact()
    change = record()
    assert {each.channel for each in change.along} == {Channel.SMS, Channel.VOICE}
    assert {each.state for each in change.along} == {State.OPTED_OUT}


def test_nobody_waits_where_no_claim_was_under_way(app: Flask) -> None:
    change = record()
    # A claim that comes after the change is of something that it does not forbid.
    add_message(status=Status.SENDING, begin_by=clock.now() + timedelta(minutes=1))
    with counted_queries(app) as statements:
        settle([change])
    assert statements == []
