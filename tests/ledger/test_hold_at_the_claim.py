"""After a restore: what a real claim does with the marketing that waits, and with the rest."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.people import add_message, phone, record, status_of
from webapp.accounts.rules import SYSTEM
from webapp.core import clock
from webapp.core.db import db, transaction
from webapp.delivery.claims import claim
from webapp.ledger import restoring
from webapp.outbox.models import Message
from webapp.outbox.rules import Category, Origin, Reason, Status

pytestmark = pytest.mark.usefixtures("context")
OTHER = "+16505559876"


def test_marketing_waits_until_it_is_released_and_is_judged_anew_then() -> None:
    transaction(lambda: restoring.hold(SYSTEM, "a backup was restored"))
    offer = add_message().id
    for_another = add_message(address=phone(OTHER)).id
    order = add_message(category=Category.UTILITY, origin=Origin.API).id
    assert [taken.message_id for taken in claim([offer, for_another, order])] == [order]
    waiting = db.session.get_one(Message, offer, populate_existing=True)
    assert (waiting.status, waiting.reason) == (Status.SCHEDULED, Reason.HELD_AFTER_RESTORE)
    db.session.rollback()
    record(address=phone(OTHER))
    transaction(lambda: restoring.release(SYSTEM, "the journal was taken in"))
    assert [taken.message_id for taken in claim([offer, for_another])] == [offer]
    assert status_of(for_another) is Status.CANCELLED


def test_what_was_due_before_the_restore_ends_since_it_may_have_left() -> None:
    due = add_message(category=Category.UTILITY, origin=Origin.API).id
    later = add_message(send_at=clock.now() + timedelta(hours=1)).id
    transaction(lambda: restoring.hold(SYSTEM, "a backup was restored"))
    ended = db.session.get_one(Message, due, populate_existing=True)
    assert (ended.status, ended.reason) == (Status.CANCELLED, Reason.BEFORE_RESTORE)
    assert status_of(later) is Status.SCHEDULED
