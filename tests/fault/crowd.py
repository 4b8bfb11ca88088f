"""The people of a run and their messages: contacts, a sign-in, a token; a campaign's chunks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy import Engine, create_engine, insert, make_url, select

from tests.fault.doors import Person
from webapp import migrate, models
from webapp.accounts.rules import ActorKind, Role
from webapp.accounts.service import add_user, create_token
from webapp.consent.models import ConsentState
from webapp.consent.rules import Rule
from webapp.contacts.addresses import key_of
from webapp.contacts.folding import fold_name
from webapp.contacts.models import Contact
from webapp.contacts.rules import Address, AddressKind, Channel, State
from webapp.core import clock, queue
from webapp.core.config import Config
from webapp.core.db import db, table_of, transaction
from webapp.core.valkey import embedded_valkey_url
from webapp.outbox.models import Message
from webapp.outbox.rules import Category, Origin, Reason, Status

EMAIL, PASSWORD = "marketer@fault.example", "correct horse battery"
MESSAGES, STATES = table_of(Message), table_of(ConsentState)


@dataclass(frozen=True)
class Crowd:
    """Everybody, the API token, and a way of our own to the tables."""

    people: list[Person]
    token: str
    engine: Engine


def settle_in(config: Config, count: int) -> Crowd:
    """Make the schema, the contacts, somebody who signs in and a token, on an empty database."""
    migrate.upgrade(config.database_url)
    # No whole app: where this runs in a test, that one's must stay the only one.
    app = Flask("fault")
    app.extensions["heed"] = config
    app.extensions["heed_models"] = models
    app.config["SQLALCHEMY_DATABASE_URI"] = config.database_url
    db.init_app(app)
    queue.init_app(app, embedded_valkey_url(config))
    with app.app_context():
        transaction(lambda: add_user(EMAIL, "Mara", Role.ADMIN, PASSWORD))
        token = transaction(lambda: create_token("fault", Role.ADMIN)[1])
        people = transaction(lambda: _contacts(count))
        db.engine.dispose()
    return Crowd(people, token, create_engine(make_url(config.database_url), pool_pre_ping=True))


def _contacts(count: int) -> list[Person]:
    numbers = [f"+1650{2_000_000 + number}" for number in range(count)]
    keys = {number: key_of(Address(AddressKind.PHONE, number)) for number in numbers}
    rows = [
        {
            "name": f"Customer {number}",
            "name_folded": fold_name(f"Customer {number}"),
            "phone": number,
            "phone_key": key,
        }
        for number, key in keys.items()
    ]
    db.session.execute(insert(Contact), rows)
    found = db.session.execute(select(Contact.id, Contact.phone).order_by(Contact.id))
    return [Person(contact_id, phone, keys[phone]) for contact_id, phone in found if phone]


@dataclass(frozen=True)
class Wanted:
    """A message that a campaign is to send to somebody, not before a moment."""

    person: Person
    at: datetime


@dataclass(frozen=True)
class Written:
    """A chunk as it was committed: its rows' ids, and when what it was judged by had been read."""

    ids: list[int]
    admitted: float


def write_chunk(
    engine: Engine, wanted: Sequence[Wanted], between: Callable[[], object] | None = None
) -> Written:
    """Add a campaign's chunk: epochs and states read first, then `between`, then all rows at once.

    An opt-out in between is one that its cancellation cannot see: the epoch alone stops those.
    """
    states = _states(engine, {one.person.key for one in wanted})
    admitted = clock.elapsed()
    if between is not None:
        between()
    rows = [_row(one, *states.get(one.person.key, (None, 0, None))) for one in wanted]
    with engine.begin() as connection:
        ids = connection.scalars(insert(MESSAGES).returning(MESSAGES.c.id), rows).all()
    return Written(list(ids), admitted)


def _states(engine: Engine, keys: set[bytes]) -> dict[bytes, tuple[State, int, int | None]]:
    columns = (STATES.c.key, STATES.c.state, STATES.c.epoch, STATES.c.out_event_id)
    query = select(*columns).where(STATES.c.channel == Channel.WHATSAPP, STATES.c.key.in_(keys))
    with engine.connect().execution_options(reads_only=True) as connection:
        return {bytes(row.key): (row[1], row[2], row[3]) for row in connection.execute(query)}


def _row(one: Wanted, state: State | None, epoch: int, event_id: int | None) -> dict[str, Any]:
    row: dict[str, Any] = {
        "contact_id": one.person.id,
        "channel": Channel.WHATSAPP,
        "key": one.person.key,
        "address": one.person.number,
        "origin": Origin.CAMPAIGN,
        "category": Category.MARKETING,
        "body": "Ten percent off until Friday",
        "variables": {},
        "detail": "",
        "epoch": epoch,
        "attempts": 0,
        "status": Status.SCHEDULED,
        "reason": None,
        "rule": None,
        "event_id": None,
        "ended_at": None,
        "send_at": one.at,
        "not_before": one.at,
        "created_at": clock.now(),
        "actor_kind": ActorKind.SYSTEM,
    }
    if state is State.OPTED_OUT:
        row |= {"status": Status.SKIPPED, "reason": Reason.OPTED_OUT, "rule": Rule.OPTED_OUT}
        row |= {"event_id": event_id, "ended_at": clock.now()}
    return row
