"""Any events, from any source, in any order, late, replayed: stored, folded and copied agree."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.database import Rows
from tests.people import EVIDENCE, add_contact, phone, stored_and_folded
from webapp.accounts.rules import CUSTOMER, PROVIDER, SYSTEM, Actor, ActorKind
from webapp.consent.models import ConsentEvent, ConsentState
from webapp.consent.service import change, undo
from webapp.consent.wishes import Wish
from webapp.contacts.addresses import key_of
from webapp.contacts.models import Contact
from webapp.contacts.rules import Channel, Source, State
from webapp.core import clock
from webapp.core.db import db, transaction
from webapp.core.errors import Conflict, Invalid

ANN = Actor(ActorKind.USER, 1, "Ann")
BY = {Source.MANUAL: ANN, Source.PROVIDER: PROVIDER, Source.API: SYSTEM, Source.IMPORT: SYSTEM}

wishes = st.fixed_dictionaries(
    {
        "asked": st.sampled_from([State.OPTED_IN, State.OPTED_OUT]),
        "source": st.sampled_from([s for s in Source if s is not Source.CORRECTION]),
        "ago": st.sampled_from([None, -3600, 0, 30, 59, 61, 120, 86_400]),
        "proven": st.booleans(),
    }
)


def apply(step: dict[str, Any]) -> None:
    """Record one wish; what is refused leaves nothing."""
    ago = step["ago"]
    wish = Wish(
        Channel.WHATSAPP,
        phone(),
        step["asked"],
        step["source"],
        BY.get(step["source"], CUSTOMER),
        None if ago is None else clock.now() - timedelta(seconds=ago),
        evidence=EVIDENCE if step["proven"] else {},
    )
    try:
        transaction(lambda: change(wish))
    except Invalid:
        assert step["asked"] is State.OPTED_IN


def try_undo() -> None:
    newest = db.session.scalar(select(ConsentEvent.id).order_by(ConsentEvent.id.desc()))
    if newest is not None:
        try:
            transaction(lambda: undo(newest, ANN))
        except Conflict:
            db.session.rollback()


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(st.one_of(wishes, st.just("undo")), max_size=7))
def test_the_state_the_fold_and_the_copy_always_agree(
    app: Flask, rows: Rows, steps: list[Any]
) -> None:
    rows.restore()
    with app.app_context():
        contact_id = add_contact().id
        outs = 0
        for step in steps:
            before = db.session.scalar(select(ConsentState.state)) or State.UNKNOWN
            if step == "undo":
                try_undo()
            else:
                apply(step)
            stored, folded = stored_and_folded(Channel.WHATSAPP, key_of(phone()))
            assert stored == folded
            outs += stored.state is State.OPTED_OUT and before is not State.OPTED_OUT
            epoch = db.session.scalar(select(ConsentState.epoch)) or 0
            assert epoch == outs
        contact = db.session.get_one(Contact, contact_id, populate_existing=True)
        stored, _ = stored_and_folded(Channel.WHATSAPP, key_of(phone()))
        assert (contact.whatsapp_state, contact.whatsapp_changed_at, contact.whatsapp_source) == (
            stored.state,
            stored.since,
            stored.source,
        )
        db.session.rollback()
