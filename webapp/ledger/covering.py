"""Which seal covers an event, as its evidence says."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from sqlalchemy import select

from webapp.core.db import db
from webapp.ledger.models import LedgerSeal
from webapp.privacy.evidence import Seal


def covering(event_ids: Sequence[int]) -> dict[int, Seal]:
    """Give the first seal over each of these events; none for those that are not sealed yet."""
    if not event_ids:
        return {}
    later = (
        select(LedgerSeal.id, LedgerSeal.last_event_id, LedgerSeal.at, LedgerSeal.hash)
        .where(LedgerSeal.last_event_id >= min(event_ids))
        .order_by(LedgerSeal.last_event_id, LedgerSeal.id)
    )
    seals = [Seal(*row) for row in db.session.execute(later)]
    ends = [seal.last_event_id for seal in seals]
    places = {event_id: bisect_left(ends, event_id) for event_id in event_ids}
    return {event_id: seals[place] for event_id, place in places.items() if place < len(seals)}
