"""Parts are read ahead by a thread with a session of its own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.people import add_contact
from webapp.contacts.models import Contact
from webapp.core.ahead import read_ahead
from webapp.core.db import db, transaction


def test_parts_come_in_order_from_a_thread_that_sees_what_is_committed(app: Flask):
    def parts() -> Iterator[tuple[int, int | None, bool]]:
        for number in range(5):
            there = db.session.scalar(select(func.count()).select_from(Contact))
            db.session.rollback()
            yield number, there, threading.current_thread() is threading.main_thread()

    seen: list[tuple[int, int | None, bool]] = []
    with app.app_context(), closing(read_ahead(parts())) as ahead:
        for part in ahead:
            if not seen:
                transaction(add_contact)
            seen.append(part)
    assert [number for number, _, _ in seen] == list(range(5))
    assert not any(here for _, _, here in seen)
    assert [there for _, there, _ in seen][2:] == [1, 1, 1]


def test_whoever_waits_for_the_next_part_holds_no_lock_that_it_needs(app: Flask):
    def parts() -> Iterator[int]:
        for number in range(3):
            yield db.session.scalar(select(func.count()).select_from(Contact)) or number
            db.session.rollback()

    with app.app_context(), closing(read_ahead(parts())) as ahead:
        for _ in ahead:
            db.session.execute(select(Contact.id))  # on SQLite a transaction with the write lock


def test_an_error_is_raised_where_the_part_would_come(app: Flask):
    def parts() -> Iterator[int]:
        yield 1
        raise ValueError("no list")

    with app.app_context(), closing(read_ahead(parts())) as ahead:
        assert next(ahead) == 1
        with pytest.raises(ValueError, match="no list"):
            next(ahead)
