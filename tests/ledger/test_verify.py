"""Verifying finds and names whatever is changed past Heed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from flask.ctx import AppContext
from sqlalchemy import insert, select

from tests.ledger.attacker import tamper, unguarded
from tests.ledger.books import ANN, BOB, events_of, findings, write_a_ledger
from tests.people import phone, record
from webapp.consent.chain import FIRST, link
from webapp.consent.models import ConsentEvent
from webapp.contacts.addresses import key_of
from webapp.contacts.rules import Channel, State
from webapp.core import clock
from webapp.core.db import db, table_of
from webapp.ledger.exported import Exported, as_line, read_line
from webapp.ledger.models import LedgerSeal
from webapp.ledger.sealing import as_fields, seal, seal_hash

OTHER = sha256(b"other").digest()
COVERED = [
    "channel",
    "key",
    "seq",
    "asked",
    "from_state",
    "to_state",
    "source",
    "actor_kind",
    "actor_id",
    "proven",
    "undoes_id",
    "occurred_at",
    "effective_at",
    "recorded_at",
]


@pytest.fixture(autouse=True)
def _ledger(context: AppContext) -> Iterator[None]:
    write_a_ledger()
    yield
    db.session.rollback()


def sealed() -> Exported:
    """Seal, and give the seal as it was exported."""
    made = seal()
    assert made is not None
    return read_line(as_line(made))


def test_an_untouched_ledger_is_whole():
    exported = sealed()
    record()
    assert findings([exported]) == []


def test_several_processes_find_what_one_finds():
    tamper("DELETE FROM consent_states")
    alone = findings()
    assert alone
    assert findings(processes=2) == alone


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("channel", "voice"),
        ("key", OTHER),
        ("seq", 77),
        ("asked", "opted_in"),
        ("asked", "nonsense"),
        ("from_state", "opted_out"),
        ("to_state", "opted_in"),
        ("source", "api"),
        ("actor_kind", "system"),
        ("actor_id", 5),
        ("proven", True),
        ("undoes_id", 1),
        ("occurred_at", timedelta(seconds=-1)),
        ("effective_at", timedelta(seconds=1)),
        ("recorded_at", timedelta(microseconds=1)),
        ("commitment", OTHER),
        ("prev", OTHER),
        ("hash", OTHER),
    ],
)
def test_an_edited_event_is_named(column: str, value: Any):
    event = events_of(phone(ANN))[1]
    if isinstance(value, timedelta):
        value = getattr(event, column) + value
    with unguarded() as connection:
        table = table_of(ConsentEvent)
        if value == "nonsense":
            connection.exec_driver_sql(
                f"UPDATE consent_events SET asked = 'nonsense' WHERE id = {event.id}"
            )
        else:
            connection.execute(table.update().where(table.c.id == event.id).values({column: value}))
    assert any(f"Event {event.id} (" in said and "was edited" in said for said in findings())


@pytest.mark.parametrize("short", [b"", b"\0", b"\0\0"])
def test_a_chain_that_is_hidden_under_a_short_key_is_named(short: bytes):
    for table in ("consent_events", "consent_states"):
        tamper(f"UPDATE {table} SET key = :to WHERE key = :key", to=short, key=key_of(phone(ANN)))
    for processes in (1, 2):
        said = findings(processes=processes)
        assert any("its key or channel is none" in one for one in said)
        assert any("its hash does not hold" in one for one in said)


@pytest.mark.parametrize(
    "change", ["seq = 'x'", "key = hex(key)", "channel = CAST(channel AS blob)"]
)
def test_what_sqlite_lets_an_attacker_write_is_told_and_stops_nothing(change: str):
    if is_postgres():
        pytest.skip("PostgreSQL takes no value of another type")
    event = events_of(phone(ANN))[1]
    tamper("DELETE FROM consent_event_details WHERE event_id = :id", id=event.id)
    tamper(f"UPDATE consent_events SET {change} WHERE id = :id", id=event.id)
    assert any("was edited" in one for one in findings())


@pytest.mark.parametrize("table", ["consent_events", "consent_states"])
def test_a_key_that_is_hidden_behind_another_type_is_named(table: str):
    if is_postgres():
        pytest.skip("PostgreSQL takes no value of another type")
    tamper(f"UPDATE {table} SET key = hex(key) WHERE key = :key", key=key_of(phone(ANN)))
    assert any(f"of {table} was edited: its key or channel is none" in one for one in findings())


def test_a_missing_event_in_a_chain_is_named():
    _, second, third, _ = events_of(phone(ANN))
    remove(second)
    said = " ".join(findings())
    assert f"{key_of(phone(ANN)).hex()}: missing before event {third.id}: number 2." in said


def test_a_removed_end_is_named():
    *_, third, fourth = events_of(phone(ANN))
    remove(third)
    remove(fourth)
    assert f"key {key_of(phone(ANN)).hex()}: missing at the end: numbers 3 to 4." in " ".join(
        findings()
    )


def test_a_removed_end_that_the_state_row_was_fitted_to_shows_in_the_seal():
    sealed()
    *_, before, last = events_of(phone(BOB))
    remove(last)
    refit(before, epoch=1)
    assert findings() == [
        f"Seal 1 does not hold: of the events 1 to {newest_id()}, 1 were removed after it was made."
    ]


def test_a_whole_chain_that_is_gone_is_named():
    for event in events_of(phone(BOB)):
        remove(event)
    assert f"key {key_of(phone(BOB)).hex()}: missing at the end: numbers 1 to 2." in " ".join(
        findings()
    )


def test_an_event_put_in_with_a_chain_forged_anew_shows_only_in_the_seal():
    make_room()
    reforge()
    sealed()
    assert findings() == []
    put_in(phone_key=key_of(phone("+16505559999")), event_id=50)
    assert findings() == [
        f"Seal 1 does not hold: of the events 1 to {newest_id()}, 1 were put in after it was made."
    ]


def test_two_events_that_changed_places_are_named():
    first, second, *_ = events_of(phone(ANN))
    tamper("UPDATE consent_events SET seq = 99 WHERE id = :id", id=first.id)
    tamper("UPDATE consent_events SET seq = 1 WHERE id = :id", id=second.id)
    tamper("UPDATE consent_events SET seq = 2 WHERE id = :id", id=first.id)
    said = " ".join(findings())
    assert f"Event {first.id} (" in said
    assert f"Event {second.id} (" in said


def test_history_written_anew_with_its_own_seal_differs_from_the_exported_seal():
    exported = sealed()
    event = events_of(phone(BOB))[1]
    tamper("UPDATE consent_events SET actor_id = 3 WHERE id = :id", id=event.id)
    reforge()
    reseal()
    assert findings() == []
    (said,) = findings([exported])
    assert said.startswith("The seal 1 exported on ")
    assert "is not the one that stands here" in said


def test_an_exported_seal_that_the_database_lacks_is_named():
    exported = sealed()
    tamper("DELETE FROM ledger_seals")
    (said,) = findings([exported])
    assert said.startswith("The seal 1 exported on ")
    assert "is missing here" in said


@pytest.mark.parametrize(
    ("column", "value"),
    [("last_event_id", 3), ("events", 2), ("content", OTHER), ("prev", OTHER), ("hash", OTHER)],
)
def test_an_edited_seal_is_named(column: str, value: Any):
    sealed()
    tamper(f"UPDATE ledger_seals SET {column} = :value", value=value)
    assert any(said.startswith("Seal 1 ") for said in findings())


def test_a_seal_missing_between_others_is_named():
    for _ in range(3):
        record()
        sealed()
    tamper("DELETE FROM ledger_seals WHERE id = 2")
    assert "Seal 2: missing." in findings()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("salt", bytes(16)),
        ("address", "+16505550009"),
        ("said", "Go on"),
        ("evidence", '{"how": "by phone"}'),
    ],
)
def test_an_edited_detail_is_named(column: str, value: Any):
    event = events_of(phone(ANN))[1]
    cast = "CAST(:value AS jsonb)" if is_postgres() and column == "evidence" else ":value"
    tamper(
        f"UPDATE consent_event_details SET {column} = {cast} WHERE event_id = :id",
        value=value,
        id=event.id,
    )
    (said,) = findings()
    assert said.startswith(f"Event {event.id} (whatsapp, key {event.key.hex()}, number 2 ")
    assert said.endswith("its detail (address, words or evidence) was edited.")


def test_a_detail_that_is_gone_without_an_erasure_is_named():
    event = events_of(phone(ANN))[1]
    tamper("DELETE FROM consent_event_details WHERE event_id = :id", id=event.id)
    (said,) = findings()
    assert said.startswith(f"Event {event.id} (")
    assert "its detail is missing" in said


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("state", "opted_out", "state is opted_out, not opted_in"),
        ("epoch", 9, "epoch is 9, not 1"),
        ("since", timedelta(seconds=5), "since is"),
        ("source", "link", "source is link, not api"),
        ("event_id", 1, "event_id is 1, not"),
        ("out_event_id", 1, "out_event_id is 1, not"),
        ("head_at", timedelta(seconds=5), "head_at is"),
        ("head_seq", 1, "the state row knows 1 of 2 events"),
        ("head_hash", OTHER, "the last event is not the one that the state row ends with"),
    ],
)
def test_an_edited_state_row_is_named(column: str, value: Any, said: str):
    key = key_of(phone(BOB))
    with unguarded() as connection:
        from webapp.consent.models import ConsentState

        table = table_of(ConsentState)
        if isinstance(value, timedelta):
            value = clock.now() + value
        connection.execute(table.update().where(table.c.key == key).values({column: value}))
    expected = f"whatsapp, key {key.hex()}: "
    assert any(line.startswith(expected) and said in line for line in findings())


def test_a_missing_state_row_is_named():
    key = key_of(phone(BOB))
    tamper("DELETE FROM consent_states WHERE key = :key", key=key)
    assert f"whatsapp, key {key.hex()}: there are events, but no state row." in findings()


def test_a_state_row_without_events_is_named():
    tamper(
        "INSERT INTO consent_states (channel, key, state, epoch, head_seq, head_hash)"
        " VALUES ('sms', :key, 'opted_in', 0, 0, :first)",
        key=OTHER,
        first=FIRST,
    )
    (said,) = findings()
    assert said.startswith(f"sms, key {OTHER.hex()}: the state row is not what the events come to")


@pytest.mark.parametrize("channel", list(Channel))
@pytest.mark.parametrize(
    ("part", "value"),
    [("state", "opted_in"), ("changed_at", "now"), ("source", "import"), ("held", True)],
)
def test_an_edited_copy_is_named(channel: Channel, part: str, value: Any):
    if value == "now":
        value = clock.now().replace(tzinfo=None)
    ids = contact_ids()
    record(State.OPTED_OUT, address=phone(ANN), channel=Channel.VOICE)
    tamper(f"UPDATE contacts SET {channel}_{part} = :value WHERE id = :id", value=value, id=ids[1])
    assert findings() == [
        f"Contact {ids[1]}: the copy on {channel} is not what stands for their address."
    ]


def contact_ids() -> list[int]:
    from webapp.contacts.models import Contact

    found = list(db.session.scalars(select(Contact.id).order_by(Contact.id)))
    db.session.rollback()
    return found


def is_postgres() -> bool:
    return db.engine.dialect.name == "postgresql"


def newest_id() -> int:
    found = db.session.scalar(select(ConsentEvent.id).order_by(ConsentEvent.id.desc()).limit(1))
    db.session.rollback()
    assert found is not None
    return found


def remove(event: ConsentEvent) -> None:
    tamper("DELETE FROM consent_event_details WHERE event_id = :id", id=event.id)
    tamper("DELETE FROM consent_events WHERE id = :id", id=event.id)


def refit(last: ConsentEvent, *, epoch: int) -> None:
    """Make the state row and the copy what they were when this event was the last."""
    with unguarded() as connection:
        from webapp.consent.models import ConsentState
        from webapp.contacts.models import Contact

        table, contacts = table_of(ConsentState), table_of(Contact)
        values = {
            "state": last.to_state,
            "since": last.effective_at,
            "source": last.source,
        }
        connection.execute(
            table.update()
            .where(table.c.key == last.key, table.c.channel == last.channel)
            .values(
                **values,
                epoch=epoch,
                event_id=last.id,
                out_event_id=last.id,
                head_at=last.effective_at,
                head_seq=last.seq,
                head_hash=last.hash,
            )
        )
        connection.execute(
            contacts.update()
            .where(contacts.c.phone_key == last.key)
            .values(
                whatsapp_state=last.to_state,
                whatsapp_changed_at=last.effective_at,
                whatsapp_source=last.source,
            )
        )


def make_room() -> None:
    """Give every event an id higher by 100."""
    with unguarded() as connection:
        for statement in (
            "UPDATE consent_events SET id = id + 100, undoes_id = undoes_id + 100",
            "UPDATE consent_event_details SET event_id = event_id + 100",
            "UPDATE consent_states SET event_id = event_id + 100, out_event_id = out_event_id + 100",
        ):
            connection.exec_driver_sql(statement)


def reforge() -> None:
    """Write every chain's hashes anew over what stands there now, and the heads of the states."""
    table = table_of(ConsentEvent)
    with unguarded() as connection:
        heads: dict[tuple[str, bytes], bytes] = {}
        for row in connection.execute(table.select().order_by(table.c.key, table.c.seq)).all():
            prev = heads.get((row.channel, row.key), FIRST)
            hashed = link(prev, row.commitment, {n: getattr(row, n) for n in COVERED})
            connection.execute(
                table.update().where(table.c.id == row.id).values(prev=prev, hash=hashed)
            )
            heads[row.channel, row.key] = hashed
        from webapp.consent.models import ConsentState

        states = table_of(ConsentState)
        for (channel, key), head in heads.items():
            connection.execute(
                states.update()
                .where(states.c.channel == channel, states.c.key == key)
                .values(head_hash=head)
            )


