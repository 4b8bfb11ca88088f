"""Locking all that some rows of a list touch before any of it is read or any row is changed.

Everybody locks keys before rows: whoever took more keys with a contact's row in hand would wait
for somebody who waits for that row.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from webapp.consent.locks import lock_keys
from webapp.contacts.models import FormerAddress
from webapp.contacts.owners import Owner
from webapp.contacts.rules import Channel
from webapp.core.db import db, run, table_of
from webapp.core.dialect import writes_alone
from webapp.imports.contact_matching import Keyed, Known, Matches, changes, look

_FORMER = table_of(FormerAddress).c


def look_locked(
    rows: Sequence[Keyed], since: datetime, *, overwrite: bool, changed: int
) -> Matches:
    """Lock what rows name, and of the contacts they change all that these have; then look.

    Most rows of a list name nobody who is there: so the rows' own keys are locked first, and only
    where that finds somebody all locks are given back and taken again with theirs, in order. While
    we waited they may have got other addresses, so what is seen is what was locked. The rows after
    those that change `changed` contacts are for another step: of their contacts nothing is locked.
    """
    if writes_alone(db.session()):
        return look(rows, since)
    wanted = {key for one in rows for key in (*one.keys, *one.further)}
    while True:
        attempt = db.session.begin_nested()
        lock_keys(wanted)
        found = look(rows, since)
        more = _theirs(rows, found, overwrite, changed) - wanted
        if not more:
            attempt.commit()
            return found
        attempt.rollback()  # with it go its locks
        wanted |= more


def _theirs(rows: Sequence[Keyed], found: Matches, overwrite: bool, changed: int) -> set[bytes]:
    """Give the keys of the contacts that rows change, or of whose consent they speak."""
    people: dict[int, Owner] = {}
    for one in rows if found.known else ():
        own = [found.known[key] for key in one.keys if key in found.known]
        other = [found.known[key] for key in one.further if key in found.known]
        if any(_changes(who, one, found, overwrite) for who in own):
            changed -= 1
        elif not one.row.asks:
            continue
        people.update((who.owner.id, who.owner) for who in (*own, *other))
        if changed < 0:
            break
    if not people:
        return set()
    now = {key for owner in people.values() for channel in Channel for key in owner.keys(channel)}
    left = select(_FORMER.key).where(_FORMER.contact_id.in_(list(people)))
    return now.union(run(left).scalars())


def _changes(who: Known, one: Keyed, found: Matches, overwrite: bool) -> bool:
    tags = found.tags.get(who.owner.id, set())
    return changes(who, one.row, tags, overwrite=overwrite) is not None
