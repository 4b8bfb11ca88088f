"""An opt-out against an insert, a batch insert, a retry and a claim, statement by statement.

Each scenario is run under every schedule in which the opt-out has done `k` statements and the
claim `j` when the other goes on. None may let a request begin after the acknowledgement. With
the lock, the epoch or the wait taken out, some schedule does: the last three tests prove that
these tests can fail.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import false, select
from sqlalchemy.exc import DBAPIError

from tests.consent.stepping import Actor, install
from tests.database import Rows
from tests.people import EVIDENCE, add_contact, add_message, new_message, phone, record, state_of
from webapp.accounts.rules import CUSTOMER, SYSTEM
from webapp.consent import service
from webapp.consent.models import ConsentState
from webapp.consent.saving import update_contact
from webapp.consent.service import change
from webapp.consent.wishes import Wish
from webapp.contacts.addresses import key_of
from webapp.contacts.models import Contact
from webapp.contacts.rules import Channel, Source, State
from webapp.contacts.service import Draft
from webapp.core import clock
from webapp.core.db import db, transaction
from webapp.delivery import claims
from webapp.delivery.claims import Claim
from webapp.delivery.service import compose
from webapp.outbox import service as outbox
from webapp.outbox.models import Message
from webapp.outbox.rules import Origin, Status

pytestmark = pytest.mark.postgres

# For a claim whose leak is to be seen: a busy machine must not let it pass its `begin_by` first.
BUSY = timedelta(minutes=1)


@dataclass
class Stage:
    """The database and the three actors of a schedule."""

    app: Flask
    rows: Rows

    def start(self, work: Any) -> Actor:
        return Actor(self.app, db.engine, work)


@pytest.fixture
def stage(app: Flask, rows: Rows) -> Iterator[Stage]:
    with app.app_context():
        remove = install(db.engine)
        yield Stage(app, rows)
        remove()
        db.session.rollback()


def opt_out() -> None:
    """A customer's STOP as a door takes it: change, commit, settle."""
    wish = Wish(Channel.WHATSAPP, phone(), State.OPTED_OUT, Source.KEYWORD, CUSTOMER)
    service.settle([transaction(lambda: change(wish))])


def opt_in_an_hour_later() -> None:
    """Evidence that lifts the opt-out: the state is opted in again, the epoch stays."""
    past = clock.now() - timedelta(hours=1)
    row = db.session.get_one(ConsentState, (Channel.WHATSAPP, key_of(phone())))
    row.head_at = row.since = past
    wish = Wish(Channel.WHATSAPP, phone(), State.OPTED_IN, Source.API, SYSTEM, evidence=EVIDENCE)
    change(wish)


def claim_all() -> list[Claim]:
    """A worker that takes whatever waits."""
    ids = list(db.session.scalars(select(Message.id).where(Message.status == Status.SCHEDULED)))
    db.session.rollback()
    return claims.claim(ids)


def leaks(claimed: list[Claim]) -> list[int]:
    """Which claims would begin their request now, although the opt-out is acknowledged."""
    return [taken.message_id for taken in claimed if taken.may_begin()]


def statements(stage: Stage, work: Any) -> int:
    """Count the stops of a piece of work that runs alone."""
    actor, count = stage.start(work), 0
    while actor.step():
        count += 1
    actor.finish()
    return count + 1


def run_claims(stage: Stage, prepare: Any, meanwhile: Any = None) -> list[tuple[int, int]]:
    """Run every schedule of the opt-out and the claim; gives those that leak.

    `prepare` sets the scene. `meanwhile` runs as a whole when the opt-out has done k statements:
    that is where an insert, committed at once, slips in behind a cancellation.
    """
    prepare()
    most_out = statements(stage, opt_out)
    stage.rows.restore()
    prepare()
    (meanwhile or (lambda: None))()
    most_claim = statements(stage, claim_all)
    stage.rows.restore()
    leaking = []
    for k in range(most_out + 1):
        for j in range(most_claim + 1):
            prepare()
            out = stage.start(opt_out)
            out.steps(k)
            if meanwhile is not None:
                meanwhile()
            worker = stage.start(claim_all)
            worker.steps(j)
            out.let_go()  # to its acknowledgement, unless it waits for the worker's lock
            worker.finish()
            out.finish()
            if leaks(worker.result):
                leaking.append((k, j))
            stage.rows.restore()
    return leaking


def nothing() -> None:
    """An empty scene."""


def one_waits() -> None:
    add_message()


def insert_one() -> None:
    add_message()


def insert_batch() -> None:
    """A campaign's chunk: rows made from the states as they are committed now."""
    epoch = db.session.scalar(select(ConsentState.epoch)) or 0
    for _ in range(3):
        db.session.add(new_message(origin=Origin.CAMPAIGN, epoch=epoch))
    db.session.commit()


def test_no_schedule_of_a_claim_and_an_opt_out_leaks(stage: Stage) -> None:
    assert run_claims(stage, one_waits) == []


def test_no_schedule_of_an_insert_a_claim_and_an_opt_out_leaks(stage: Stage) -> None:
    assert run_claims(stage, nothing, insert_one) == []


def test_no_schedule_of_a_batch_insert_a_claim_and_an_opt_out_leaks(stage: Stage) -> None:
    assert run_claims(stage, nothing, insert_batch) == []


def slow_insert() -> None:
    """An insert that reads the epoch first and commits whenever its turn comes."""
    epoch = db.session.scalar(select(ConsentState.epoch)) or 0
    row = new_message(origin=Origin.CAMPAIGN, epoch=epoch)
    db.session.add(row)
    db.session.commit()


