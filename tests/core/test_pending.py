"""What is left for the end of a transaction goes with what is rolled back, and only then."""

from __future__ import annotations

from flask import Flask

from tests.people import add_contact
from webapp.accounts.rules import SYSTEM
from webapp.contacts.activities import note, timeline
from webapp.core.db import db, transaction
from webapp.core.pending import leave, taken


def left() -> list[str]:
    return [thing for kind, thing in db.session.info.get("left", []) if kind == "test"]


def test_a_savepoint_takes_back_what_was_left_in_it_and_nothing_else(app: Flask):
    with app.app_context():
        leave("test", "before")
        savepoint = db.session.begin_nested()
        leave("test", "in it")
        inner = db.session.begin_nested()
        leave("test", "deep in it")
        inner.commit()
        savepoint.rollback()
        leave("test", "after")
        assert left() == ["before", "after"]


def test_nothing_is_taken_before_the_transaction_itself_ends(app: Flask):
    with app.app_context():
        leave("test", "kept")
        with db.session.begin_nested():
            assert taken(db.session(), "test") == []
        assert taken(db.session(), "test") == ["kept"]
        assert taken(db.session(), "test") == []


def test_a_rollback_leaves_nothing(app: Flask):
    with app.app_context():
        leave("test", "gone")
        db.session.begin_nested()
        leave("test", "gone too")
        db.session.rollback()
        db.session.rollback()
        assert left() == []


def test_lines_of_the_timeline_outlive_a_savepoint_that_is_taken_back(app: Flask):
    with app.app_context():
        contact_id = transaction(lambda: add_contact().id)
        note(contact_id, "kept", SYSTEM)
        savepoint = db.session.begin_nested()
        note(contact_id, "taken back", SYSTEM)
        savepoint.rollback()
        db.session.commit()
        assert [line.kind for line in timeline(contact_id)] == ["kept"]