def reseal() -> None:
    """Make the one seal anew over what stands there now."""
    with unguarded() as connection:
        table, seals = table_of(ConsentEvent), table_of(LedgerSeal)
        content = sha256()
        for (hashed,) in connection.execute(select(table.c.hash).order_by(table.c.id)):
            content.update(hashed)
        row = connection.execute(seals.select()).one()
        seal_row = LedgerSeal(**{**row._mapping, "content": content.digest()})
        hashed = seal_hash(seal_row.prev, as_fields(seal_row))
        connection.execute(seals.update().values(content=seal_row.content, hash=hashed))


def put_in(phone_key: bytes, event_id: int) -> None:
    """Put in an opt-in that never was, with a chain, a state and a detail that fit."""
    from webapp.accounts.rules import ActorKind
    from webapp.consent.chain import commitment
    from webapp.consent.models import ConsentEventDetail, ConsentState
    from webapp.contacts.rules import Source

    now = clock.now()
    commits = commitment(bytes(16), "+16505559999", "", {"how": "made up"})
    public: dict[str, Any] = {
        "channel": Channel.SMS,
        "key": phone_key,
        "seq": 1,
        "asked": State.OPTED_IN,
        "from_state": State.UNKNOWN,
        "to_state": State.OPTED_IN,
        "source": Source.API,
        "actor_kind": ActorKind.SYSTEM,
        "actor_id": None,
        "proven": True,
        "undoes_id": None,
        "occurred_at": now,
        "effective_at": now,
        "recorded_at": now,
    }
    hashed = link(FIRST, commits, public)
    with unguarded() as connection:
        row = {"id": event_id, "commitment": commits, "prev": FIRST, "hash": hashed}
        connection.execute(insert(table_of(ConsentEvent)), [{**public, **row}])
        detail = {"event_id": event_id, "salt": bytes(16), "address": "+16505559999", "said": ""}
        connection.execute(
            insert(table_of(ConsentEventDetail)), [{**detail, "evidence": {"how": "made up"}}]
        )
        state = {
            "channel": Channel.SMS,
            "key": phone_key,
            "state": State.OPTED_IN,
            "epoch": 0,
            "since": now,
            "source": Source.API,
            "event_id": event_id,
            "head_at": now,
            "head_seq": 1,
            "head_hash": hashed,
        }
        connection.execute(insert(table_of(ConsentState)), [state])
