"""The table "What an opt-out stops": what it says, and that Python and SQL say the same."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from flask.ctx import AppContext
from sqlalchemy import insert, update

from tests.people import NUMBER
from webapp.accounts.rules import ActorKind
from webapp.consent import queries
from webapp.consent.models import ConsentPolicy, ConsentState, MarketingHold
from webapp.consent.rules import Decision, Policy, Rule, Send, Verdict, decide, deciding_event
from webapp.contacts.rules import Channel, State
from webapp.core import clock
from webapp.core.db import db
from webapp.outbox.models import Message
from webapp.outbox.rules import Category, Origin, Reason

MARKETING, UTILITY, LOGIN = Category.MARKETING, Category.UTILITY, Category.AUTHENTICATION
OUT, IN, UNKNOWN = State.OPTED_OUT, State.OPTED_IN, State.UNKNOWN
OPEN, STRICT = Policy(exempts_utility=True), Policy(needs_opt_in=True)
SEND, WAIT, NEVER = Verdict.SEND, Verdict.WAIT, Verdict.NEVER

LINES = [
    (Origin.CAMPAIGN, MARKETING, OUT, OPEN, NEVER),
    (Origin.AUTOMATION, MARKETING, OUT, OPEN, NEVER),
    (Origin.API, MARKETING, OUT, OPEN, NEVER),
    (Origin.SCHEDULED, MARKETING, OUT, OPEN, NEVER),
    (Origin.MANUAL, MARKETING, OUT, OPEN, NEVER),
    (Origin.CONFIRMATION, UTILITY, OUT, STRICT, SEND),
    (Origin.CAMPAIGN, UTILITY, OUT, OPEN, SEND),
    (Origin.API, LOGIN, OUT, OPEN, SEND),
    (Origin.API, LOGIN, OUT, STRICT, NEVER),
    (Origin.SCHEDULED, UTILITY, OUT, STRICT, NEVER),
    (Origin.MANUAL, UTILITY, OUT, STRICT, SEND),
    (Origin.CAMPAIGN, MARKETING, UNKNOWN, OPEN, SEND),
    (Origin.CAMPAIGN, MARKETING, UNKNOWN, STRICT, NEVER),
    (Origin.API, UTILITY, UNKNOWN, STRICT, NEVER),
    (Origin.CAMPAIGN, MARKETING, IN, STRICT, SEND),
]


@pytest.mark.parametrize(("origin", "category", "state", "policy", "verdict"), LINES)
def test_the_table_says(
    origin: Origin, category: Category, state: State, policy: Policy, verdict: Verdict
) -> None:
    assert decide(Send(origin, category, state, policy)).verdict is verdict


def test_a_manual_send_goes_past_the_warning_that_was_seen_and_no_further() -> None:
    seen = Send(Origin.MANUAL, MARKETING, OUT, OPEN, override=7, out_event_id=7)
    assert decide(seen).allowed
    newer = Send(Origin.MANUAL, MARKETING, OUT, OPEN, override=7, out_event_id=9)
    assert decide(newer).reason is Reason.OPTED_OUT


def test_only_people_and_campaigns_can_go_past_an_opt_out() -> None:
    for origin in (Origin.API, Origin.AUTOMATION, Origin.SCHEDULED):
        send = Send(origin, MARKETING, OUT, OPEN, override=7, out_event_id=7)
        assert decide(send).verdict is NEVER


def test_a_hold_keeps_marketing_waiting_and_nothing_else() -> None:
    held = Send(Origin.SCHEDULED, MARKETING, IN, OPEN, held=True)
    assert decide(held).verdict is WAIT
    assert decide(Send(Origin.SCHEDULED, UTILITY, IN, STRICT, held=True)).allowed
    assert decide(Send(Origin.CONFIRMATION, MARKETING, IN, OPEN, held=True)).allowed


def test_a_message_from_before_an_opt_out_never_leaves_also_when_opted_in_again() -> None:
    send = Send(Origin.SCHEDULED, MARKETING, IN, OPEN, epoch_matches=False)
    assert decide(send).reason is Reason.OPTED_OUT


def test_an_account_on_hold_keeps_all_marketing_waiting_and_nothing_else() -> None:
    held = Policy(exempts_utility=True, held=True)
    for origin in (Origin.CAMPAIGN, Origin.API, Origin.MANUAL):
        assert decide(Send(origin, MARKETING, IN, held)).reason is Reason.HELD_AFTER_RESTORE
    assert decide(Send(Origin.MANUAL, MARKETING, OUT, held, override=7, out_event_id=7)).rule is (
        Rule.ACCOUNT_HELD
    )
    assert decide(Send(Origin.CAMPAIGN, MARKETING, OUT, held)).verdict is NEVER
    assert decide(Send(Origin.API, UTILITY, IN, held)).allowed
    assert decide(Send(Origin.CONFIRMATION, UTILITY, OUT, held)).allowed


POLICIES = [Policy(a, b) for a, b in itertools.product((False, True), repeat=2)]


@pytest.mark.parametrize("account_held", [False, True])
def test_the_sql_twin_says_the_same_for_every_case(context: AppContext, account_held: bool) -> None:
    by_channel = dict(zip(Channel, POLICIES, strict=True))
    for channel, policy in by_channel.items():
        db.session.execute(
            update(ConsentPolicy)
            .where(ConsentPolicy.channel == channel)
            .values(needs_opt_in=policy.needs_opt_in, exempts_utility=policy.exempts_utility)
        )
        policy = by_channel[channel] = replace(policy, held=account_held)
        if account_held:
            db.session.add(MarketingHold(channel=channel))
    cases: dict[bytes, tuple[Decision, int | None]] = {}
    messages, states = [], []
    everything = itertools.product(
        Channel, Origin, Category, State, (False, True), (None, 0, 5, 9), (False, True)
    )
    for number, case in enumerate(everything):
        channel, origin, category, state, held, override, matches = case
        key = number.to_bytes(32)
        out_event_id = 5 if state is OUT or number % 2 else None
        messages.append(
            {
                "channel": channel,
                "origin": origin,
                "category": category,
                "key": key,
                "epoch": 0 if matches else 1,
                "override_event_id": override,
            }
        )
        stored = state is not UNKNOWN or held or out_event_id is not None
        if stored:
            states.append(
                {
                    "channel": channel,
                    "key": key,
                    "state": state,
                    "held": held,
                    "event_id": 4,
                    "out_event_id": out_event_id,
                }
            )
        policy = by_channel[channel]
        decision = decide(
            Send(origin, category, state, policy, held, override, out_event_id, matches)
        )
        event = deciding_event(decision.rule, 4, out_event_id) if stored else None
        cases[key] = (decision, event)
    common = {"address": NUMBER, "send_at": clock.now(), "not_before": clock.now()}
    by = {"actor_kind": ActorKind.SYSTEM}
    db.session.execute(insert(Message), [{**common, **by, **row} for row in messages])
    db.session.execute(insert(ConsentState), states)
    keys = {message.id: message.key for message in db.session.query(Message)}
    judged = {keys[number]: said for number, *said in queries.verdicts(Message.id > 0)}
    assert judged == {key: [decision.rule, event] for key, (decision, event) in cases.items()}
    db.session.execute(update(Message).values(queries.receipt()))
    written = db.select(Message.key, Message.rule, Message.event_id)
    assert {key: said for key, *said in db.session.execute(written)} == judged
    for condition, verdict in (
        (queries.may_leave, SEND),
        (queries.is_held, WAIT),
        (queries.may_never_leave, NEVER),
    ):
        chosen = set(db.session.scalars(db.select(Message.key).where(condition())))
        assert chosen == {key for key, (said, _) in cases.items() if said.verdict is verdict}
    db.session.rollback()
