"""The read copy of consent beside a contact: written with each change, never decided from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, update

from webapp.contacts.models import Contact
from webapp.contacts.rules import Channel, Source, State
from webapp.core.db import table_of
from webapp.core.prepared import Prepared

PARTS = ("state", "changed_at", "source", "held")
TABLE = table_of(Contact)
_WRITE = {
    channel: Prepared(
        update(TABLE)
        .where(TABLE.c.id == bindparam("contact_id"))
        .values({f"{channel}_{part}": bindparam(part) for part in PARTS})
    )
    for channel in Channel
}


@dataclass(frozen=True, slots=True)
class Copy:
    """What lists show of one contact on one channel."""

    contact_id: int
    state: State
    changed_at: datetime | None
    source: Source | None
    held: bool


def write_copies(channel: Channel, copies: Sequence[Copy]) -> None:
    """Set what lists show of contacts on a channel, in the transaction of the change.

    In the order of their ids, so that two who write several do not wait for each other in turn.
    """
    rows = [
        {
            "contact_id": copy.contact_id,
            "state": copy.state,
            "changed_at": copy.changed_at,
            "source": copy.source,
            "held": copy.held,
        }
        for copy in sorted(copies, key=lambda copy: copy.contact_id)
    ]
    _WRITE[channel].run_each(rows)
