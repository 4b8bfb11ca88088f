"""Erasing and merging beside a STOP and a claim, statement by statement.

Every schedule in which the one has done k statements when the other runs to its end, or waits for
its lock: no STOP is lost, nothing leaves for an erased person, and no number comes back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.consent.stepping import Actor, install
from tests.database import Rows
from tests.people import add_contact, add_message, all_events, phone, stored_and_folded
from webapp.accounts.rules import CUSTOMER, SYSTEM
from webapp.consent import service
from webapp.consent.queries import state_row
from webapp.consent.wishes import Wish
from webapp.contacts.addresses import key_of
from webapp.contacts.models import Contact
from webapp.contacts.rules import Channel, Source, State
from webapp.core.db import db, transaction
from webapp.core.errors import HeedError
from webapp.delivery import claims, outcomes
from webapp.outbox.models import Message
from webapp.outbox.rules import Status
from webapp.privacy.erasure import erase
from webapp.privacy.merging import merge

pytestmark = pytest.mark.postgres
A, B = phone("+491701111111"), phone("+491702222222")
Work = Callable[[], Any]


@pytest.fixture
def stage(app: Flask, rows: Rows) -> Iterator[Callable[[Work], Actor]]:
    with app.app_context():
        remove = install(db.engine)
        yield lambda work: Actor(app, db.engine, work)
        remove()
        db.session.rollback()


def erases() -> None:
    """An admin erases the first contact, and is answered when nothing can leave any more."""
    done = transaction(lambda: erase(1, SYSTEM))
    service.settle(done.changes, also=done.places)


def merges() -> None:
    """An admin merges the second contact into the first."""
    service.settle(transaction(lambda: merge(1, 2, SYSTEM)).changes)


def stops(address: Any = A) -> None:
    """The customer's STOP as a door takes it."""
    wish = Wish(Channel.WHATSAPP, address, State.OPTED_OUT, Source.KEYWORD, CUSTOMER)
    service.settle([transaction(lambda: service.change(wish))])


def stops_on_the_other() -> None:
    """The STOP comes from the number that the merge lets go of."""
    stops(B)


def claims_all() -> list[claims.Claim]:
    """A worker takes whatever waits."""
    ids = list(db.session.scalars(select(Message.id).where(Message.status == Status.SCHEDULED)))
    db.session.rollback()
    return claims.claim(ids)


def schedules(
    stage: Callable[[Work], Actor], rows: Rows, prepare: Work, first: Work, second: Work
) -> Iterator[tuple[Actor, Actor]]:
    """Give the two actors of each schedule when both have ended."""
    k, more = 0, True
    while more:
        prepare()
        db.session.rollback()
        one = stage(first)
        for _ in range(k):
            more = one.step()
            if not more:
                break
        two = stage(second)
        two.steps(1000)  # to its end, or to where it waits for a lock
        for actor in (one, two):
            with suppress(HeedError):
                actor.finish()
        yield one, two
        db.session.rollback()
        rows.restore()
        k += 1
    assert k > 5


def two_people() -> None:
    """Two contacts, each with a message that waits."""
    add_contact(A.value, id=1)
    add_contact(B.value, id=2)
    add_message(address=A, contact_id=1)


@pytest.mark.parametrize("turn", [False, True])
def test_a_stop_that_arrives_while_a_person_is_erased_is_not_lost(
    stage: Callable[[Work], Actor], rows: Rows, turn: bool
) -> None:
    pair = (stops, erases) if turn else (erases, stops)
    for _ in schedules(stage, rows, two_people, *pair):
        row = state_row(Channel.WHATSAPP, key_of(A))
        assert row is not None
        assert row.state is State.OPTED_OUT
        assert len(all_events()) == 1
        assert db.session.get(Contact, 1) is None
        stored, folded = stored_and_folded(Channel.WHATSAPP, key_of(A))
        assert stored == folded


@pytest.mark.parametrize("turn", [False, True])
def test_nothing_begins_to_leave_after_an_erasure_is_answered(
    stage: Callable[[Work], Actor], rows: Rows, turn: bool
) -> None:
    pair = (claims_all, erases) if turn else (erases, claims_all)
    for one, two in schedules(stage, rows, two_people, *pair):
        taken = one.result or two.result or []
        assert not [claim for claim in taken if claim.may_begin()]
        outcomes.record([(claim, None) for claim in taken])
        message = db.session.scalars(select(Message)).one()
        assert message.status is Status.CANCELLED
        assert (message.address, message.body, message.contact_id) == ("", "", None)


@pytest.mark.parametrize("turn", [False, True])
def test_a_stop_on_the_others_number_counts_whenever_it_comes_beside_a_merge(
    stage: Callable[[Work], Actor], rows: Rows, turn: bool
) -> None:
    pair = (stops_on_the_other, merges) if turn else (merges, stops_on_the_other)
    for one, two in schedules(stage, rows, two_people, *pair):
        assert one.error is None
        assert two.error is None
        row = state_row(Channel.WHATSAPP, key_of(B))
        assert row is not None
        assert row.state is State.OPTED_OUT
        kept = db.session.get_one(Contact, 1)
        shown = state_row(Channel.WHATSAPP, key_of(A))
        assert kept.whatsapp_state is (shown.state if shown else State.UNKNOWN)
        before = all_events()[0].key == key_of(B) and len(all_events()) > 1
        after = shown is None or shown.state is State.UNKNOWN
        assert before or after


def test_of_two_merges_at_once_one_is_refused(stage: Callable[[Work], Actor], rows: Rows) -> None:
    def backwards() -> None:
        transaction(lambda: merge(2, 1, SYSTEM))

    for one, two in schedules(stage, rows, two_people, merges, backwards):
        assert [isinstance(actor.error, HeedError) for actor in (one, two)].count(True) == 1
        assert len(db.session.scalars(select(Contact.id)).all()) == 1
