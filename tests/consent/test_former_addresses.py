"""Numbers come and go: a no stays with the person, and nothing leaves for a number they left."""

from __future__ import annotations

import pytest

from tests.people import (
    NUMBER,
    add_contact,
    add_message,
    phone,
    record,
    state_of,
    status_of,
)
from webapp.accounts import settings
from webapp.accounts.rules import CUSTOMER, SYSTEM
from webapp.consent.by_key import change_by_key, nameless
from webapp.consent.holds import hold
from webapp.consent.saving import Saved, update_contact
from webapp.consent.wishes import Wish
from webapp.contacts.addresses import key_of
from webapp.contacts.models import Contact
from webapp.contacts.rules import Address, AddressKind, Channel, Source, State
from webapp.contacts.service import Draft
from webapp.core import clock
from webapp.core.db import db, transaction
from webapp.outbox import service as outbox
from webapp.outbox.models import Message
from webapp.outbox.rules import Category, Origin, Reason, Status

pytestmark = pytest.mark.usefixtures("context")
OTHER, THIRD = "+16505559876", "+16505550000"
OUT, IN, UNKNOWN = State.OPTED_OUT, State.OPTED_IN, State.UNKNOWN
SMS, WHATSAPP = Channel.SMS, Channel.WHATSAPP


def edit(
    contact: Contact, name: str | None = None, phone: str | None = None, email: str | None = None
) -> Saved:
    contact_id, draft = contact.id, Draft(name, phone, email)
    return transaction(lambda: update_contact(contact_id, draft, SYSTEM))


def without_number(contact: Contact) -> None:
    edit(contact, phone="", email="ann@heed.example")


def test_a_number_taken_away_first_and_replaced_later_hands_its_no_on() -> None:
    ann = add_contact()
    record(source=Source.KEYWORD)
    without_number(ann)
    saved = edit(ann, phone=OTHER)
    assert [change.state for change in saved.carried] == [OUT]
    assert state_of(phone(OTHER)) is OUT
    assert state_of(phone(OTHER), SMS) is UNKNOWN
    assert db.session.get_one(Contact, ann.id).whatsapp_state is OUT


def test_a_no_that_came_after_the_number_was_taken_away_is_handed_on_too() -> None:
    ann = add_contact()
    without_number(ann)
    record(source=Source.KEYWORD, channel=SMS)
    edit(ann, phone=OTHER)
    assert state_of(phone(OTHER), SMS) is OUT


def test_what_the_next_owner_of_a_number_says_there_is_theirs_alone() -> None:
    ann = add_contact()
    without_number(ann)
    add_contact(NUMBER, "Ben")
    record(source=Source.KEYWORD)
    edit(ann, phone=OTHER)
    assert state_of(phone(OTHER)) is UNKNOWN


def test_the_next_owners_start_does_not_take_the_no_back() -> None:
    ann = add_contact()
    record(source=Source.KEYWORD)
    without_number(ann)
    add_contact(NUMBER, "Ben")
    record(IN, source=Source.KEYWORD)
    edit(ann, phone=OTHER)
    assert (state_of(phone()), state_of(phone(OTHER))) == (IN, OUT)


def test_a_no_is_handed_on_once_and_a_start_after_it_counts() -> None:
    ann = add_contact()
    record(source=Source.KEYWORD)
    without_number(ann)
    edit(ann, phone=OTHER)
    record(IN, source=Source.KEYWORD, address=phone(OTHER))
    edit(ann, phone=THIRD)
    assert state_of(phone(THIRD)) is UNKNOWN


def test_an_opt_in_is_not_handed_on() -> None:
    ann = add_contact()
    record(IN)
    without_number(ann)
    edit(ann, phone=OTHER)
    assert state_of(phone(OTHER)) is UNKNOWN


def test_a_hold_is_handed_on() -> None:
    ann = add_contact()
    transaction(lambda: hold(WHATSAPP, phone(), "please no more", {}, actor=CUSTOMER))
    without_number(ann)
    edit(ann, phone=OTHER)
    assert db.session.get_one(Contact, ann.id, populate_existing=True).whatsapp_held


def test_the_same_number_given_back_gets_no_event_of_its_own() -> None:
    ann = add_contact()
    record(source=Source.KEYWORD)
    without_number(ann)
    assert not edit(ann, phone=NUMBER).carried
    assert db.session.get_one(Contact, ann.id).whatsapp_state is OUT


@pytest.mark.parametrize("new", [OTHER, ""])
def test_what_waits_for_a_number_that_they_left_is_cancelled(new: str) -> None:
    ann = add_contact(email="a@heed.example")
    waits = add_message(contact_id=ann.id).id
    text = add_message(contact_id=ann.id, channel=SMS, category=Category.UTILITY).id
    confirmation = add_message(contact_id=ann.id, origin=Origin.CONFIRMATION).id
    of_another = add_message().id
    saved = edit(ann, phone=new)
    assert sorted(saved.cancelled) == [waits, text]
    ended = db.session.get_one(Message, waits, populate_existing=True)
    assert (ended.status, ended.reason) == (Status.CANCELLED, Reason.ADDRESS_CHANGED)
    assert status_of(confirmation) is status_of(of_another) is Status.SCHEDULED


def test_an_edit_of_the_name_cancels_nothing() -> None:
    ann = add_contact()
    waits = add_message(contact_id=ann.id).id
    assert not edit(ann, name="Ann O'Brien", phone=NUMBER).cancelled
    assert status_of(waits) is Status.SCHEDULED


def test_what_is_being_sent_does_not_wait_again_for_a_number_that_was_left() -> None:
    ann = add_contact()
    sending = add_message(contact_id=ann.id, status=Status.SENDING, claim_token="t").id
    edit(ann, phone=OTHER)
    transaction(lambda: outbox.release(sending, "t", not_before=clock.now(), reason=None))
    ended = db.session.get_one(Message, sending, populate_existing=True)
    assert (ended.status, ended.reason) == (Status.CANCELLED, Reason.ADDRESS_CHANGED)


def test_what_is_given_back_waits_again_for_a_number_that_is_still_theirs() -> None:
    ann = add_contact()
    sending = add_message(contact_id=ann.id, status=Status.SENDING, claim_token="t").id
    transaction(lambda: outbox.release(sending, "t", not_before=clock.now(), reason=None))
    assert status_of(sending) is Status.SCHEDULED


@pytest.mark.parametrize("by_key", [False, True])
def test_a_no_at_a_number_that_was_left_reaches_who_left_it(by_key: bool) -> None:
    """Also by a link, which may know the key alone."""
    mail = Address(AddressKind.EMAIL, "ann@heed.example")
    ann = add_contact(email=mail.value, email_key=key_of(mail))
    transaction(lambda: settings.write("consent", {"stop_on_one_stops_all": True}))
    edit(ann, phone="")
    if by_key:
        wish = Wish(SMS, nameless(AddressKind.PHONE), OUT, Source.LINK, CUSTOMER)
        transaction(lambda: change_by_key([wish], AddressKind.PHONE, key_of(phone())))
    else:
        record(source=Source.KEYWORD, channel=SMS)
    assert state_of(phone(), SMS) is OUT
    assert state_of(mail, Channel.EMAIL) is OUT
