"""What a journal's line is about and this database has already: the event itself, or a copy.

A copy is what another journal brought: it says the same, but its hash is another one.
"""

from __future__ import annotations

from sqlalchemy import select

from webapp.consent.models import ConsentEvent
from webapp.contacts.addresses import key_of
from webapp.contacts.rules import State, provider_address
from webapp.core.db import db
from webapp.ledger.journal_lines import Act, EventLine


def is_known(line: EventLine) -> bool:
    """Tell whether the line's event is here, or a copy of it."""
    return _asked_here(line, line.hash, line.act) is not None


def has_opt_in(line: EventLine, undoes: bytes, undone: Act | None) -> bool:
    """Tell whether the opt-in that a correction took back is here, or a copy of it.

    `undoes` is its hash; without `undone` no copy is found.
    """
    return _asked_here(line, undoes, undone) is State.OPTED_IN


def _asked_here(line: EventLine, hashed: bytes, act: Act | None) -> State | None:
    """Give what an event on the line's channel and key asks for; None where it is not here.

    By its hash, else by what no erasure takes away, so that an erased person's events are taken
    in once as well.
    """
    keys = {line.key, *([key_of(provider_address(line.address))] if line.address else [])}
    event = ConsentEvent
    query = select(event.hash, event.asked, event.source, event.occurred_at).where(
        event.key.in_(keys), event.channel == line.channel
    )
    found = db.session.execute(query).all()
    db.session.rollback()
    return next((row.asked for row in found if row.hash == hashed or Act(*row[1:]) == act), None)
