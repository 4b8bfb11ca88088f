"""Prepared statements: what SQLAlchemy would give, also when something goes wrong."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import bindparam, insert, select, text, update
from sqlalchemy.exc import IntegrityError, OperationalError

from tests.people import EVIDENCE, add_contact, add_user, record
from webapp.accounts.models import Setting
from webapp.consent.models import ConsentEvent, ConsentEventDetail, ConsentState
from webapp.contacts.models import Activity, Contact, Tag
from webapp.contacts.rules import Source, State
from webapp.core import clock
from webapp.core.db import connection, db, run, table_of, transaction
from webapp.core.last_rows import add_last
from webapp.core.prepared import Prepared

pytestmark = pytest.mark.usefixtures("context")

TAGS = table_of(Tag)
ADD_TAG = Prepared(insert(TAGS).returning(TAGS.c.id, TAGS.c.name))


@pytest.mark.parametrize(
    "model", [Contact, ConsentState, ConsentEvent, ConsentEventDetail, Activity]
)
def test_rows_are_those_that_sqlalchemy_reads(model: type[Contact]) -> None:
    add_contact(attributes={"city": "Ulm", "age": 40})
    record(State.OPTED_IN, evidence=EVIDENCE)
    query = select(*table_of(model).c)
    expected = [tuple(row) for row in run(query)]
    assert Prepared(query).all({}) == expected
    assert expected


def test_what_is_written_is_what_sqlalchemy_would_write() -> None:
    contact = add_contact()
    moment = clock.now() - timedelta(days=1)
    values = {
        "whatsapp_state": State.OPTED_OUT,
        "whatsapp_changed_at": moment,
        "whatsapp_source": Source.API,
        "whatsapp_held": True,
        "attributes": {"city": "Ulm"},
    }
    change = update(table_of(Contact)).where(Contact.id == bindparam("contact_id"))
    Prepared(change).run({"contact_id": contact.id, **values})
    db.session.commit()
    assert {name: getattr(contact, name) for name in values} == values


def test_several_rows_go_in_at_once() -> None:
    rows = [{"name": word.title(), "folded": word} for word in ("new", "old", "vip")]
    Prepared(insert(TAGS).inline()).run_each(rows)
    db.session.commit()
    assert [tag.name for tag in db.session.query(Tag).order_by(Tag.id)] == ["New", "Old", "Vip"]


def test_a_column_with_a_default_of_pythons_must_be_named() -> None:
    with pytest.raises(AssertionError, match="changed_at"):
        Prepared(insert(table_of(Setting))).run({"name": "x", "value": {}})
    db.session.rollback()


def test_a_broken_uniqueness_is_told_as_ever() -> None:
    ADD_TAG.run({"name": "Vip", "folded": "vip"})
    with pytest.raises(IntegrityError):
        ADD_TAG.run({"name": "VIP", "folded": "vip"})
    db.session.rollback()
    assert ADD_TAG.all({"name": "Vip", "folded": "vip"})[0][1] == "Vip"
    db.session.rollback()


@pytest.mark.postgres
def test_a_deadlock_is_tried_again() -> None:
    raises = Prepared(text("DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '40P01'; END $$"))
    tries: list[int] = []

    def work() -> int:
        tries.append(1)
        if len(tries) < 3:
            raises.run({})
        return len(tries)

    assert transaction(work) == 3


@pytest.mark.postgres
def test_a_connection_that_broke_is_left_behind() -> None:
    end = text("SELECT pg_terminate_backend(pg_backend_pid())")
    with pytest.raises(OperationalError) as caught:
        Prepared(end).run({})
    assert caught.value.connection_invalidated
    db.session.rollback()
    assert run(select(TAGS.c.id)).all() == []
    db.session.rollback()


def test_the_connection_is_the_sessions_own_and_ends_with_its_transaction() -> None:
    first = connection()
    assert first is db.session().connection() is connection()
    db.session.rollback()
    assert connection() is db.session().connection()
    db.session.rollback()


def test_last_rows_commit_with_the_rest_or_not_at_all() -> None:
    user = add_user()
    contact_id = add_contact().id
    line = {"contact_id": contact_id, "kind": "seen", "at": clock.now(), "data": {}}
    by = {"actor_kind": user.actor().kind, "actor_id": user.id}

    def fails() -> None:
        add_last(table_of(Activity), {**line, **by})
        raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        transaction(fails)
    transaction(lambda: add_last(table_of(Activity), {**line, **by, "kind": "kept"}))
    assert [activity.kind for activity in db.session.query(Activity)] == ["kept"]
