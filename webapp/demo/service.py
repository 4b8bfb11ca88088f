"""Loading the demo: all of it in one transaction, a few thousand people at a time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import current_app
from sqlalchemy import insert, select

from webapp.accounts.rules import SYSTEM
from webapp.audit import service as audit
from webapp.contacts.models import Contact
from webapp.core.config import Config
from webapp.core.db import db, transaction
from webapp.core.dialect import continue_ids, database_now, lock
from webapp.demo import chats, setting
from webapp.demo.chunks import NUMBERED, Rows, rows_of
from webapp.demo.ids import Ids
from webapp.demo.lives import live
from webapp.demo.pen import Desk
from webapp.demo.people import Population
from webapp.demo.stories import Cast, Life
from webapp.demo.strangers import strangers
from webapp.keywords import service as keywords
from webapp.sandbox.store import register_phones

CHUNK = 5000
ONE_AT_A_TIME = 4_993_002
PHONES_KNOWN = timedelta(days=30)


def loaded() -> bool:
    """Tell whether there are contacts, the demo's or others."""
    found = _has_contacts()
    db.session.rollback()
    return found


def load(contacts: int = 2000) -> None:
    """Load the demo with so many contacts, in a transaction of its own.

    Does nothing where there are contacts already. The same number gives the same people, ids and
    choices everywhere; times are relative to now. Effects: rows, and the sandbox's own file.
    """
    transaction(lambda: _load(contacts))


def _load(contacts: int) -> None:
    lock(db.session(), [ONE_AT_A_TIME], shared=False)
    if _has_contacts():
        return
    config: Config = current_app.extensions["heed"]
    account_key = config.address_keys[0]
    setting.add_attributes()
    desk, tag_ids, ids = _desk(config), setting.add_tags(), Ids.free(NUMBERED)
    people = Population(contacts, ids, desk.cast.now, account_key)
    for first in range(0, contacts, CHUNK):
        places = range(first, min(first + CHUNK, contacts))
        lives = [live(people.person(place), desk.cast) for place in places]
        unknown = list(strangers(people, places, desk.cast, account_key))
        _insert(rows_of(lives, unknown, desk, ids, tag_ids))
        register_phones(config, _phones(lives, desk.cast))
    continue_ids(db.session(), NUMBERED)
    audit.record(SYSTEM, "demo.loaded", contacts=contacts)


def _has_contacts() -> bool:
    return db.session.scalar(select(Contact.id).limit(1)) is not None


def _desk(config: Config) -> Desk:
    """Add who acts and what they send."""
    users = setting.add_users()
    cast = Cast(
        admin=users["admin"],
        marketer=users["marketer"],
        shop=setting.add_shop(),
        now=database_now(db.session()),
        keywords=keywords.load(),
    )
    return Desk(cast, setting.add_templates(config))


def _insert(rows: Rows) -> None:
    for model, some in rows.items():
        if some:
            db.session.execute(insert(model.__table__), some)


def _phones(lives: list[Life], cast: Cast) -> list[dict[str, Any]]:
    """Give the phones that the sandbox should know: of people who wrote lately."""
    known = [phone for life in lives if (phone := chats.phone(life)) is not None]
    return [phone for phone in known if phone["last_inbound_at"] > cast.now - PHONES_KNOWN]
