"""A drill, by the app behind a real port: what it finds, what it says, what it leaves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from time_machine import travel

from tests.drills.conftest import Came
from tests.people import all_events, all_states, state_of
from tests.servers import free_port
from tests.whatsapp_wire import Wire
from webapp.accounts import settings
from webapp.accounts.rules import SYSTEM
from webapp.consent.models import ConsentEventDetail, Review
from webapp.contacts.rules import Channel, State
from webapp.contacts.sinks import PREFIX, sink
from webapp.conversations.models import (
    Conversation,
    HandledItem,
    InboundMessage,
    SlowestStop,
    StoredWebhook,
)
from webapp.core import clock
from webapp.core.config import Config, ConfigError
from webapp.core.db import db, transaction
from webapp.core.errors import Conflict
from webapp.drills import lease
from webapp.drills.clearing import clear_left_behind
from webapp.drills.models import Drill
from webapp.drills.scene import Scene
from webapp.drills.service import CLEARED, STEPS, run
from webapp.keywords import service as keywords
from webapp.keywords.service import KeywordSettings
from webapp.outbox.models import Message
from webapp.outbox.service import pause_channel
from webapp.webhooks.whatsapp_line import WhatsAppLine

pytestmark = pytest.mark.usefixtures("context")

NAMES = [name for name, _, _ in STEPS]
GONE = (Message, Conversation, InboundMessage, StoredWebhook, HandledItem, Review)
Drilled = Callable[..., Came]


def failed(came: Came) -> list[str]:
    return [name for name, step in came[1].items() if step["passed"] is False]


def left() -> dict[str, int]:
    """How many rows of each table that a drill uses are there."""
    counted = {
        model.__tablename__: db.session.scalars(select(func.count()).select_from(model)).one()
        for model in GONE
    }
    db.session.rollback()
    return {name: count for name, count in counted.items() if count}


def test_a_drill_passes_and_is_kept(drill: Drilled, wire: Wire) -> None:
    passed, steps, enforced_ms = drill()
    assert [name for name, step in steps.items() if not step["passed"]] == []
    assert list(steps) == [*NAMES, CLEARED]
    assert passed
    assert enforced_ms is not None
    kept = db.session.scalars(select(Drill)).one()
    assert (kept.passed, kept.enforced_ms) == (True, enforced_ms)
    assert wire.requests == []


def test_a_drill_leaves_its_events_and_nothing_else(drill: Drilled) -> None:
    assert drill()[0]
    assert drill()[0]
    assert left() == {}
    assert [row.state for row in all_states()] == [State.OPTED_IN]
    # The first of a day opts the sink in; the next one finds it so.
    assert [event.asked for event in all_events()] == [
        State.OPTED_IN,
        *[State.OPTED_OUT, State.OPTED_IN] * 2,
    ]
    addresses = db.session.scalars(select(ConsentEventDetail.address)).all()
    assert all(address.startswith(PREFIX) for address in addresses)
    assert db.session.scalars(select(SlowestStop)).all() == []
    assert settings.read(lease.SETTING) == {}


def test_without_a_worker_it_says_so(drill: Drilled) -> None:
    came = drill(worker=False, patience=0.2)
    assert failed(came) == ["Queued message cancelled", "One confirmation left"]
    assert came[1]["One confirmation left"]["found"] == (
        "It has not left after 0.2 seconds. No worker is running."
    )
    assert not came[0]
    assert left() == {}
    assert [row.state for row in all_states()] == [State.OPTED_IN]


def test_a_paused_channel_is_found(drill: Drilled) -> None:
    until = clock.now() + timedelta(hours=1)
    transaction(lambda: pause_channel(Channel.WHATSAPP, "account", "A locked account", until))
    came = drill(patience=1.0)
    assert failed(came) == ["One confirmation left"]
    assert "WhatsApp is paused: A locked account." in came[1]["One confirmation left"]["found"]


def test_another_secret_is_named_and_nothing_is_changed(
    drill: Drilled, app: Flask, line: WhatsAppLine
) -> None:
    config: Config = app.extensions["heed"]
    wrong = config.model_copy(update={"whatsapp_app_secret": "another one"})
    came = drill(over=WhatsAppLine(line.url, wrong))
    assert failed(came) == ["The sink starts opted in"]
    assert "HEED_WHATSAPP_APP_SECRET" in came[1]["The sink starts opted in"]["found"]
    assert came[1]["STOP comes in"] == {
        "name": "STOP comes in",
        "passed": None,
        "found": "Not come to",
        "milliseconds": None,
    }
    assert (came[2], all_events(), left()) == (None, [], {})


def test_where_nobody_answers_it_says_where(drill: Drilled, app: Flask) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    came = drill(over=WhatsAppLine(url, app.extensions["heed"]))
    assert failed(came) == [NAMES[0]]
    assert came[1][NAMES[0]]["found"].startswith(f"Nothing answers at {url} ")


def test_another_verify_token_is_named(drill: Drilled, app: Flask, line: WhatsAppLine) -> None:
    config: Config = app.extensions["heed"]
    wrong = config.model_copy(update={"whatsapp_verify_token": "another one"})
    came = drill(over=WhatsAppLine(line.url, wrong))
    assert "HEED_WHATSAPP_VERIFY_TOKEN" in came[1][NAMES[0]]["found"]


def test_with_the_words_switched_off_a_stop_is_not_even_said(drill: Drilled) -> None:
    transaction(lambda: keywords.save(KeywordSettings(enabled=False), SYSTEM))
    came = drill()
    assert failed(came) == [NAMES[0]]
    assert "held for review" in came[1][NAMES[0]]["found"]
    assert (all_events(), left()) == ([], {})


def test_an_account_without_words_to_opt_in_or_a_confirmation_can_be_drilled(
    drill: Drilled,
) -> None:
    plain = KeywordSettings(opt_in=(), confirmation="")
    transaction(lambda: keywords.save(plain, SYSTEM))
    for _ in range(2):
        came = drill()
        assert failed(came) == []
        assert "there is none" in came[1]["One confirmation left"]["found"]
        assert [row.state for row in all_states()] == [State.OPTED_IN]


def test_safe_mode_keeps_the_confirmation_in(drill: Drilled, app: Flask) -> None:
    before: Config = app.extensions["heed"]
    app.extensions["heed"] = before.model_copy(update={"safe_mode": ("+16505551234",)})
    try:
        came = drill()
    finally:
        app.extensions["heed"] = before
    assert failed(came) == []
    assert "Safe mode" in came[1]["One confirmation left"]["found"]


def test_a_channel_that_is_not_set_up_is_one_line(app: Flask, line: WhatsAppLine) -> None:
    before: Config = app.extensions["heed"]
    app.extensions["heed"] = before.model_copy(update={"whatsapp_token": ""})
    try:
        with pytest.raises(ConfigError, match="HEED_WHATSAPP_TOKEN is missing"):
            run(line)
    finally:
        app.extensions["heed"] = before
    assert db.session.scalars(select(Drill)).all() == []


def test_of_two_drills_at_once_the_second_says_that_one_runs(line: WhatsAppLine) -> None:
    transaction(lease.take)
    with pytest.raises(Conflict, match="A drill is running"):
        run(line)
    assert db.session.scalars(select(Drill)).all() == []


def test_what_a_killed_drill_left_is_cleared(line: WhatsAppLine) -> None:
    killed = Scene(line, transaction(lease.take), 1.0)
    killed.say("STOP")
    killed.say("maybe later")
    assert state_of(killed.address) is State.OPTED_OUT
    assert set(left()) >= {"messages", "conversations", "stored_webhooks", "handled_items"}

    assert not clear_left_behind()
    assert state_of(killed.address) is State.OPTED_OUT
    with travel(clock.now() + lease.HELD + timedelta(seconds=1)):
        if db.session().get_bind().dialect.name == "postgresql":
            expire()
        assert clear_left_behind()
        assert state_of(killed.address) is State.OPTED_IN
    assert left() == {}
    details = db.session.scalars(select(ConsentEventDetail).order_by("event_id")).all()
    assert details[-1].evidence == {"reason": "Ends a drill"}
    assert not clear_left_behind()


def expire() -> None:
    """Let a lease end, where the database has a clock of its own."""
    past = (clock.now() - timedelta(days=1)).isoformat()
    kept = settings.read(lease.SETTING)
    transaction(lambda: settings.write(lease.SETTING, {**kept, "until": past}))


def test_a_drill_that_lost_its_lease_leaves_the_other_alone(line: WhatsAppLine) -> None:
    old = Scene(line, transaction(lease.take), 1.0)
    transaction(lease.end)
    new = transaction(lease.take)
    with pytest.raises(Conflict, match="Another drill took over"):
        old.say("STOP")
    assert settings.read(lease.SETTING)["token"] == new.token


def test_each_day_has_a_sink_of_its_own() -> None:
    today = clock.now().date()
    assert sink(today) != sink(today - timedelta(days=1))
