"""A no beside somebody else's no is one of its own: who takes theirs back takes back theirs alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.people import add_contact, all_events, phone, record, state_of
from webapp.accounts.rules import CUSTOMER, PROVIDER, Actor, ActorKind
from webapp.consent import several, toggles
from webapp.consent.service import undo
from webapp.contacts.addresses import key_of
from webapp.contacts.rules import AddressKind, Channel, Source, State
from webapp.core import clock
from webapp.core.db import transaction
from webapp.core.errors import Conflict
from webapp.receipts.stopping import stop
from webapp.receipts.tokens import Purpose, Token

pytestmark = pytest.mark.usefixtures("context")
ADA, EVE = Actor(ActorKind.USER, 1, "Ada"), Actor(ActorKind.USER, 2, "Eve")
IN, OUT, WHATSAPP = State.OPTED_IN, State.OPTED_OUT, Channel.WHATSAPP


def opted_in() -> int:
    contact_id = add_contact().id
    record(IN, source=Source.KEYWORD, actor=CUSTOMER, at=clock.now() - timedelta(days=3))
    return contact_id


def stop_by_link() -> None:
    token = Token(Purpose.UNSUBSCRIBE, WHATSAPP, AddressKind.PHONE, key_of(phone()))
    transaction(lambda: stop(token, [WHATSAPP], {"how": "link"}))


def test_a_stop_by_link_outlives_the_undo_of_an_act_just_before_it() -> None:
    contact_id = opted_in()
    by_hand = transaction(lambda: toggles.opt_out(contact_id, WHATSAPP, ADA)).event_id
    stop_by_link()
    assert by_hand is not None
    with pytest.raises(Conflict):
        transaction(lambda: undo(by_hand, ADA))
    assert state_of() is OUT


def test_a_stop_by_link_outlives_the_providers_resume() -> None:
    add_contact()
    record(source=Source.PROVIDER, actor=PROVIDER, at=clock.now() - timedelta(seconds=30))
    stop_by_link()
    record(IN, source=Source.PROVIDER, actor=PROVIDER, evidence={})
    assert state_of() is OUT


@pytest.mark.parametrize("in_bulk", [False, True])
def test_a_colleagues_no_outlives_the_undo_of_the_first(in_bulk: bool) -> None:
    contact_id = opted_in()
    first = transaction(lambda: toggles.opt_out(contact_id, WHATSAPP, ADA)).event_id
    if in_bulk:
        transaction(lambda: several.opt_out([contact_id], [WHATSAPP], EVE))
    else:
        transaction(lambda: toggles.opt_out(contact_id, WHATSAPP, EVE))
    assert first is not None
    with pytest.raises(Conflict):
        transaction(lambda: undo(first, ADA))
    assert state_of() is OUT


def test_a_second_click_writes_no_second_event() -> None:
    contact_id = opted_in()
    for _ in range(2):
        transaction(lambda: toggles.opt_out(contact_id, WHATSAPP, ADA))
    assert len(all_events()) == 2


def test_a_link_that_is_sent_twice_writes_no_second_event() -> None:
    opted_in()
    for _ in range(2):
        stop_by_link()
    assert len(all_events()) == 2
