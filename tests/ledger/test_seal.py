"""Sealing covers every event once, also one whose transaction was open when a seal was made."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from jobs import reconcile
from tests.ledger.books import findings
from tests.people import phone, record
from tests.servers import wait_until
from webapp.accounts.rules import SYSTEM
from webapp.consent.models import ConsentEvent
from webapp.consent.service import change
from webapp.consent.wishes import Wish
from webapp.contacts.rules import Channel, Source, State
from webapp.core.config import Config
from webapp.core.db import db
from webapp.ledger import exported
from webapp.ledger.exported import append, as_line, kept, read_line
from webapp.ledger.models import LedgerSeal
from webapp.ledger.restoring import seal_and_keep
from webapp.ledger.sealing import Delayed, newest, seal

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture(autouse=True)
def _no_seals_kept(config: Config) -> Iterator[None]:
    yield
    (config.data / exported.NAME).unlink(missing_ok=True)


def all_seals() -> list[LedgerSeal]:
    found = list(db.session.scalars(select(LedgerSeal).order_by(LedgerSeal.id)))
    db.session.expunge_all()
    db.session.rollback()
    return found


def test_nothing_is_no_seal():
    assert seal() is None
    assert newest() is None


def test_a_seal_covers_what_the_one_before_it_does_not():
    first = record()
    one = seal()
    second, third = record(State.OPTED_IN), record()
    two = seal()
    assert one is not None
    assert two is not None
    assert (one.id, one.last_event_id, one.events) == (1, first.event_id, 1)
    assert (two.id, two.last_event_id, two.events) == (2, third.event_id, 2)
    assert two.prev == one.hash
    hashes = [db.session.get_one(ConsentEvent, e).hash for e in (second.event_id, third.event_id)]
    assert two.content == sha256(b"".join(hashes)).digest()
    assert seal() is None


def test_the_database_refuses_to_change_or_delete_a_seal():
    record()
    seal()
    for statement in ("UPDATE ledger_seals SET events = 9", "DELETE FROM ledger_seals"):
        with pytest.raises(Exception, match="append-only"):
            db.session.execute(text(statement))
        db.session.rollback()


def test_sealers_at_once_make_one_seal_after_the_other(app: Flask):
    for _ in range(3):
        record()
    made: list[LedgerSeal | None] = []

    def work() -> None:
        with app.app_context():
            made.append(seal())

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 4
    assert sum(one is not None for one in made) == len(all_seals()) == 1
    assert findings() == []


@pytest.fixture
def writing(app: Flask) -> Iterator[Session]:
    """A session whose transaction has written an event that nobody sees yet."""
    with app.app_context():
        change(Wish(Channel.SMS, phone("+16505550077"), State.OPTED_OUT, Source.API, SYSTEM))
        yield db.session()
        db.session.rollback()


@pytest.mark.postgres
def test_an_event_that_is_not_committed_yet_delays_the_seal(writing: Session, app: Flask):
    with app.app_context():
        record()  # a higher id than the open one's, and committed
        with pytest.raises(Delayed, match="a transaction that writes events"):
            seal(at_most=0.1)
        assert newest() is None
    writing.commit()
    with app.app_context():
        made = seal()
        assert made is not None
        assert made.events == 2
        assert findings() == []


@pytest.mark.postgres
def test_a_seal_waits_for_an_open_event_and_then_covers_it(writing: Session, app: Flask):
    made: list[LedgerSeal | None] = []

    def work() -> None:
        with app.app_context():
            record()
            made.append(seal(at_most=30))

    sealer = threading.Thread(target=work)
    sealer.start()
    looking = text("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_locks%RowExcl%'")
    wait_until(lambda: _looks(app, looking), "the sealer looks for writers")
    assert made == []
    writing.commit()
    sealer.join()
    assert made[0] is not None
    assert made[0].events == 2


def _looks(app: Flask, looking: object) -> bool:
    with app.app_context():
        return bool(db.session.scalar(looking) > 1)  # type: ignore[call-overload]


@pytest.mark.postgres
def test_an_event_that_was_rolled_back_leaves_no_gap_in_the_seals(writing: Session, app: Flask):
    with app.app_context():
        record()
    writing.rollback()
    with app.app_context():
        made = seal()
        assert made is not None
        assert made.events == 1
        assert findings() == []


def test_a_long_read_and_other_writing_delay_no_seal(app: Flask):
    record()
    with app.app_context():
        db.session.execute(text("SELECT count(*) FROM consent_events"))
        assert seal(at_most=0.1) is not None


def test_every_hour_what_is_new_is_sealed_and_leaves_the_database(config: Config):
    record()
    reconcile.every_hour()
    reconcile.every_hour()
    record()
    reconcile.every_hour()
    seals = all_seals()
    assert [one.hash for one in kept(config)] == [one.hash for one in seals]
    assert len(seals) == 2


def test_a_seal_made_elsewhere_is_kept_here_too(config: Config):
    record()
    seal()
    assert kept(config) == []
    assert seal_and_keep(config) is None
    assert len(kept(config)) == 1


def test_an_exported_seal_reads_as_it_was_written(tmp_path: Path):
    record()
    made = seal()
    assert made is not None
    read = read_line(as_line(made))
    assert (read.id, read.hash, read.at) == (made.id, made.hash, made.at)
    file = tmp_path / "seals"
    append(file, [made])
    append(file, [made])
    assert file.read_text() == f"{as_line(made)}\n"


def test_a_line_that_was_cut_off_is_left_out_and_the_next_stands_alone(config: Config):
    record()
    reconcile.every_hour()
    path = config.data / exported.NAME
    path.write_text(path.read_text() + '{"id": 2, "last')
    record()
    reconcile.every_hour()
    assert [one.id for one in kept(config)] == [1, 2]
