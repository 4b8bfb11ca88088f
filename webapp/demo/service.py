"""Loading the demo: all of it in one transaction, a few thousand people at a time."""

from __future__ import annotations

from collections.abc import Callable

from flask import current_app
from sqlalchemy import select

from webapp.accounts.rules import SYSTEM
from webapp.audit import service as audit
from webapp.contacts.models import Contact
from webapp.core.config import Config
from webapp.core.db import db, transaction
from webapp.core.dialect import continue_ids, database_now, is_postgres, lock
from webapp.core.loading import insert_payload, roomy_cache, tidy_up
from webapp.demo import choices, deals, office, setting
from webapp.demo.apart import WORTH_A_PROCESS, batches_apart
from webapp.demo.chunks import NUMBERED
from webapp.demo.ids import free_ids
from webapp.demo.making import Plan, batches
from webapp.demo.pen import Desk
from webapp.demo.stories import Cast
from webapp.keywords import service as keywords
from webapp.receipts.links import links
from webapp.sandbox.store import register_phones

ONE_AT_A_TIME = 4_993_002


def loaded() -> bool:
    """Tell whether there are contacts, the demo's or others."""
    found = _has_contacts()
    db.session.rollback()
    return found


def load(contacts: int = 2000, told: Callable[[int, int], None] | None = None) -> bool:
    """Load the demo with so many contacts; tells whether it did: not where there are some already.

    The same number gives the same people, ids and choices everywhere; times are relative to now.
    `told` hears from time to time how many people and rows have been written. All of it is one
    transaction, so a load that was killed has left nothing, and the next one starts anew. Effects:
    rows, the sandbox's own file, and what `tidy_up` does.
    """
    loads = transaction(lambda: _load(contacts, told or _nobody))
    if loads:
        tidy_up(db.engine)
    return loads


def _nobody(_people: int, _rows: int) -> None:
    pass


def _load(contacts: int, told: Callable[[int, int], None]) -> bool:
    lock(db.session(), [ONE_AT_A_TIME], shared=False)
    if _has_contacts():
        return False
    config: Config = current_app.extensions["heed"]
    plan = _plan(config, contacts)
    with roomy_cache(db.session()):
        rows = _write(config, plan, told)
    continue_ids(db.session(), NUMBERED)
    told(contacts, rows + deals.add_deals(plan.desk.cast))
    office.add_acts(plan.desk.cast)
    choices.add_segments(plan.desk.cast.marketer)
    audit.record(SYSTEM, "demo.loaded", contacts=contacts)
    return True


def _write(config: Config, plan: Plan, told: Callable[[int, int], None]) -> int:
    """Insert a plan's rows, by another process's hands where they are many; gives how many.

    The last people are told of by the caller, with what it adds.
    """
    make = batches_apart if plan.contacts >= WORTH_A_PROCESS else batches
    people = rows = 0
    for batch in make(plan, postgres=is_postgres(db.session())):
        if people:
            told(people, rows)
        for table, names, payload in batch.tables:
            insert_payload(db.session(), table, names, payload)
        register_phones(config, batch.phones)
        people, rows = people + batch.people, rows + batch.rows
    return rows


def _plan(config: Config, contacts: int) -> Plan:
    """Write what stands before the first contact, and say what is to be made."""
    setting.add_attributes()
    return Plan(
        contacts,
        _desk(config),
        setting.add_tags(),
        config.address_keys[0],
        free_ids(NUMBERED),
    )


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
        links=links(),
    )
    return Desk(cast, setting.add_templates(config))
