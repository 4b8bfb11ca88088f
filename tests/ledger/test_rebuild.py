"""Rebuilding writes states and copies from the events, and never loosens by what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from flask.ctx import AppContext

from tests.ledger.attacker import tamper
from tests.ledger.books import ANN, BOB, MAIL, events_of, findings, write_a_ledger
from tests.people import phone, record
from webapp.accounts.rules import SYSTEM
from webapp.consent import rows
from webapp.consent.holds import hold
from webapp.consent.queries import state_row
from webapp.contacts.addresses import key_of
from webapp.contacts.rules import Channel, Source, State
from webapp.core import clock
from webapp.core.db import db, transaction
from webapp.ledger.rebuilding import rebuild


@pytest.fixture(autouse=True)
def _ledger(context: AppContext) -> Iterator[None]:
    write_a_ledger()
    yield
    db.session.rollback()


def state_of(address: Any, channel: Channel = Channel.WHATSAPP) -> State:
    row = state_row(channel, key_of(address))
    assert row is not None
    found = row.state
    db.session.rollback()
    return found


def test_a_whole_ledger_needs_nothing():
    result = rebuild(SYSTEM)
    assert (result.states, result.copies, result.left_alone.count) == (0, 0, 0)


def test_all_states_and_copies_come_back_from_the_events():
    tamper("DELETE FROM consent_states")
    tamper("UPDATE contacts SET whatsapp_state = 'unknown', email_state = 'opted_in'")
    result = rebuild(SYSTEM)
    assert result.states == 5
    assert result.copies == 4
    assert findings() == []
    assert state_of(MAIL, Channel.EMAIL) is State.OPTED_OUT


def test_a_dry_run_counts_and_writes_nothing():
    tamper("UPDATE consent_states SET epoch = 9")
    before = findings()
    result = rebuild(SYSTEM, dry_run=True)
    assert result.states == 5
    assert findings() == before


def test_a_loosened_state_is_tightened_again():
    tamper("UPDATE consent_states SET state = 'opted_in' WHERE key = :key", key=key_of(MAIL))
    assert rebuild(SYSTEM).states == 1
    assert state_of(MAIL, Channel.EMAIL) is State.OPTED_OUT


def test_a_broken_chain_is_left_alone_and_named():
    event = events_of(phone(BOB))[1]
    tamper("UPDATE consent_events SET actor_id = 8 WHERE id = :id", id=event.id)
    tamper("UPDATE consent_states SET epoch = 9 WHERE key = :key", key=event.key)
    result = rebuild(SYSTEM)
    assert result.states == 0
    assert result.left_alone.told == [f"whatsapp, key {event.key.hex()}: its chain is broken."]


def test_an_opt_out_whose_event_is_missing_at_the_end_stays():
    (event,) = events_of(MAIL, Channel.EMAIL)
    tamper("DELETE FROM consent_event_details WHERE event_id = :id", id=event.id)
    tamper("DELETE FROM consent_events WHERE id = :id", id=event.id)
    result = rebuild(SYSTEM)
    assert result.left_alone.told == [
        f"email, key {event.key.hex()}: events are missing, so what it knew stays."
    ]
    assert state_of(MAIL, Channel.EMAIL) is State.OPTED_OUT


def test_a_hold_with_an_open_review_comes_back():
    transaction(lambda: hold(Channel.WHATSAPP, phone(ANN), "please end this", {}, actor=SYSTEM))
    tamper("UPDATE consent_states SET held = false WHERE key = :key", key=key_of(phone(ANN)))
    tamper("UPDATE consent_states SET epoch = 7 WHERE key = :key", key=key_of(phone(ANN)))
    rebuild(SYSTEM)
    row = state_row(Channel.WHATSAPP, key_of(phone(ANN)))
    assert row is not None
    assert row.held


def test_an_epoch_is_not_lowered_by_events_that_are_missing():
    number = phone("+16505557777")
    first = record(State.OPTED_IN, source=Source.KEYWORD, address=number, at=days_ago(3)).event_id
    record(source=Source.KEYWORD, address=number, at=days_ago(2))
    record(State.OPTED_IN, source=Source.KEYWORD, address=number, at=days_ago(1))
    tamper("DELETE FROM consent_event_details WHERE event_id > :i", i=first)
    tamper("DELETE FROM consent_events WHERE id > :i", i=first)
    result = rebuild(SYSTEM)
    assert result.left_alone.count == 1
    row = state_row(Channel.WHATSAPP, key_of(number))
    assert row is not None
    assert row.epoch == 1


def days_ago(days: int) -> datetime:
    return clock.now() - timedelta(days=days)


def test_who_writes_meanwhile_waits_and_no_chain_breaks(
    app: Flask, monkeypatch: pytest.MonkeyPatch
):
    number = phone("+16505557777")
    record(State.OPTED_IN, source=Source.KEYWORD, address=number, at=days_ago(3))
    tamper("UPDATE consent_states SET epoch = 9 WHERE key = :k", k=key_of(number))
    threads: list[Thread] = []

    def write() -> None:
        with app.app_context():
            record(State.OPTED_IN, source=Source.KEYWORD, address=number)

    def read_row(channel: Channel, key: bytes) -> Any:
        if not threads:
            threads.append(Thread(target=write))
            threads[0].start()
            threads[0].join(0.3)  # it may come in between here, or wait for the lock
        return rows.read_row(channel, key)

    monkeypatch.setattr("webapp.ledger.rebuilding.read_row", read_row)
    rebuild(SYSTEM)
    threads[0].join(20)
    record(source=Source.KEYWORD, address=number)
    assert state_of(number) is State.OPTED_OUT
    assert not findings()
