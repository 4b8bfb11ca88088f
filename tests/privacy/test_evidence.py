"""The evidence of an address: what stands and stood, what each event did, and that it all holds."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from tests.people import EVIDENCE, add_contact, add_message, add_user, phone, record
from webapp.accounts.rules import CUSTOMER, SYSTEM, Role
from webapp.audit.models import AuditEntry
from webapp.consent.models import ConsentEventDetail, ConsentState
from webapp.consent.rules import Rule
from webapp.consent.service import undo
from webapp.contacts.addresses import key_of
from webapp.contacts.rules import Address, AddressKind, Channel, Source, State
from webapp.core import clock
from webapp.core.db import db, transaction
from webapp.ledger.covering import covering
from webapp.ledger.models import LedgerSeal
from webapp.outbox.rules import Category, Origin, Status
from webapp.privacy import evidence_messages, evidence_reading
from webapp.privacy.evidence import Pack, Part, pack_of
from webapp.privacy.evidence_json import as_json
from webapp.privacy.models import Erasure
from webapp.privacy.subjects import Subject

pytestmark = pytest.mark.usefixtures("context")
IN, OUT, UNKNOWN = State.OPTED_IN, State.OPTED_OUT, State.UNKNOWN
NOON = datetime(2026, 5, 3, 12, tzinfo=UTC)


def read(address: Address | None = None, at: datetime | None = None) -> Pack:
    db.session.commit()
    return pack_of(Subject.of(address or phone()), at, covering)


def whatsapp(at: datetime | None = None) -> Part:
    return next(part for part in read(at=at).parts if part.channel is Channel.WHATSAPP)


def test_an_address_has_the_channels_that_it_serves() -> None:
    mail = Address(AddressKind.EMAIL, "ann@example.com")
    hidden = Address(AddressKind.WHATSAPP_ID, "US.1234567890")
    assert [p.channel for p in read().parts] == [Channel.SMS, Channel.VOICE, Channel.WHATSAPP]
    assert [p.channel for p in read(mail).parts] == [Channel.EMAIL]
    assert [p.channel for p in read(hidden).parts] == [Channel.WHATSAPP]


def test_an_address_that_nobody_knows_has_an_empty_pack_that_holds() -> None:
    pack = read()
    assert pack.empty
    assert pack.owner is None
    assert all(part.checked.holds for part in pack.parts)
    assert json.dumps(as_json(pack))


def test_each_event_says_who_through_what_and_what_was_said() -> None:
    user = add_user(Role.MARKETER)
    add_contact()
    record(IN, source=Source.MANUAL, actor=user.actor())
    record(source=Source.KEYWORD, actor=CUSTOMER, said="STOP please", at=clock.now())
    out, given = whatsapp().lines
    assert (out.who, out.detail and out.detail.said) == ("the customer", "STOP please")
    assert (given.who, given.event.source) == (user.name, Source.MANUAL)
    assert given.detail
    assert given.detail.evidence == EVIDENCE
    assert (given.event.from_state, given.event.to_state) == (UNKNOWN, IN)


def test_what_an_event_cancelled_and_confirmed_stands_beside_it() -> None:
    waiting = add_message(send_at=clock.now() + timedelta(hours=1))
    kept = add_message(category=Category.UTILITY, send_at=clock.now() + timedelta(hours=1))
    event_id = record(source=Source.KEYWORD, actor=CUSTOMER, said="stop").event_id
    reply = add_message(
        origin=Origin.CONFIRMATION,
        category=Category.UTILITY,
        confirms_event_id=event_id,
        status=Status.DELIVERED,
        delivered_at=NOON,
    )
    (line,) = whatsapp().lines
    assert line.cancelled.count == 1
    assert [one.message.id for one in line.cancelled.newest] == [waiting.id]
    assert kept.id not in [one.message.id for one in line.cancelled.newest]
    assert line.confirmation
    assert line.confirmation.message.id == reply.id


def test_an_undo_and_what_it_took_back_name_each_other() -> None:
    user = add_user(Role.MARKETER)
    act = record(source=Source.MANUAL, actor=user.actor()).event_id
    back = transaction(lambda: undo(act, user.actor())).event_id
    correction, undone = whatsapp().lines
    assert (correction.event.undoes_id, undone.undone_by) == (act, back)


def test_what_was_known_then_and_what_is_known_today_may_differ() -> None:
    record(IN, at=NOON, evidence_at=NOON)
    between = clock.now()
    late = record(source=Source.PROVIDER, at=NOON + timedelta(days=1)).event_id
    then = whatsapp(at=between).then
    assert then
    assert (then.known.state, then.today.state, then.today.event_id) == (IN, OUT, late)
    assert then.differs
    now = whatsapp(at=clock.now()).then
    assert now
    assert (now.known.state, now.differs) == (OUT, False)
    before = whatsapp(at=NOON - timedelta(days=1)).then
    assert before
    assert (before.known.state, before.today.state) == (UNKNOWN, UNKNOWN)


def test_each_message_says_what_stood_when_it_left() -> None:
    first = record(IN, source=Source.KEYWORD, actor=CUSTOMER)
    sent: dict[str, Any] = {"status": Status.SENT, "rule": Rule.FREE, "event_id": first.event_id}
    allowed = add_message(claimed_at=clock.now(), **sent).id
    early = add_message(claimed_at=NOON, **sent).id
    record(source=Source.KEYWORD, actor=CUSTOMER, at=clock.now())
    service = add_message(claimed_at=clock.now(), status=Status.SENT, rule=Rule.EXEMPT).id
    back = add_message(claimed_at=clock.now(), status=Status.CANCELLED).id
    stood = {left.message.id: left.stood for left in whatsapp().sent}
    assert stood == {allowed: IN, early: UNKNOWN, service: OUT, back: None}


def test_only_the_newest_messages_are_listed_and_that_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(evidence_messages, "MOST_MESSAGES", 2)
    ids = [add_message(status=Status.SENT).id for _ in range(3)]
    part = whatsapp()
    assert [left.message.id for left in part.sent] == [ids[2], ids[1]]
    assert part.more_sent


def test_of_a_long_chain_the_newest_events_are_given_and_all_recomputed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(evidence_reading, "MOST_EVENTS", 2)
    for _ in range(3):
        record()
    part = whatsapp()
    assert (len(part.lines), part.left_out, part.checked.events) == (2, 1, 3)
    assert part.checked.holds


def test_an_edited_text_is_found_and_named() -> None:
    record()
    second = record(said="stop").event_id
    # The database refuses an UPDATE; who takes a detail away as erasure does may put another back.
    kept = db.session.get_one(ConsentEventDetail, second)
    values = {"salt": kept.salt, "address": kept.address, "evidence": kept.evidence}
    db.session.execute(delete(ConsentEventDetail).where(ConsentEventDetail.event_id == second))
    db.session.execute(insert(ConsentEventDetail).values(event_id=second, said="go", **values))
    db.session.expire_all()
    part = whatsapp()
    assert part.checked.unlike == (second,)
    assert not part.checked.holds
    assert [line.like for line in part.lines] == [False, True]


def test_an_edited_state_is_found() -> None:
    record()
    db.session.execute(update(ConsentState).values(state=IN))
    checked = whatsapp().checked
    assert (checked.stands, checked.ends, checked.broken) == (False, True, ())


def test_erased_text_says_since_when_and_the_chain_still_holds() -> None:
    erased = record(source=Source.KEYWORD, actor=CUSTOMER, said="stop").event_id
    db.session.execute(delete(ConsentEventDetail))
    at = clock.now()
    keys = [key_of(phone()).hex()]
    db.session.add(Erasure(keys=keys, counts={}, at=at, actor_kind=SYSTEM.kind))
    db.session.add(Erasure(keys=["ab" * 32], counts={}, at=at, actor_kind=SYSTEM.kind))
    (line,) = whatsapp().lines
    assert (line.event.id, line.detail, line.erased_at, line.like) == (erased, None, at, None)
    assert whatsapp().checked.holds
    by_key = pack_of(Subject(None, key_of(phone())), None, covering)
    assert [part.channel for part in by_key.parts] == [Channel.WHATSAPP]


def test_an_event_names_the_first_seal_that_covers_it() -> None:
    first, second = record().event_id, record().event_id
    third = record().event_id
    for end, number in ((first, 1), (second, 2)):
        db.session.add(
            LedgerSeal(
                last_event_id=end,
                events=1,
                content=bytes(32),
                prev=bytes(32),
                hash=bytes([number]) * 32,
            )
        )
    db.session.commit()
    seals = {line.event.id: line.seal and line.seal.hash[0] for line in whatsapp().lines}
    assert seals == {first: 1, second: 2, third: None}
    assert covering([third]) == {}


def test_of_the_seals_after_an_event_one_is_read() -> None:
    event = record().event_id
    for number in range(1, 4):
        db.session.add(
            LedgerSeal(
                last_event_id=event + number // 2,
                events=1,
                content=bytes(32),
                prev=bytes(32),
                hash=bytes([number]) * 32,
            )
        )
    db.session.commit()
    assert covering([event, event])[event].hash[0] == 1


def test_the_same_facts_have_the_same_hash_and_others_another() -> None:
    record()
    first, again = as_json(read()), as_json(read())
    assert first["sha256"] == again["sha256"]
    record(IN)
    assert as_json(read())["sha256"] != first["sha256"]


def test_a_read_is_noted_by_key_alone() -> None:
    evidence_reading.note_read(SYSTEM, key_of(phone()), NOON, form="page")
    (entry,) = db.session.scalars(select(AuditEntry)).all()
    assert (entry.action, entry.detail["form"]) == ("evidence.read", "page")
    assert phone().value not in json.dumps(entry.detail)
    assert entry.detail["key"] == key_of(phone()).hex()
