"""Which seal covers an event, as its evidence says."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import aliased

from webapp.consent.models import ConsentEvent
from webapp.core.db import db
from webapp.ledger.models import LedgerSeal
from webapp.privacy.evidence import Seal


def covering(event_ids: Sequence[int]) -> dict[int, Seal]:
    """Give the first seal over each of these events; none for those that are not sealed yet."""
    if not event_ids:
        return {}
    later = aliased(LedgerSeal)
    first = (
        select(later.id)
        .where(later.last_event_id >= ConsentEvent.id)
        .order_by(later.last_event_id, later.id)
        .limit(1)
        .correlate(ConsentEvent)
        .scalar_subquery()
    )
    # One look-up in an index for each event, however many seals came after it.
    found = db.session.execute(
        select(
            ConsentEvent.id,
            LedgerSeal.id,
            LedgerSeal.last_event_id,
            LedgerSeal.at,
            LedgerSeal.hash,
        )
        .join(LedgerSeal, LedgerSeal.id == first)
        .where(ConsentEvent.id.in_(set(event_ids)))
    )
    return {event_id: Seal(*seal) for event_id, seal in ((row[0], row[1:]) for row in found)}
