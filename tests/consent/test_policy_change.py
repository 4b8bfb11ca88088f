"""Making the consent policy stricter: what waits is cancelled, and nothing leaves after the answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.ctx import AppContext
from sqlalchemy import select

from jobs.consent import enforce
from tests.consent.stepping import Actor, install
from tests.database import Rows
from tests.people import add_message, phone, record, status_of
from webapp.accounts import settings
from webapp.accounts.rules import SYSTEM
from webapp.audit.models import AuditEntry
from webapp.consent import enforcing
from webapp.consent.policies import Policies, change_policies, load, tightened
from webapp.consent.rules import Policy
from webapp.contacts.rules import Channel, State
from webapp.core.db import db, transaction
from webapp.core.errors import Conflict
from webapp.delivery import claims
from webapp.delivery.claims import Claim
from webapp.outbox.models import Message
from webapp.outbox.rules import Category, Origin, Reason, Status

OTHER = phone("+16505550000")


def with_policy(channel: Channel, policy: Policy, **more: bool) -> Policies:
    now = load()
    return replace(now, channels={**now.channels, channel: policy}, **more)


def change(wanted: Policies) -> tuple[int, bool]:
    """Change the policy as the page does; gives how many were cancelled, and whether all."""
    seen = load().stamp
    db.session.rollback()
    channels = transaction(lambda: change_policies(wanted, SYSTEM, seen))
    return enforcing.enforce(channels, SYSTEM)


def need_opt_in() -> tuple[int, bool]:
    wanted = with_policy(Channel.WHATSAPP, Policy(needs_opt_in=True, exempts_utility=True))
    return change(wanted)


def test_marketing_that_waits_for_somebody_without_a_record_is_cancelled(
    context: AppContext,
) -> None:
    unknown = add_message()
    record(State.OPTED_IN, address=OTHER)
    known = add_message(address=OTHER)
    utility = add_message(category=Category.UTILITY)
    sms = add_message(channel=Channel.SMS)
    ids = [message.id for message in (unknown, known, utility, sms)]
    assert need_opt_in() == (1, True)
    assert [status_of(message_id) for message_id in ids] == [
        Status.CANCELLED,
        Status.SCHEDULED,
        Status.SCHEDULED,
        Status.SCHEDULED,
    ]
    ended = db.session.get_one(Message, ids[0])
    assert (ended.reason, ended.rule) == (Reason.NO_RECORDED_OPT_IN, "needs_opt_in")
    assert ended.ended_at is not None


def test_without_the_exemption_utility_to_the_opted_out_is_cancelled_by_their_event(
    context: AppContext,
) -> None:
    out = record(State.OPTED_OUT)
    utility = add_message(category=Category.UTILITY, epoch=1, origin=Origin.API).id
    code = add_message(category=Category.AUTHENTICATION, address=OTHER, origin=Origin.API).id
    by_hand = add_message(category=Category.UTILITY, epoch=1, origin=Origin.MANUAL).id
    assert change(with_policy(Channel.WHATSAPP, Policy())) == (1, True)
    assert [status_of(one) for one in (utility, code, by_hand)] == [
        Status.CANCELLED,
        Status.SCHEDULED,
        Status.SCHEDULED,
    ]
    ended = db.session.get_one(Message, utility)
    assert (ended.reason, ended.event_id) == (Reason.OPTED_OUT, out.event_id)


def test_what_would_be_cancelled_is_what_is_cancelled(context: AppContext) -> None:
    record(State.OPTED_OUT)
    for category in (Category.UTILITY, Category.MARKETING):
        add_message(category=category, address=OTHER, origin=Origin.API)
        add_message(category=category, epoch=1, origin=Origin.API)
    wanted = with_policy(Channel.WHATSAPP, Policy(needs_opt_in=True))
    foreseen = enforcing.foresee(wanted.channels, tightened(load(), wanted))
    db.session.rollback()
    assert foreseen == 4
    assert change(wanted) == (4, True)


def test_a_queue_is_ended_a_part_at_a_time(
    context: AppContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(enforcing, "AT_ONCE", 2)
    for _ in range(5):
        add_message()
    assert need_opt_in() == (5, True)


def test_what_is_not_ended_in_time_cannot_leave_and_a_job_ends_it(
    context: AppContext, monkeypatch: pytest.MonkeyPatch, redis: Any
) -> None:
    monkeypatch.setattr(enforcing, "ANSWER_WITHIN", 0.0)
    message_id = add_message().id
    assert need_opt_in() == (0, False)
    assert status_of(message_id) is Status.SCHEDULED
    assert redis.keys("rq:job:*")
    enforce(["whatsapp"])
    assert status_of(message_id) is Status.CANCELLED


def test_loosening_cancels_nothing_and_brings_nothing_back(context: AppContext) -> None:
    message_id = add_message().id
    need_opt_in()
    assert change(with_policy(Channel.WHATSAPP, Policy(exempts_utility=True))) == (0, True)
    assert status_of(message_id) is Status.CANCELLED


def test_the_log_says_what_was_and_what_is(context: AppContext) -> None:
    need_opt_in()
    changed, enforced = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id))
    assert changed.detail == {
        "before": {"whatsapp.needs_opt_in": False},
        "after": {"whatsapp.needs_opt_in": True},
    }
    assert enforced.detail == {"channels": ["whatsapp"], "cancelled": 0}


def test_saving_what_stands_already_changes_nothing(context: AppContext) -> None:
    assert change(load()) == (0, True)
    assert db.session.scalars(select(AuditEntry)).all() == []


def test_of_two_admins_the_second_is_told(context: AppContext) -> None:
    seen = load().stamp
    need_opt_in()
    with pytest.raises(Conflict):
        transaction(lambda: change_policies(load(), SYSTEM, seen))


def test_other_words_of_the_settings_are_kept(context: AppContext) -> None:
    transaction(lambda: settings.write("consent", {"later": 1}))
    change(replace(load(), stop_on_one_stops_all=True))
    assert settings.read("consent") == {
        "later": 1,
        "stop_on_one_stops_all": True,
        "manual_sends_blocked": False,
    }


@pytest.fixture
def stage(app: Flask, rows: Rows) -> Iterator[Rows]:
    with app.app_context():
        remove = install(db.engine)
        yield rows
        remove()
        db.session.rollback()


def claim_all() -> list[Claim]:
    ids = list(db.session.scalars(select(Message.id).where(Message.status == Status.SCHEDULED)))
    db.session.rollback()
    return claims.claim(ids)


def leaking_schedules(app: Flask, rows: Rows) -> Iterator[tuple[int, int]]:
    """Run schedules of the policy's change and a claim, and give those that leak.

    The claim stops at each of its statements, the change at every fourth: each schedule waits as
    long as a door does.
    """

    def count(work: Any) -> int:
        add_message()
        actor, steps = Actor(app, db.engine, work), 0
        while actor.step():
            steps += 1
        actor.finish()
        rows.restore()
        return steps + 1

    most_change, most_claim = count(need_opt_in), count(claim_all)
    for k in range(0, most_change + 1, 4):
        for j in range(most_claim + 1):
            add_message()
            changer = Actor(app, db.engine, need_opt_in)
            changer.steps(k)
            worker = Actor(app, db.engine, claim_all)
            worker.steps(j)
            while changer.step():  # to its answer, unless it waits for the worker
                pass
            answered = changer.done
            worker.finish()
            if not answered:
                changer.finish()
            if any(taken.may_begin() for taken in worker.result):
                yield k, j
            changer.finish()
            rows.restore()


@pytest.mark.postgres
def test_no_schedule_of_a_claim_and_a_stricter_policy_leaks(app: Flask, stage: Rows) -> None:
    assert list(leaking_schedules(app, stage)) == []


@pytest.mark.postgres
def test_without_the_wait_a_schedule_of_a_stricter_policy_leaks(
    app: Flask, stage: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(enforcing, "wait_out", lambda _committed: None)
    # A busy machine must not let the claim pass its `begin_by` before the leak is seen.
    monkeypatch.setattr("webapp.outbox.service.BEGIN_WITHIN", timedelta(minutes=1))
    assert next(leaking_schedules(app, stage), None) is not None
