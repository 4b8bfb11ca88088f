"""Requests that only read: asked in one go, without a transaction, over a connection that stands."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.ctx import AppContext
from sqlalchemy import NullPool, bindparam, create_engine, literal, select, text

from tests.counting import counted_queries
from tests.people import add_contact
from webapp.contacts.models import Contact
from webapp.core.db import db
from webapp.core.dialect import is_postgres, read_alone
from webapp.core.prepared import Prepared, ask_ahead

NAMES = Prepared(select(Contact.name).order_by(Contact.id).limit(bindparam("most")))
ONE = Prepared(select(literal(1)))


@pytest.fixture
def people(context: AppContext) -> None:
    for nth, name in enumerate(("Ann", "Ben")):
        add_contact(f"+1650555000{nth}", name)


def test_what_is_asked_ahead_is_answered_when_asked(people):
    ask_ahead([(NAMES, {"most": 1}), (ONE, {}), (NAMES, {"most": 9})])
    assert NAMES.all({"most": 9}) == [("Ann",), ("Ben",)]
    assert ONE.scalar({}) == 1
    assert NAMES.all({"most": 1}) == [("Ann",)]
    db.session.rollback()


def test_an_answer_serves_once_and_no_other_question(app: Flask, people):
    ask_ahead([(NAMES, {"most": 1})])
    with counted_queries(app) as statements:
        assert NAMES.all({"most": 2}) == [("Ann",), ("Ben",)]
        first = NAMES.all({"most": 1})
        assert first == NAMES.all({"most": 1})
    assert len(statements) == (2 if is_postgres(db.session()) else 3)
    db.session.rollback()


def test_no_answer_outlives_its_transaction(people):
    ask_ahead([(NAMES, {"most": 9})])
    db.session.rollback()
    add_contact("+16505550009", "Cem")
    assert NAMES.all({"most": 9}) == [("Ann",), ("Ben",), ("Cem",)]
    db.session.rollback()


def test_a_statement_that_fails_ahead_fails_as_ever(people):
    broken = Prepared(select(text("no_such_column")).select_from(Contact))
    if is_postgres(db.session()):
        with pytest.raises(Exception, match="no_such_column"):
            ask_ahead([(ONE, {}), (broken, {})])
    db.session.rollback()
    assert ONE.scalar({}) == 1
    db.session.rollback()


def test_reading_alone_begins_no_transaction_on_postgresql(app: Flask):
    with app.app_context():
        read_alone(db.session())
        assert ONE.scalar({}) == 1
        if is_postgres(db.session()):
            raw = db.session.connection().connection.dbapi_connection
            assert raw is not None
            assert raw.autocommit
        db.session.rollback()
        # The next transaction of the same session is one again.
        raw = db.session.connection().connection.dbapi_connection
        assert not getattr(raw, "autocommit", False) or not is_postgres(db.session())


def test_a_transaction_that_has_begun_stays_one(people):
    assert ONE.scalar({}) == 1
    read_alone(db.session())
    assert NAMES.all({"most": 9}) == [("Ann",), ("Ben",)]
    db.session.rollback()


@pytest.mark.postgres
def test_a_connection_that_the_server_closed_is_not_used_again(app: Flask):
    with app.app_context():
        mine = db.session.scalar(text("SELECT pg_backend_pid()"))
        db.session.remove()
        elsewhere = create_engine(db.engine.url, poolclass=NullPool)
        with elsewhere.connect() as connection:
            connection.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": mine})
        for _ in range(3):
            assert ONE.scalar({}) == 1
            db.session.remove()
