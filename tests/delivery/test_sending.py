"""Sending: what leaves, what does not, and what the record says afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.ctx import AppContext

from tests.people import add_contact, add_message, phone, record, state_of, status_of
from tests.sending import begin_all
from tests.whatsapp_wire import Wire, accepts, cuts_off, refuses, says
from webapp.accounts.rules import SYSTEM
from webapp.consent.holds import hold
from webapp.consent.models import ConsentEvent
from webapp.consent.reviews import dismiss_review
from webapp.contacts.rules import Channel, Source, State
from webapp.core import clock
from webapp.core.config import Config
from webapp.core.db import db, transaction
from webapp.delivery import sweeps
from webapp.delivery.claims import claim
from webapp.delivery.engine import deliver
from webapp.delivery.forbidden import end_forbidden
from webapp.delivery.outcomes import record as record_outcomes
from webapp.delivery.providers.base import Answer, Outcome
from webapp.delivery.sentences import explain
from webapp.message_templates.models import Template
from webapp.outbox.models import ChannelPause, Message
from webapp.outbox.rules import Category, Origin, Reason, Status

pytestmark = pytest.mark.usefixtures("context")


def read(message: Message) -> Message:
    return db.session.get_one(Message, message.id, populate_existing=True)


def test_a_due_message_is_sent_and_says_under_which_id(wire: Wire) -> None:
    message = add_message()
    wire.replies.append(accepts("wamid.A"))
    assert begin_all([message.id]) == 1
    sent = read(message)
    assert (sent.status, sent.provider_message_id) == (Status.SENT, "wamid.A")
    assert wire.requests[0]["to"] == "16505551234"
    assert wire.requests[0]["biz_opaque_callback_data"] == sent.correlation


def test_a_batch_goes_by_the_same_code(wire: Wire) -> None:
    numbers = [f"+1650555{number:04}" for number in range(40)]
    messages = [add_message(address=phone(number)) for number in numbers]
    wire.replies += [accepts(f"wamid.{number}") for number in range(40)]
    ids = [message.id for message in messages]
    assert begin_all(ids) == 40
    assert {status_of(message_id) for message_id in ids} == {Status.SENT}
    assert sorted(r["to"] for r in wire.requests) == sorted(n[1:] for n in numbers)


def test_a_template_goes_by_name_language_and_values(wire: Wire) -> None:
    template = Template(
        channel=Channel.WHATSAPP,
        name="order_update",
        language="en_US",
        category=Category.UTILITY,
        body="Hi {{1}}, order {{2}} is on its way.",
        buttons=[],
    )
    db.session.add(template)
    db.session.flush()
    message = add_message(template_id=template.id, variables={"1": "Ann", "2": "A-17"})
    wire.replies.append(accepts())
    begin_all([message.id])
    asked = wire.requests[0]["template"]
    assert (asked["name"], asked["language"]["code"]) == ("order_update", "en_US")
    assert [p["text"] for p in asked["components"][0]["parameters"]] == ["Ann", "A-17"]


def test_nothing_leaves_for_somebody_who_opted_out(wire: Wire) -> None:
    record()
    message = add_message(epoch=1)
    assert begin_all([message.id]) == 0
    ended = read(message)
    assert (ended.status, ended.reason) == (Status.CANCELLED, Reason.OPTED_OUT)
    assert "Cancelled: opted out." in explain(ended)
    assert f"consent event {db.session.query(ConsentEvent).one().id}" in explain(ended)
    assert wire.requests == []


def test_a_message_that_is_not_due_stays(wire: Wire) -> None:
    message = add_message(send_at=clock.now() + timedelta(hours=1))
    assert begin_all([message.id]) == 0
    assert status_of(message.id) is Status.SCHEDULED


def test_the_same_job_twice_sends_once(wire: Wire) -> None:
    message = add_message()
    wire.replies.append(accepts())
    begin_all([message.id, message.id])
    begin_all([message.id])
    assert len(wire.requests) == 1


def test_a_hold_keeps_it_waiting_and_dismissing_lets_it_go(wire: Wire) -> None:
    add_contact()
    review = transaction(lambda: hold(Channel.WHATSAPP, phone(), "stop that", {}, actor=SYSTEM)).id
    message = add_message()
    assert begin_all([message.id]) == 0
    waiting = read(message)
    assert (waiting.status, waiting.reason) == (Status.SCHEDULED, Reason.HELD_FOR_REVIEW)
    transaction(lambda: dismiss_review(review, SYSTEM))
    wire.replies.append(accepts())
    assert begin_all([message.id]) == 1


def test_what_the_provider_read_and_did_not_take_is_tried_again(wire: Wire) -> None:
    message = add_message()
    wire.replies.append(refuses(131000, 500))
    begin_all([message.id])
    again = read(message)
    assert (again.status, again.reason) == (Status.SCHEDULED, Reason.PROVIDER_BUSY)
    assert again.claimed_at
    assert again.not_before > again.claimed_at + timedelta(seconds=1)


def test_no_clear_answer_is_never_sent_again(wire: Wire) -> None:
    message = add_message()
    wire.replies.append(cuts_off)
    begin_all([message.id])
    assert read(message).status is Status.UNCONFIRMED
    assert read(message).reason is Reason.NO_ANSWER
    assert sweeps.wake_due() == 0


def test_a_gateway_error_is_unconfirmed_too(wire: Wire) -> None:
    message = add_message()
    wire.replies.append(says(502, b"<html>bad gateway</html>"))
    begin_all([message.id])
    assert status_of(message.id) is Status.UNCONFIRMED


def test_an_opt_out_at_the_provider_becomes_ours_and_cancels_the_rest(wire: Wire) -> None:
    message = add_message()
    later = add_message(send_at=clock.now() + timedelta(hours=1))
    wire.replies.append(refuses(131050))
    begin_all([message.id])
    assert state_of() is State.OPTED_OUT
    assert db.session.query(ConsentEvent).one().source is Source.PROVIDER
    assert read(message).reason is Reason.PROVIDER_OPTED_OUT
    assert status_of(later.id) is Status.CANCELLED


def test_a_bad_token_pauses_the_channel_and_loses_no_message(wire: Wire) -> None:
    message = add_message()
    wire.replies.append(refuses(190, 401))
    begin_all([message.id])
    waiting = read(message)
    assert (waiting.status, waiting.reason) == (Status.SCHEDULED, Reason.PROVIDER_ACCOUNT)
    assert db.session.get(ChannelPause, Channel.WHATSAPP) is not None
    other = add_message()
    assert claim([other.id]) == []


def test_free_text_outside_the_window_says_so(wire: Wire) -> None:
    message = add_message()
    wire.replies.append(refuses(131047))
    begin_all([message.id])
    assert read(message).reason is Reason.WINDOW_CLOSED


def test_a_provider_that_is_away_costs_nothing_but_time(context: AppContext) -> None:
    message = add_message()
    begin_all([message.id])
    again = read(message)
    assert (again.status, again.attempts) == (Status.SCHEDULED, 1)


def test_a_late_confirmation_is_skipped(wire: Wire) -> None:
    past = clock.now() - timedelta(minutes=6)
    message = add_message(
        origin=Origin.CONFIRMATION, send_at=past, expires_at=past + timedelta(minutes=5)
    )
    begin_all([message.id])
    assert (read(message).status, read(message).reason) == (
        Status.SKIPPED,
        Reason.CONFIRMATION_LATE,
    )


def test_safe_mode_sends_to_listed_addresses_alone(wire: Wire, app: Flask) -> None:
    config: Config = app.extensions["heed"]
    app.extensions["heed"] = config.model_copy(update={"safe_mode": ("+16505550000",)})
    kept, sent = add_message(), add_message(address=phone("+16505550000"))
    wire.replies.append(accepts())
    assert begin_all([kept.id, sent.id]) == 1
    assert read(kept).reason is Reason.SAFE_MODE
    assert read(sent).status is Status.SENT


def test_a_stale_claim_is_dropped_and_the_message_waits_again(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = add_message()
    monkeypatch.setattr("webapp.delivery.claims.Claim.may_begin", lambda _claim: False)
    assert deliver([message.id]) == 0
    assert status_of(message.id) is Status.SCHEDULED
    assert wire.requests == []


def test_what_a_lost_worker_was_sending_is_unconfirmed(context: AppContext) -> None:
    taken = add_message(
        status=Status.SENDING, claim_token="t", claimed_at=clock.now() - timedelta(minutes=3)
    )
    fresh = add_message(status=Status.SENDING, claim_token="u", claimed_at=clock.now())
    assert sweeps.end_lost_claims() == 1
    assert read(taken).reason is Reason.WORKER_LOST
    assert status_of(fresh.id) is Status.SENDING


def test_the_sweep_ends_what_no_cancellation_could_see(context: AppContext) -> None:
    record(at=clock.now() - timedelta(hours=1))
    record(State.OPTED_IN)
    behind = add_message(epoch=0)
    current = add_message(epoch=1)
    assert end_forbidden() == 1
    assert read(behind).reason is Reason.OPTED_OUT
    assert status_of(current.id) is Status.SCHEDULED


def test_an_answer_that_comes_after_the_callback_takes_nothing_back(wire: Wire) -> None:
    message = add_message()
    wire.replies.append(accepts("wamid.B"))
    taken = claim([message.id])
    row = read(message)
    row.status, row.provider_message_id = Status.DELIVERED, "wamid.B"
    db.session.commit()

    answer = Answer(Outcome.ACCEPTED, "wamid.B")
    record_outcomes([(taken[0], answer)])
    assert status_of(message.id) is Status.DELIVERED
