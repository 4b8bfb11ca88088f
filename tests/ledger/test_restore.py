"""After a restored backup marketing waits; a journal brings the database up to date."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.database import Rows
from tests.ledger.attacker import tamper
from tests.ledger.books import ANN, BOB, findings, write_a_ledger
from tests.people import EVIDENCE, add_contact, add_message, phone, record, state_of
from webapp.accounts.rules import CUSTOMER, SYSTEM, Actor, ActorKind
from webapp.audit.models import AuditEntry
from webapp.consent.models import ConsentEvent, ConsentEventDetail, ConsentState
from webapp.consent.queries import state_row
from webapp.consent.service import undo
from webapp.contacts.addresses import key_of
from webapp.contacts.models import Contact
from webapp.contacts.rules import Channel, Source, State
from webapp.core import clock
from webapp.core.config import Config
from webapp.core.db import db, transaction
from webapp.core.errors import Invalid
from webapp.ledger import exported
from webapp.ledger.journal import parse_since, write_journal
from webapp.ledger.restoring import (
    begin_anew,
    hold,
    hold_if_older,
    keep_newest,
    release,
    seal_and_keep,
    standing,
)
from webapp.ledger.taking_in import TakenIn, take_in
from webapp.outbox.models import Message
from webapp.outbox.rules import Reason
from webapp.privacy.erasure import erase

pytestmark = pytest.mark.usefixtures("context")
Lines = list[str]


@pytest.fixture(autouse=True)
def _no_seals_kept(config: Config) -> Iterator[None]:
    def forget() -> None:
        for path in (*config.data.glob("seals*.ndjson"), *config.data.glob("newest-event.json")):
            path.unlink()

    forget()  # what another test's scheduler kept
    yield
    forget()


def held() -> bool:
    found = standing()
    db.session.rollback()
    return found is not None


def test_a_database_without_the_last_seal_seen_here_is_held(config: Config, rows: Rows):
    record()
    seal_and_keep(config)
    assert hold_if_older(config, SYSTEM) is None
    assert not held()
    rows.restore()
    line = hold_if_older(config, SYSTEM)
    assert line is not None
    assert line.startswith("The database lacks seal 1 ")
    assert held()
    assert (hold_if_older(config, SYSTEM) or "").startswith("All marketing is on hold")


def test_another_history_with_as_many_seals_is_held_too(config: Config, rows: Rows):
    record()
    seal_and_keep(config)
    kept = (config.data / exported.NAME).read_text()
    rows.restore()
    (config.data / exported.NAME).unlink()
    record()
    seal_and_keep(config)
    (config.data / exported.NAME).write_text(kept)
    assert hold_if_older(config, SYSTEM) is not None
    assert held()


def test_while_held_the_file_keeps_the_seal_that_shows_it(config: Config, rows: Rows):
    record()
    seal_and_keep(config)
    kept = (config.data / exported.NAME).read_text()
    rows.restore()
    hold_if_older(config, SYSTEM)
    record()
    seal_and_keep(config)
    assert (config.data / exported.NAME).read_text() == kept


def test_marketing_that_waited_for_a_restore_goes_on_when_released(config: Config, rows: Rows):
    record()
    seal_and_keep(config)
    rows.restore()
    hold_if_older(config, SYSTEM)
    message = add_message(reason=Reason.HELD_AFTER_RESTORE)
    message.not_before = clock.now() + timedelta(days=1)
    db.session.commit()
    message_id = message.id
    begin_anew(config)
    with pytest.raises(Invalid, match="Say why"):
        transaction(lambda: release(SYSTEM, "  "))
    assert transaction(lambda: release(SYSTEM, "The journal of Monday is in"))
    assert not transaction(lambda: release(SYSTEM, "Again"))
    found = db.session.get_one(Message, message_id, populate_existing=True)
    assert found.reason is None
    assert found.not_before <= clock.now()
    db.session.rollback()
    assert hold_if_older(config, SYSTEM) is None
    assert [path.name[:12] for path in config.data.glob("seals-until-*")] == ["seals-until-"]
    actions = list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))
    assert actions == ["marketing.held", "marketing.released"]


def test_an_operator_can_hold_by_a_word():
    assert transaction(lambda: hold(SYSTEM, "Restored this morning"))
    assert not transaction(lambda: hold(SYSTEM, "Restored this morning"))
    assert held()


def test_a_file_that_is_no_seals_is_said_and_holds_nothing(config: Config):
    (config.data / exported.NAME).write_text("hello\nworld\n")
    line = hold_if_older(config, SYSTEM)
    assert line is not None
    assert "cannot be read" in line
    assert not held()


def journal(config: Config, since: str | None = None) -> Lines:
    return list(write_journal(config.database_url, parse_since(since) if since else None))


def taken_in(lines: Lines) -> TakenIn:
    db.session.rollback()
    return take_in((lines, lines), SYSTEM)


def states() -> dict[tuple[str, str], State]:
    found = db.session.execute(select(ConsentState.channel, ConsentState.key, ConsentState.state))
    result = {(channel.value, key.hex()): state for channel, key, state in found}
    db.session.rollback()
    return result


def test_a_journal_brings_an_empty_database_to_the_same_states(config: Config, rows: Rows):
    write_a_ledger()
    before, lines = states(), journal(config)
    rows.restore()
    result = taken_in(lines)
    assert states() == before
    assert (result.opt_outs, result.opt_ins, result.undone) == (6, 3, 2)
    assert findings() == []


def test_a_journal_taken_in_twice_changes_nothing(config: Config, rows: Rows):
    write_a_ledger()
    lines = journal(config)
    assert taken_in(lines).opt_outs == 0
    rows.restore()
    taken_in(lines)
    count = db.session.query(ConsentEvent).count()
    again = taken_in(lines)
    assert (again.opt_outs, again.opt_ins, again.erasures) == (0, 0, 0)
    assert db.session.query(ConsentEvent).count() == count


def test_what_was_said_and_when_comes_along(config: Config, rows: Rows):
    at = clock.now() - timedelta(days=2)
    record(at=at, said="Stöp", source=Source.KEYWORD, actor=CUSTOMER)
    lines = journal(config)
    rows.restore()
    taken_in(lines)
    event = db.session.scalars(select(ConsentEvent)).one()
    detail = db.session.get_one(ConsentEventDetail, event.id)
    assert (event.occurred_at, event.effective_at, event.source) == (at, at, Source.KEYWORD)
    assert detail.said == "Stöp"
    assert str(detail.evidence["reason"]).startswith("Taken in from the journal of ")


def test_an_opt_out_of_an_erased_person_is_taken_in_by_key(config: Config, rows: Rows):
    contact = add_contact(ANN)
    record(address=phone(ANN))
    transaction(lambda: erase(contact.id, SYSTEM))
    lines = journal(config)
    assert not any(ANN in line for line in lines)
    rows.restore()
    result = taken_in(lines)
    assert (result.opt_outs, result.erasures) == (1, 1)
    row = state_row(Channel.WHATSAPP, key_of(phone(ANN)))
    assert row is not None
    assert row.state is State.OPTED_OUT
    assert findings() == []
    again = taken_in(lines)
    assert (again.opt_outs, again.erasures) == (0, 0)


def test_an_opt_in_whose_evidence_was_erased_is_left_out_and_named(config: Config, rows: Rows):
    contact = add_contact(ANN)
    record(State.OPTED_IN, address=phone(ANN))
    transaction(lambda: erase(contact.id, SYSTEM))
    lines = journal(config)
    rows.restore()
    result = taken_in(lines)
    assert result.opt_ins == 0
    (said,) = result.left_out.told
    assert said.startswith(f"An opt-in on whatsapp, key {key_of(phone(ANN)).hex()}, of ")


def test_an_erasure_is_done_again_on_what_the_backup_brought_back(config: Config, rows: Rows):
    contact = add_contact(ANN)
    record(address=phone(ANN))
    transaction(lambda: erase(contact.id, SYSTEM))
    lines = journal(config)
    rows.restore()
    add_contact(ANN)
    record(address=phone(ANN))
    assert taken_in(lines).erasures == 1
    assert db.session.scalars(select(Contact)).all() == []
    assert db.session.scalars(select(ConsentEventDetail)).all() == []


def test_who_came_back_after_an_erasure_is_still_known(config: Config, rows: Rows):
    contact = add_contact(ANN)
    transaction(lambda: erase(contact.id, SYSTEM))
    record(address=phone(ANN), said="Stop it")
    lines = journal(config)
    rows.restore()
    taken_in(lines)
    assert [detail.said for detail in db.session.scalars(select(ConsentEventDetail))] == ["Stop it"]


def test_what_was_undone_in_time_is_not_taken_in(config: Config, rows: Rows):
    me = Actor(ActorKind.USER, 1)
    made = record(source=Source.MANUAL, actor=me)
    transaction(lambda: undo(made.event_id, me))
    lines = journal(config)
    rows.restore()
    assert taken_in(lines).undone == 2
    assert states() == {}


def test_a_newer_opt_out_here_stands_against_an_older_opt_in_of_the_journal(
    config: Config, rows: Rows
):
    record(State.OPTED_IN, at=clock.now() - timedelta(days=3), evidence=EVIDENCE)
    lines = journal(config)
    rows.restore()
    record(at=clock.now() - timedelta(days=1))
    assert taken_in(lines).opt_ins == 1
    assert list(states().values()) == [State.OPTED_OUT]


def test_a_journal_since_a_day_leaves_out_what_came_before(config: Config):
    record(address=phone(BOB))
    tomorrow = (clock.now() + timedelta(days=1)).date().isoformat()
    kinds = [
        [json.loads(line)["kind"] for line in journal(config, *since)]
        for since in ((), (tomorrow,))
    ]
    assert kinds == [["journal", "event", "end"], ["journal", "end"]]
    with pytest.raises(Invalid, match="is no time"):
        parse_since("yesterday")


@pytest.mark.parametrize(
    "text", ["hello", '{"kind": "event"}', '{"kind": "erasure", "keys": [], "at": "2026-01-01"}']
)
def test_what_is_no_journal_is_refused(text: str, tmp_path: Path):
    with pytest.raises(Invalid):
        taken_in([text])


HERS, HIS = phone("+16505550008"), phone("+16505550009")


def test_a_backup_that_is_younger_than_the_last_seal_is_noticed_too(config: Config) -> None:
    record(address=phone("+16505550007"))
    seal_and_keep(config)
    event = record(address=HERS).event_id
    keep_newest(config)
    tamper("DELETE FROM consent_event_details WHERE event_id = :i", i=event)
    tamper("DELETE FROM consent_events WHERE id = :i", i=event)
    keep_newest(config)  # does not forget what it saw
    line = hold_if_older(config, SYSTEM)
    assert line is not None
    assert f"lacks event {event}" in line
    transaction(lambda: release(SYSTEM, "the journal is in"))
    begin_anew(config)
    assert hold_if_older(config, SYSTEM) is None


def as_json(**values: Any) -> str:
    at = "2026-05-01T10:00:00+00:00"
    usual = {
        "kind": "event",
        "channel": "whatsapp",
        "asked": "opted_out",
        "source": "keyword",
        "hash": "11" * 32,
        "occurred_at": at,
        "effective_at": at,
        "said": "",
        "evidence": {},
    }
    return json.dumps(usual | values)


def test_one_line_that_cannot_be_recorded_keeps_no_opt_out_after_it_out() -> None:
    tomorrow = (clock.now() + timedelta(days=1)).isoformat()
    wrong = as_json(
        asked="opted_in",
        source="api",
        evidence={"how": "form"},
        occurred_at=tomorrow,
        effective_at=tomorrow,
        key=key_of(HERS).hex(),
        address=HERS.value,
    )
    stop = as_json(key=key_of(HIS).hex(), address=HIS.value)
    lines = [json.dumps({"kind": "journal", "made_at": tomorrow}), wrong, stop]
    taken = take_in((lines, lines), SYSTEM)
    assert (taken.opt_outs, taken.opt_ins, taken.left_out.count) == (1, 0, 1)
    assert state_of(HIS) is State.OPTED_OUT


@pytest.mark.parametrize("before", [State.OPTED_OUT, State.UNKNOWN])
def test_an_opt_in_of_the_backup_that_was_undone_later_does_not_stand(
    config: Config, before: State
) -> None:
    wrong = record(
        State.OPTED_IN, source=Source.MANUAL, actor=Actor(ActorKind.USER, 1, "Ada"), address=HERS
    ).event_id
    undone = db.session.get_one(ConsentEvent, wrong).hash.hex()
    lines = list(write_journal(config.database_url))
    now = clock.now().isoformat()
    key, times = key_of(HERS).hex(), {"occurred_at": now, "effective_at": now}
    undo_line = as_json(
        key=key, address=HERS.value, source="correction", asked=before, undoes=undone, **times
    )
    for _ in range(2):
        take_in(([*lines, undo_line], [*lines, undo_line]), SYSTEM)
    assert state_of(HERS) is State.OPTED_OUT
    assert db.session.scalar(select(func.count(ConsentEvent.id))) == 2
