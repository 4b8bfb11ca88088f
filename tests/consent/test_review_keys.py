"""A held reply opts out its own key, also where its address does not lead there any more."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.people import NUMBER, add_contact, phone, state_of
from webapp.accounts.rules import CUSTOMER, SYSTEM
from webapp.consent.holds import hold
from webapp.consent.models import Review
from webapp.consent.queries import state_row
from webapp.consent.reviews import opt_out_review
from webapp.contacts.addresses import key_of
from webapp.contacts.rules import Channel, State
from webapp.core.db import db, transaction

pytestmark = pytest.mark.usefixtures("context")


def held() -> int:
    return transaction(lambda: hold(Channel.WHATSAPP, phone(), "enough", {}, actor=CUSTOMER)).id


@pytest.mark.parametrize("address", ["", "(erased)", "+491709876543"])
@pytest.mark.parametrize("contact", [True, False])
def test_a_review_without_its_address_ends_its_hold_with_its_opt_out(
    address: str, contact: bool
) -> None:
    if contact:
        add_contact()
    review_id = held()
    db.session.get_one(Review, review_id).address = address
    db.session.commit()
    decided = transaction(lambda: opt_out_review(review_id, SYSTEM))
    row = state_row(Channel.WHATSAPP, key_of(phone(NUMBER)))
    assert row is not None
    assert (row.state, row.held) == (State.OPTED_OUT, False)
    assert [change.state for change in decided.changes] == [State.OPTED_OUT]


def test_a_review_under_an_older_account_key_opts_out_that_key(app: Flask) -> None:
    ours = app.extensions["heed"]
    review_id = held()
    old = key_of(phone())
    try:
        app.extensions["heed"] = ours.model_copy(update={"address_keys": ("new", "another")})
        transaction(lambda: opt_out_review(review_id, SYSTEM))
    finally:
        app.extensions["heed"] = ours
    row = state_row(Channel.WHATSAPP, old)
    assert row is not None
    assert (row.state, row.held) == (State.OPTED_OUT, False)
    assert state_of() is State.OPTED_OUT
