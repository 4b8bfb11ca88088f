"""Filling a database: the demo's people, and what the measures need beside them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Select,
    and_,
    func,
    insert,
    literal,
    select,
)

from bench.opt_outs import add_opt_outs
from webapp.accounts.rules import ActorKind
from webapp.consent.models import ConsentState
from webapp.contacts.models import Contact
from webapp.contacts.rules import Channel, State
from webapp.core import clock
from webapp.core.loading import tidy_up
from webapp.demo import load
from webapp.outbox.models import Message
from webapp.outbox.rules import Category, Origin, Status

LATER = timedelta(days=40)


def fill(app: Flask, engine: Engine, size: int) -> dict[str, Any]:
    """Fill an empty database; gives how many rows there are, and the days of the added opt-outs.

    Contacts, their ledger and their past come from `heed demo`. Then three of ten contacts get an
    opt-out on SMS within one month, for the export, and messages wait for some of them: there is
    one message a contact or more, and half as many wait.
    """
    with app.app_context():
        load(size)
    first, last = add_opt_outs(app, size * 3 // 10)
    with engine.begin() as connection:
        _add_waiting(connection, size)
    settle(engine)
    return counts(engine) | {"first": first.isoformat(), "last": last.isoformat()}


def settle(engine: Engine) -> None:
    """Bring the database to where it would bring itself within minutes."""
    tidy_up(engine)
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            connection.exec_driver_sql("CHECKPOINT")


def counts(engine: Engine) -> dict[str, Any]:
    """Count what the measures stand on."""
    waiting = select(func.count()).where(Message.status == Status.SCHEDULED)
    with engine.connect() as connection:
        return {
            "contacts": connection.scalars(select(func.count(Contact.id))).one(),
            "states": connection.scalars(select(func.count(ConsentState.key))).one(),
            "messages": connection.scalars(select(func.count(Message.id))).one(),
            "waiting": connection.scalars(waiting).one(),
        }


def _add_waiting(connection: Connection, size: int) -> None:
    """Let messages wait for every fourth contact: half as many as there are contacts, or more.

    So many more that with the past of the demo there is one a contact.
    """
    later = clock.now() + LATER
    row = {
        "channel": Channel.WHATSAPP.value,
        "origin": Origin.SCHEDULED.value,
        "category": Category.MARKETING.value,
        "body": "Ten percent off until Friday",
        "send_at": later,
        "not_before": later,
        "actor_kind": ActorKind.USER.value,
    }
    same = (literal(value, Message.__table__.c[name].type) for name, value in row.items())
    names = [*row, "contact_id", "key", "address", "epoch"]
    people = _reachable(*same)
    there = connection.scalars(select(func.count(Message.id))).one()
    missing = max(size // 2, size - there)
    reachable = connection.scalars(select(func.count()).select_from(people.subquery())).one()
    assert reachable, "nobody to write to"
    while missing > 0:
        connection.execute(insert(Message).from_select(names, people.limit(missing)))
        missing -= reachable


def _reachable(*columns: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
    """Select every fourth contact with a number who is not opted out, with their epoch."""
    state, epoch = ConsentState, func.coalesce(ConsentState.epoch, 0)
    own = and_(state.channel == Channel.WHATSAPP, state.key == Contact.phone_key)
    return (
        select(*columns, Contact.id, Contact.phone_key, Contact.phone, epoch)
        .outerjoin_from(Contact, state, own)
        .where(
            Contact.phone_key.is_not(None),
            Contact.id % 4 == 0,
            Contact.whatsapp_state != State.OPTED_OUT,
        )
    )
