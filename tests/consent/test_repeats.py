"""A no that is said again, or goes along, is never lost; and nobody undoes what a customer did."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.people import (
    EVIDENCE,
    NUMBER,
    add_contact,
    add_user,
    all_events,
    phone,
    record,
    state_of,
)
from webapp.accounts import settings
from webapp.accounts.rules import CUSTOMER, SYSTEM, Actor
from webapp.consent import several, toggles
from webapp.consent.moves import address_changed
from webapp.consent.service import change_many, undo
from webapp.consent.takebacks import take_back_all
from webapp.consent.toggles import Record
from webapp.consent.undoing import take_back
from webapp.consent.wishes import Wish
from webapp.contacts.addresses import key_of
from webapp.contacts.rules import Address, AddressKind, Channel, Source, State
from webapp.core import clock
from webapp.core.db import transaction
from webapp.core.errors import Conflict

pytestmark = pytest.mark.usefixtures("context")
OUT, IN = State.OPTED_OUT, State.OPTED_IN
SMS, WHATSAPP = Channel.SMS, Channel.WHATSAPP
USER_ID = Address(AddressKind.WHATSAPP_ID, "US.13491208655302741918")
DAY = timedelta(days=1)


def wish(channel, asked, days_ago, address=None, **values):
    evidence = EVIDENCE if asked is IN else {}
    moment = clock.now() - days_ago * DAY
    return Wish(
        channel,
        address or phone(),
        asked,
        Source.API,
        SYSTEM,
        moment,
        evidence=evidence,
        **values,
    )


def test_a_later_opt_out_counts_though_an_earlier_one_went_along_to_it() -> None:
    add_contact()
    transaction(lambda: settings.write("consent", {"stop_on_one_stops_all": True}))
    wishes = [wish(SMS, OUT, 900), wish(SMS, IN, 600), wish(WHATSAPP, OUT, 300)]
    transaction(lambda: change_many(wishes))
    assert state_of(channel=SMS) is OUT
    assert state_of(channel=WHATSAPP) is OUT


def test_a_later_opt_out_of_the_persons_other_address_counts() -> None:
    add_contact(whatsapp_id=USER_ID.value, whatsapp_id_key=key_of(USER_ID))
    wishes = [wish(WHATSAPP, OUT, 900), wish(WHATSAPP, OUT, 300, USER_ID)]
    transaction(lambda: change_many(wishes))
    record(IN, at=clock.now() - 600 * DAY)
    assert state_of() is OUT


def test_one_stop_that_names_both_addresses_is_recorded_once_for_each() -> None:
    add_contact(whatsapp_id=USER_ID.value, whatsapp_id_key=key_of(USER_ID))
    one = wish(WHATSAPP, OUT, 1)
    same = wish(WHATSAPP, OUT, 1, USER_ID)
    wishes = [one, Wish(**{**vars(same), "occurred_at": one.occurred_at})]
    changes = transaction(lambda: change_many(wishes))
    assert [change.state for change in changes] == [OUT, OUT]
    assert len(all_events()) == 2


def say_no_by_toggle(contact_id: int, actor: Actor) -> None:
    toggles.opt_out(contact_id, WHATSAPP, actor)


def say_no_by_dialog(contact_id: int, actor: Actor) -> None:
    several.opt_out([contact_id], [WHATSAPP], actor)


@pytest.mark.parametrize("say_no", [say_no_by_toggle, say_no_by_dialog])
def test_a_no_that_is_said_again_stands_against_a_consent_shown_later(say_no) -> None:
    contact, user = add_contact(), add_user()
    record(at=clock.now() - 900 * DAY)
    transaction(lambda: say_no(contact.id, user.actor()))
    record(IN, evidence_at=clock.now() - 600 * DAY)
    assert state_of() is OUT


@pytest.mark.parametrize("say_no", [say_no_by_toggle, say_no_by_dialog])
def test_a_second_click_writes_no_second_event(say_no) -> None:
    contact, user = add_contact(), add_user()
    for _ in range(2):
        transaction(lambda: say_no(contact.id, user.actor()))
    assert len(all_events()) == 1


def test_a_stop_that_an_edit_carried_to_a_new_number_is_not_undone() -> None:
    editor, new = add_user(), phone("+16505559999")
    add_contact()
    record(source=Source.KEYWORD, actor=CUSTOMER)
    moved = transaction(
        lambda: address_changed(key_of(phone()), AddressKind.PHONE, new, editor.actor())
    )
    with pytest.raises(Conflict):
        transaction(lambda: undo(moved[0].event_id, editor.actor()))
    assert state_of(new) is OUT


def test_nor_one_that_a_colleague_noted() -> None:
    colleague, editor = add_user(), add_user(email="editor@heed.example")
    new = phone("+16505559999")
    record(source=Source.MANUAL, actor=colleague.actor())
    moved = transaction(
        lambda: address_changed(key_of(phone()), AddressKind.PHONE, new, editor.actor())
    )
    with pytest.raises(Conflict):
        transaction(lambda: undo(moved[0].event_id, editor.actor()))


@pytest.mark.parametrize("source", [Source.IMPORT, Source.REVIEW, Source.API, Source.KEYWORD])
def test_only_what_was_done_by_hand_can_be_undone(source: Source) -> None:
    user = add_user()
    out = record(source=source, actor=user.actor())
    with pytest.raises(Conflict):
        transaction(lambda: undo(out.event_id, user.actor()))
    assert state_of() is OUT


def test_a_second_undo_speaks_for_the_opt_out_that_the_first_restored() -> None:
    contact, user = add_contact(), add_user()
    record(at=clock.now() - DAY)
    agreed = Record("phone", "call", "Yes, write me.")
    came_in = transaction(lambda: toggles.opt_in(contact.id, WHATSAPP, agreed, user.actor()))
    assert came_in.event_id is not None
    transaction(lambda: take_back(came_in.event_id or 0, user.actor()))
    again = transaction(lambda: take_back_all([came_in.event_id or 0], user.actor()))
    assert again.changes == []
    assert again.places == [(WHATSAPP, key_of(phone(NUMBER)))]
