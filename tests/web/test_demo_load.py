"""Loading a demo with quiet people behind the lively ones: all of it or nothing, and all of it right."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from tests.whole_ledger import problems
from webapp.accounts.models import User
from webapp.audit.models import AuditEntry
from webapp.contacts.models import Contact
from webapp.core.db import db
from webapp.demo import load, loaded
from webapp.demo.chunks import NUMBERED, UNNUMBERED
from webapp.demo.paces import LIVELY_ONES
from webapp.opportunities.models import Opportunity

QUIET_ONES = 600


@pytest.fixture(autouse=True)
def _context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield
        db.session.rollback()


def rows() -> int:
    models = (*NUMBERED, *UNNUMBERED, Opportunity)
    return sum(len(db.session.execute(select(model.__table__)).all()) for model in models)


def test_chains_folds_states_copies_and_timelines_of_everybody_agree() -> None:
    count = LIVELY_ONES + QUIET_ONES
    told = []
    assert load(count, lambda *said: told.append(said))
    assert told[-1] == (count, rows())
    assert [people for people, _ in told] == sorted({people for people, _ in told})
    assert not list(problems(db.session.connection()))


def test_its_users_are_as_old_as_the_audit_log_says() -> None:
    load(LIVELY_ONES)
    query = select(AuditEntry).where(AuditEntry.action == "user.added")
    said = {entry.detail["name"]: entry.at for entry in db.session.scalars(query)}
    assert said == {user.name: user.created_at for user in db.session.scalars(select(User))}


def test_ids_go_on_in_every_table(db_kind: str) -> None:
    load(LIVELY_ONES + 10)
    for model in NUMBERED:
        highest = db.session.scalar(select(func.max(model.id)))
        if db_kind == "postgres":
            name = f"pg_get_serial_sequence('{model.__tablename__}', 'id')"
            assert db.session.scalar(text(f"SELECT nextval({name})")) > highest
        assert highest == len(db.session.scalars(select(model.id)).all())


def test_a_load_that_breaks_off_leaves_nothing_and_the_next_one_starts_anew() -> None:
    def stop(_people: int, _rows: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load(60, stop)
    assert not loaded()
    assert rows() == 0
    assert db.session.scalar(select(func.count(AuditEntry.id))) == 0
    assert load(60)
    assert db.session.scalar(select(func.count(Contact.id))) == 60


def test_nothing_is_loaded_beside_contacts_that_are_there() -> None:
    assert load(20)
    assert not load(30)
    assert db.session.scalar(select(func.count(Contact.id))) == 20
