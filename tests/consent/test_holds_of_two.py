"""A hold lasts as long as a reply is open that it is about, and no longer, also between two people."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.database import Rows
from tests.people import add_contact, phone, record
from webapp.accounts.rules import CUSTOMER, SYSTEM
from webapp.consent.holds import hold
from webapp.consent.models import Review
from webapp.consent.moves import whatsapp_id_learnt
from webapp.consent.queries import state_row
from webapp.consent.reviews import dismiss_review, opt_out_review
from webapp.consent.saving import create_contact, update_contact
from webapp.contacts.addresses import key_of
from webapp.contacts.models import Contact
from webapp.contacts.owners import owner_of_id, owner_of_key
from webapp.contacts.rules import Address, AddressKind, Channel, Source, State
from webapp.contacts.service import Draft
from webapp.core import clock
from webapp.core.db import db, transaction

WHATSAPP = Channel.WHATSAPP
SHARED, MOVED = phone("+491701111111"), phone("+491702222222")
ANNS = Address(AddressKind.WHATSAPP_ID, "DE.ann1")
BEAS = Address(AddressKind.WHATSAPP_ID, "DE.bea1")
ADDRESSES = (SHARED, MOVED, ANNS, BEAS)
DECIDE = {"dismissed": dismiss_review, "opted_out": opt_out_review}


def held(address: Address) -> bool:
    row = state_row(WHATSAPP, key_of(address))
    return row is not None and row.held


def reply(address: Address) -> int:
    return transaction(partial(hold, WHATSAPP, address, "enough", {}, actor=CUSTOMER)).id


def edit(contact_id: int, **values: Any) -> None:
    transaction(lambda: update_contact(contact_id, Draft(**values), SYSTEM))


def ann_and_bea() -> tuple[int, int]:
    """Ann has the number that Bea gets once Ann has another; each has a WhatsApp id."""
    ann = add_contact(SHARED.value, whatsapp_id=ANNS.value, whatsapp_id_key=key_of(ANNS)).id
    bea = add_contact(None, "Bea", whatsapp_id=BEAS.value, whatsapp_id_key=key_of(BEAS)).id
    return ann, bea


def hand_over(ann: int, bea: int) -> None:
    edit(ann, phone=MOVED.value)
    edit(bea, phone=SHARED.value)


@pytest.mark.usefixtures("context")
def test_what_is_decided_about_two_lets_each_go_by_the_replies_that_are_theirs() -> None:
    ann, bea = ann_and_bea()
    anns = reply(SHARED)
    hand_over(ann, bea)
    beas = reply(BEAS)
    decided = transaction(lambda: dismiss_review(anns, SYSTEM))
    assert decided.waits
    assert {a.value for a in ADDRESSES if held(a)} == {SHARED.value, BEAS.value}
    assert not db.session.get_one(Contact, ann, populate_existing=True).whatsapp_held
    assert not transaction(lambda: dismiss_review(beas, SYSTEM)).waits
    assert not any(held(a) for a in ADDRESSES)
    assert not db.session.get_one(Contact, bea, populate_existing=True).whatsapp_held


@pytest.mark.usefixtures("context")
def test_a_key_that_nobody_has_any_more_is_let_go_with_the_last_reply_of_whoever_left_it() -> None:
    ann, _ = ann_and_bea()
    first = reply(SHARED)
    edit(ann, phone=MOVED.value)
    second = reply(MOVED)
    assert transaction(lambda: dismiss_review(first, SYSTEM)).waits
    assert held(SHARED)
    transaction(lambda: dismiss_review(second, SYSTEM))
    assert not any(held(a) for a in ADDRESSES)


@pytest.mark.usefixtures("context")
def test_an_opt_out_decides_nothing_about_what_somebody_else_wrote_from_that_number() -> None:
    ann, bea = ann_and_bea()
    beas, anns = reply(BEAS), reply(SHARED)
    hand_over(ann, bea)
    transaction(lambda: opt_out_review(beas, SYSTEM))
    assert db.session.get_one(Review, anns).decided_at is None
    assert held(MOVED)
    transaction(lambda: dismiss_review(anns, SYSTEM))
    assert not any(held(a) for a in ADDRESSES)


def start(address: Address, at: datetime | None = None) -> None:
    """Let START come from an address, written at a moment."""
    record(
        State.OPTED_IN, source=Source.KEYWORD, actor=CUSTOMER, address=address, at=at, evidence={}
    )


@pytest.mark.usefixtures("context")
def test_a_start_at_the_address_of_the_only_open_reply_frees_their_other_one_too() -> None:
    ann, _ = ann_and_bea()
    reply(ANNS)
    assert held(SHARED)
    start(ANNS)
    assert not held(ANNS)
    assert not held(SHARED)
    assert not db.session.get_one(Contact, ann, populate_existing=True).whatsapp_held


@pytest.mark.usefixtures("context")
def test_a_start_frees_their_other_address_only_once_no_reply_of_theirs_is_open() -> None:
    ann, _ = ann_and_bea()
    reply(ANNS)
    reply(SHARED)
    start(ANNS)
    assert held(SHARED)
    assert db.session.get_one(Contact, ann, populate_existing=True).whatsapp_held


@pytest.mark.usefixtures("context")
def test_a_start_from_before_a_reply_that_comes_late_answers_nothing() -> None:
    ann, _ = ann_and_bea()
    first = reply(ANNS)
    start(ANNS, at=clock.now() - timedelta(hours=3))
    assert held(ANNS)
    assert held(SHARED)
    assert db.session.get_one(Review, first).decided_at is None
    assert db.session.get_one(Contact, ann, populate_existing=True).whatsapp_held


@pytest.mark.usefixtures("context")
def test_a_start_that_comes_late_answers_what_came_before_it_alone() -> None:
    ann_and_bea()
    first = reply(ANNS)
    between = clock.now()
    second = reply(SHARED)
    start(ANNS, at=between)
    assert db.session.get_one(Review, first).decision == State.OPTED_IN
    assert db.session.get_one(Review, second).decided_at is None
    assert held(ANNS)
    assert held(SHARED)


@pytest.mark.usefixtures("context")
def test_a_reply_from_before_there_was_a_contact_is_theirs_also_at_their_next_number() -> None:
    first = reply(SHARED)
    draft = Draft("Ann", phone=SHARED.value)
    ann = transaction(lambda: create_contact(draft, SYSTEM)).contact.id
    owner = owner_of_id(ann)
    assert owner is not None
    transaction(lambda: whatsapp_id_learnt(owner, SHARED, ANNS))
    edit(ann, phone=MOVED.value)
    start(ANNS)
    assert held(MOVED)
    second = reply(MOVED)
    assert transaction(lambda: dismiss_review(second, SYSTEM)).waits
    assert held(MOVED)
    transaction(lambda: dismiss_review(first, SYSTEM))
    assert not any(held(a) for a in ADDRESSES)


def about(review: Review) -> set[bytes]:
    """Give every key that a reply is about: its own, and all of whoever it may have come from."""
    owners = [owner_of_key(review.key)]
    if review.contact_id:
        owners.append(owner_of_id(review.contact_id))
    return {review.key, *(key for owner in owners if owner for key in owner.keys(WHATSAPP))}


def about_open_ones() -> set[bytes]:
    waiting = db.session.scalars(select(Review).where(Review.decided_at.is_(None)))
    return {key for review in waiting for key in about(review)}


STEPS = st.one_of(
    st.tuples(st.just("reply"), st.sampled_from(ADDRESSES)),
    st.tuples(st.just("hand over"), st.none()),
    st.tuples(st.sampled_from(sorted(DECIDE)), st.integers(0, 5)),
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=3, max_size=9))
def test_deciding_frees_what_no_open_reply_is_about_and_nothing_else(
    app: Flask, rows: Rows, steps: list[tuple[str, Any]]
) -> None:
    with app.app_context():
        rows.restore()
        ann, bea = ann_and_bea()
        handed = False
        reviews: list[int] = []
        for step, value in steps:
            if step == "reply":
                reviews.append(reply(value))
            elif step == "hand over":
                if not handed:
                    hand_over(ann, bea)
                handed = True
            elif reviews:
                review_id = reviews.pop(value % len(reviews))
                check_decision(review_id, step)
        for review_id in reviews:
            check_decision(review_id, "dismissed")


def opted_out() -> set[bytes]:
    """Give the keys where nothing is left to wait for."""
    keys = map(key_of, ADDRESSES)
    standing = {key: state_row(WHATSAPP, key) for key in keys}
    return {key for key, row in standing.items() if row and row.state is State.OPTED_OUT}


def check_decision(review_id: int, decision: str) -> None:
    before = {key_of(a) for a in ADDRESSES if held(a)}
    its_own = about(db.session.get_one(Review, review_id))
    db.session.rollback()
    transaction(lambda: DECIDE[decision](review_id, SYSTEM))
    after = {key_of(a) for a in ADDRESSES if held(a)}
    due = about_open_ones()
    assert before & due <= after | opted_out()
    assert not after & its_own - due
    db.session.rollback()
