"""The time machine: at the moment of any event, what stood is what was stored then."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.consent.test_change_property import apply, try_undo, wishes
from tests.database import Rows
from tests.people import add_contact, phone
from webapp.consent.models import ConsentEvent
from webapp.consent.queries import standing_of, state_row
from webapp.contacts.addresses import key_of
from webapp.contacts.rules import Channel, State
from webapp.core import clock
from webapp.core.db import db
from webapp.ledger.covering import covering
from webapp.privacy.evidence import pack_of
from webapp.privacy.evidence_chain import Course, stood_at
from webapp.privacy.subjects import Subject

JUST_BEFORE = timedelta(microseconds=1)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(st.one_of(wishes, st.just("undo")), max_size=7))
def test_what_stood_at_each_event_is_what_was_stored(
    app: Flask, rows: Rows, steps: list[Any]
) -> None:
    rows.restore()
    with app.app_context():
        add_contact()
        for step in steps:
            if step == "undo":
                try_undo()
            else:
                apply(step)
        events = list(db.session.scalars(select(ConsentEvent).order_by(ConsentEvent.seq)))
        course = Course(events)
        for event in events:
            stood = stood_at(events, event.recorded_at).known.state
            assert stood is event.to_state
            assert course.at(event.recorded_at) is event.to_state
            before = stood_at(events, event.recorded_at - JUST_BEFORE).known.state
            assert before is event.from_state
        stored = standing_of(state_row(Channel.WHATSAPP, key_of(phone())))
        now = stood_at(events, clock.now())
        assert (now.known, now.today) == (stored, stored)
        pack = pack_of(Subject.of(phone()), clock.now(), covering)
        assert all(part.checked.holds for part in pack.parts)
        assert course.at(clock.now() - timedelta(days=9)) is State.UNKNOWN
        db.session.rollback()
