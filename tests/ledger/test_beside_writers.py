"""Verifying reads one moment while others write, in one process and in several."""

from __future__ import annotations

import threading

import pytest
from flask import Flask

from tests.ledger.books import findings
from tests.people import add_contact, phone, record
from webapp.contacts.rules import State
from webapp.core.db import db

pytestmark = pytest.mark.usefixtures("context")


@pytest.mark.parametrize("processes", [1, 2])
def test_a_ledger_is_whole_while_others_write(app: Flask, processes: int):
    add_contact()
    record()
    enough, written = threading.Event(), threading.Event()

    def write() -> None:
        number = 0
        with app.app_context():
            while not enough.is_set():
                number += 1
                record(State.OPTED_IN if number % 2 else State.OPTED_OUT)
                record(address=phone(f"+1650556{number:04}"))
                written.set()
            db.session.remove()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert written.wait(30)
        found = [findings(processes=processes) for _ in range(2)]
    finally:
        enough.set()
        writer.join()
    assert found == [[], []]