def admit_one() -> None:
    """A message as the API takes it."""
    transaction(
        lambda: compose(
            None,
            Channel.WHATSAPP,
            address=phone(),
            text="Ten percent off",
            origin=Origin.API,
            actor=SYSTEM,
        )
    )


def retry() -> None:
    """A worker gives its claim back: the provider did not take it."""
    message = db.session.scalars(select(Message)).one()
    token = message.claim_token
    assert token is not None
    outbox.release(message.id, token, not_before=clock.now(), reason=None)
    db.session.commit()


def in_flight() -> None:
    add_message(status=Status.SENDING, claim_token="t1", claimed_at=clock.now())


def run_after_opting_back_in(stage: Stage, prepare: Any, writer: Any) -> list[int]:
    """Let `writer` and the opt-out run in every schedule; then opt in again and claim.

    Gives the schedules after which a message admitted before the opt-out would still leave.
    """
    prepare()
    most = statements(stage, writer)
    stage.rows.restore()
    leaking = []
    for k in range(most + 1):
        prepare()
        actor = stage.start(writer)
        actor.steps(k)
        opt_out()
        actor.finish()
        transaction(opt_in_an_hour_later)
        if leaks(claim_all()):
            leaking.append(k)
        stage.rows.restore()
    return leaking


# A writer that has read the epoch before the opt-out may commit after it; what it wrote once the
# person is opted in again under a new epoch is a new message, and may leave. So the schedules in
# which the writer began after the opt-out's commit (k = 0) are left out.


def test_an_insert_that_an_opt_out_could_not_see_never_leaves(stage: Stage) -> None:
    assert [k for k in run_after_opting_back_in(stage, nothing, slow_insert) if k > 1] == []


def test_a_message_that_is_admitted_while_an_opt_out_runs_never_leaves(stage: Stage) -> None:
    assert run_after_opting_back_in(stage, nothing, admit_one) == []


def test_a_retry_that_an_opt_out_could_not_see_never_leaves(stage: Stage) -> None:
    assert run_after_opting_back_in(stage, in_flight, retry) == []


def test_an_opt_out_waits_for_a_claim_whose_worker_hangs_only_until_begin_by(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert service.settle.__kwdefaults__
    monkeypatch.setitem(service.settle.__kwdefaults__, "at_most", 3600.0)  # not what ends the wait
    one_waits()
    taken = claim_all()
    assert len(taken) == 1
    opt_out()
    assert not taken[0].may_begin()


def test_an_opt_out_reaches_an_address_that_is_edited_meanwhile(stage: Stage) -> None:
    other = phone("+16505550000")

    def edit() -> None:
        """Give the person another number, as the Edit Customer dialog does."""
        contact_id = db.session.scalars(select(Contact.id)).one()
        draft = Draft(phone=other.value)
        transaction(lambda: update_contact(contact_id, draft, SYSTEM))

    add_contact()
    most = statements(stage, edit)
    for k in range(most + 1):
        stage.rows.restore()
        add_contact()
        editor, person = stage.start(edit), stage.start(opt_out)
        person.step()  # it knows whose number this is
        editor.steps(k)
        person.let_go()
        editor.finish()
        person.finish()
        assert state_of(other) is State.OPTED_OUT, f"lost after {k} statements of the edit"
        assert db.session.scalars(select(Contact.whatsapp_state)).one() is State.OPTED_OUT
        db.session.rollback()


def test_nothing_is_left_waiting_for_a_number_that_is_edited_meanwhile(stage: Stage) -> None:
    def send() -> None:
        """Write to the person as the contact page does."""
        contact = db.session.scalars(select(Contact)).one()
        transaction(
            lambda: compose(
                contact, Channel.WHATSAPP, text="Hello", origin=Origin.API, actor=SYSTEM
            )
        )

    def edit() -> None:
        contact_id = db.session.scalars(select(Contact.id)).one()
        transaction(lambda: update_contact(contact_id, Draft(phone="+16505550000"), SYSTEM))

    add_contact()
    most = statements(stage, send)
    for k in range(most + 1):
        stage.rows.restore()
        add_contact()
        writer, editor = stage.start(send), stage.start(edit)
        writer.steps(k)
        editor.let_go()
        writer.finish()
        editor.finish()
        record(source=Source.KEYWORD, address=phone("+16505550000"))
        waiting = select(Message.address).where(Message.status == Status.SCHEDULED)
        assert db.session.scalars(waiting).all() == [], f"after {k} statements"
        db.session.rollback()


def test_a_worker_that_is_stopped_inside_its_claim_does_not_hold_up_an_opt_out(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.consent.locks.CLAIM_IDLE", timedelta(milliseconds=250))
    one_waits()
    worker = stage.start(claim_all)
    worker.steps(4)  # past its lock, and silent from here on
    opt_out()
    assert state_of() is State.OPTED_OUT
    with pytest.raises(DBAPIError):
        worker.finish()


def test_without_the_lock_a_schedule_leaks(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webapp.consent.locks.lock", lambda *_args, **_kwargs: None)
    assert run_claims(stage, nothing, insert_one) != []


def test_without_the_wait_a_schedule_leaks(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "settle", lambda _changes: None)
    monkeypatch.setattr("webapp.outbox.service.BEGIN_WITHIN", BUSY)
    assert run_claims(stage, one_waits) != []


def test_without_the_epoch_a_schedule_leaks(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webapp.consent.queries.stale", lambda: false())
    monkeypatch.setattr("webapp.outbox.service.BEGIN_WITHIN", BUSY)
    assert run_after_opting_back_in(stage, in_flight, retry) != []
