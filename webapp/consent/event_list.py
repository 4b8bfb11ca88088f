"""The ledger as a list, newest line first."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select

from webapp.consent.models import ConsentEvent, ConsentEventDetail
from webapp.contacts.addresses import key_of
from webapp.contacts.rules import Address, Channel
from webapp.contacts.sinks import PREFIX
from webapp.core.db import db
from webapp.core.paging import PAGE_SIZE, Page, beyond, cut, decode

SORT = "-recorded"

Line = tuple[ConsentEvent, ConsentEventDetail | None]


@dataclass(frozen=True)
class EventFilter:
    """Which events: of an address, on a channel, recorded from `since` on and before `until`."""

    address: Address | None = None
    channel: Channel | None = None
    since: datetime | None = None
    until: datetime | None = None


class Note(NamedTuple):
    """What was noted with an event: of which address, why, what the person said, and when."""

    address: str
    reason: str
    said: str
    occurred_at: datetime


def notes_of(event_ids: Collection[int]) -> dict[int, Note]:
    """Give what was noted with some events, where it is not erased."""
    if not event_ids:
        return {}
    kept = (
        select(ConsentEventDetail, ConsentEvent.occurred_at)
        .join(ConsentEvent, ConsentEvent.id == ConsentEventDetail.event_id)
        .where(ConsentEventDetail.event_id.in_(event_ids))
    )
    return {
        detail.event_id: Note(
            detail.address, str(detail.evidence.get("reason", "")), detail.said, at
        )
        for detail, at in db.session.execute(kept)
    }


def event_page(asked: EventFilter, cursor: str = "", limit: int = PAGE_SIZE) -> Page[Line]:
    """Give a page of ledger lines with their details (None once erased). Raises Invalid.

    Those of drills are left out: they are nobody's.
    """
    place = (ConsentEvent.recorded_at, ConsentEvent.id)
    here = decode(cursor, SORT, (datetime, int))
    up = here is not None and here.backwards
    query = (
        select(ConsentEvent, ConsentEventDetail)
        .outerjoin(ConsentEventDetail, ConsentEventDetail.event_id == ConsentEvent.id)
        .where(func.coalesce(ConsentEventDetail.address, "").not_like(f"{PREFIX}%"))
        .order_by(*(column.asc() if up else column.desc() for column in place))
        .limit(limit + 1)
    )
    if asked.address is not None:
        query = query.where(ConsentEvent.key == key_of(asked.address))
    if asked.channel is not None:
        query = query.where(ConsentEvent.channel == asked.channel)
    if asked.since is not None:
        query = query.where(ConsentEvent.recorded_at >= asked.since)
    if asked.until is not None:
        query = query.where(ConsentEvent.recorded_at < asked.until)
    if here is not None:
        query = query.where(beyond(place, here.values, descending=not up))
    lines: list[Line] = [(event, detail) for event, detail in db.session.execute(query)]
    return cut(lines, SORT, here, lambda line: (line[0].recorded_at, line[0].id), limit)
