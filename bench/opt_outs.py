"""Opt-outs of one month in bulk: a ledger as an import of an old exclusion list leaves it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from flask import Flask
from sqlalchemy import Table, exists, func, select, text
from sqlalchemy.orm import Session

from webapp.accounts.rules import SYSTEM
from webapp.consent import chain
from webapp.consent.models import ConsentEvent, ConsentEventDetail, ConsentState
from webapp.consent.rules import Entry
from webapp.contacts.models import Contact
from webapp.contacts.rules import Channel, Source, State
from webapp.core import clock
from webapp.core.db import db
from webapp.core.dialect import continue_ids, is_postgres
from webapp.core.loading import insert_payload, roomy_cache
from webapp.core.payloads import Form

CHUNK = 10_000
MODELS: tuple[type[Any], ...] = (ConsentEvent, ConsentEventDetail, ConsentState)
FIRST, LAST = timedelta(days=60), timedelta(days=31)
Row = dict[str, Any]


def add_opt_outs(app: Flask, count: int) -> tuple[date, date]:
    """Opt so many contacts out of SMS who have no record there; gives the first and last day.

    Effects: events, details and states, chained as the ledger asks, and the copies beside the
    contacts, in one transaction.
    """
    first, last = clock.now() - FIRST, clock.now() - LAST
    with app.app_context():
        session = db.session()
        highest = session.scalars(select(func.max(ConsentEvent.id))).one() or 0
        apart = (last - first) / count
        rows = (
            _opt_out(phone, key, first + number * apart, highest + 1 + number)
            for number, (phone, key) in enumerate(_people(session, count))
        )
        with roomy_cache(session):
            while chunk := list(islice(rows, CHUNK)):
                for model, some in zip(MODELS, zip(*chunk, strict=True), strict=True):
                    _insert(session, model.__table__, some)
        session.execute(COPY)
        continue_ids(session, [ConsentEvent])
        session.commit()
    return first.date(), last.date()


def _insert(session: Session, table: Table, rows: Sequence[Row]) -> None:
    form = Form(table, rows[0], postgres=is_postgres(session))
    insert_payload(session, table.name, form.names, form.payload(rows))


def _people(session: Session, count: int) -> Sequence[Any]:
    known = (ConsentState.channel == Channel.SMS) & (ConsentState.key == Contact.phone_key)
    found = session.execute(
        select(Contact.phone, Contact.phone_key)
        .where(Contact.phone_key.is_not(None), ~exists().where(known))
        .order_by(Contact.id)
        .limit(count)
    ).all()
    assert len(found) == count, f"{len(found)} contacts have no record on SMS, {count} are needed"
    return found


def _opt_out(phone: str, key: bytes, at: datetime, event_id: int) -> tuple[Row, Row, Row]:
    """Give the rows of a first opt-out: the event, its detail, the state."""
    entry = Entry(event_id, State.OPTED_OUT, Source.IMPORT, at, at, False, SYSTEM)
    salt, evidence = secrets.token_bytes(16), {"reason": "The list of the old system"}
    commits = chain.commitment(salt, phone, "", evidence)
    public = chain.public_fields(Channel.SMS, key, 1, entry, State.UNKNOWN, State.OPTED_OUT, None)
    hashed = chain.link(chain.FIRST, commits, public)
    event = {**public, "id": event_id, "commitment": commits, "prev": chain.FIRST, "hash": hashed}
    detail = {
        "event_id": event_id,
        "salt": salt,
        "address": phone,
        "said": "",
        "evidence": evidence,
    }
    state = {
        "channel": Channel.SMS,
        "key": key,
        "state": State.OPTED_OUT,
        "epoch": 1,
        "since": at,
        "source": Source.IMPORT,
        "event_id": event_id,
        "out_event_id": event_id,
        "head_at": at,
        "head_seq": 1,
        "head_hash": hashed,
        "held": False,
    }
    return event, detail, state


COPY = text("""
UPDATE contacts SET sms_state = s.state, sms_changed_at = s.since, sms_source = s.source
FROM consent_states AS s
WHERE s.channel = 'sms' AND s.key = contacts.phone_key AND s.state = 'opted_out'
  AND contacts.sms_state = 'unknown'
""")
