"""The sweeps: they find all that was left behind, and search by an index however much waits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from tests.people import add_message, phone, record, status_of
from webapp.consent.models import ConsentState
from webapp.contacts.addresses import key_of
from webapp.contacts.rules import Channel, State
from webapp.core import clock
from webapp.core.db import db
from webapp.delivery import forbidden, sweeps
from webapp.delivery.forbidden import PARTS, end_forbidden
from webapp.outbox.models import Message
from webapp.outbox.rules import Reason, Status

pytestmark = pytest.mark.usefixtures("context")


def epochs_ago(number: str) -> bytes:
    """Let somebody have opted out and in again so long ago that no event of it is new."""
    key = key_of(phone(number))
    db.session.add(ConsentState(channel=Channel.WHATSAPP, key=key, state=State.OPTED_IN, epoch=1))
    db.session.commit()
    return key


def test_what_is_forbidden_is_found_by_its_part_within_the_hour(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(forbidden, "BLOCK", 4)
    numbers = [f"+1650555{number:04}" for number in range(100)]
    for number in numbers:
        epochs_ago(number)
    behind = [add_message(address=phone(number), epoch=0).id for number in numbers]
    allowed = [add_message(address=phone(number), epoch=1).id for number in numbers]
    ended = [end_forbidden(part) for part in range(PARTS)]
    assert sum(ended) == len(behind)
    assert max(ended) < len(behind)
    assert {status_of(number) for number in behind} == {Status.CANCELLED}
    assert {status_of(number) for number in allowed} == {Status.SCHEDULED}


def test_what_an_opt_out_just_missed_is_found_whatever_the_part() -> None:
    change = record()
    missed = add_message(epoch=0)
    assert end_forbidden(PARTS - 1) == 1  # the first ids belong to part 0
    row = db.session.get_one(Message, missed.id, populate_existing=True)
    assert (row.status, row.reason) == (Status.CANCELLED, Reason.OPTED_OUT)
    assert row.event_id == change.event_id


def test_what_was_tried_for_a_day_is_given_up() -> None:
    now = clock.now()
    past, soon = now - timedelta(hours=25), now + timedelta(minutes=5)
    hopeless = add_message(send_at=past, attempts=3)
    untried = add_message(send_at=past)
    fresh = add_message(send_at=now - timedelta(hours=2), attempts=3)
    for row in (hopeless, untried, fresh):
        row.not_before = soon
    db.session.commit()
    assert sweeps.end_hopeless() == 1
    ended = db.session.get_one(Message, hopeless.id, populate_existing=True)
    assert (ended.status, ended.reason) == (Status.FAILED, Reason.GAVE_UP)
    assert status_of(untried.id) is status_of(fresh.id) is Status.SCHEDULED


def plans(app: Flask, work: Callable[[], Any]) -> str:
    """Give how the database goes about every statement on messages of a piece of work."""
    asked: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        if "FROM messages" in statement or "UPDATE messages" in statement:
            asked.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        work()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    postgres = db.engine.dialect.name == "postgresql"
    said = []
    with db.engine.connect() as connection:
        if postgres:
            # A table of few rows is read whole: ask how a large one would be read.
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            connection.exec_driver_sql("SET LOCAL enable_bitmapscan = off")
        for statement, parameters in asked:
            explain = "EXPLAIN " if postgres else "EXPLAIN QUERY PLAN "
            rows = connection.exec_driver_sql(explain + statement, parameters)
            said += [str(row[-1]) for row in rows]
        connection.rollback()
    return "\n".join(said)


@pytest.mark.parametrize(
    ("sweep", "index", "condition"),
    [
        (sweeps.wake_due, "ix_messages_waiting", "not_before <"),
        (sweeps.top_up, "ix_messages_waiting", "not_before >"),
        (sweeps.end_hopeless, "ix_messages_retried", "send_at <"),
        (sweeps.end_lost_claims, "ix_messages_status", "status"),
        (lambda: end_forbidden(0), "ix_messages_status", "id >"),
    ],
    ids=["wake_due", "top_up", "end_hopeless", "end_lost_claims", "end_forbidden"],
)
def test_a_sweep_searches_by_its_index(
    app: Flask, db_kind: str, sweep: Callable[[], int], index: str, condition: str
) -> None:
    if db_kind == "postgres" and index != "ix_messages_waiting":
        pytest.skip("PostgreSQL has statistics, and chooses by them")
    add_message(send_at=clock.now() + timedelta(days=1))
    said = plans(app, sweep)
    assert index in said, said
    conditions = [line for line in said.splitlines() if "Cond:" in line or "SEARCH" in line]
    assert any(condition.replace(" ", "") in line.replace(" ", "") for line in conditions), said
