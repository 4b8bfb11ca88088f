"""The exclusion list: everybody opted out of a channel, contact or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    and_,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from webapp.consent.models import ConsentEvent, ConsentEventDetail, ConsentState
from webapp.contacts.models import Contact
from webapp.contacts.rules import Channel, Source, State
from webapp.core.db import db
from webapp.core.paging import PAGE_SIZE, Page, Value, beyond, cut, decode

SORT = "-since"
COUNT_AT_MOST = 10_000
# Written out: a partial index serves a plan only where its condition is no parameter.
OPTED_OUT: ColumnElement[State] = literal_column(f"'{State.OPTED_OUT}'")

# The contact by the phone or email of a state's key, and by its WhatsApp id: two joins by a
# unique index each, where one join with OR would read every contact.
_by_address = aliased(Contact, name="by_address")
_by_whatsapp_id = aliased(Contact, name="by_whatsapp_id")

# What `listed` can select. The address is empty where the person was erased.
ADDRESS = func.coalesce(ConsentEventDetail.address, "")
CONTACT_ID = func.coalesce(_by_address.id, _by_whatsapp_id.id)
CONTACT_NAME = func.coalesce(_by_address.name, _by_whatsapp_id.name, "")


@dataclass(frozen=True)
class ExclusionFilter:
    """Which opt-outs: of a channel, by a source, that took effect from `since` on, before `until`.

    `recorded` is when Heed learnt of them, from the first moment on, before the second: an
    opt-out may be dated back, but none is recorded in the past.
    """

    channel: Channel | None = None
    source: Source | None = None
    since: datetime | None = None
    until: datetime | None = None
    recorded: tuple[datetime, datetime] | None = None


@dataclass(frozen=True, slots=True)
class Exclusion:
    """One opted-out channel and key. `address` is empty where the person was erased."""

    channel: Channel
    key: bytes
    source: Source | None
    opted_out_at: datetime
    address: str
    contact_id: int | None
    contact_name: str


def exclusion_page(
    asked: ExclusionFilter, cursor: str | None, limit: int = PAGE_SIZE
) -> Page[Exclusion]:
    """Give a page of the exclusion list, newest first. Raises Invalid for an unknown cursor."""
    columns = _order(asked)
    place = decode(cursor, SORT, (datetime, bytes, str)[: len(columns)])
    up = place is not None and place.backwards
    query = _listed(asked).order_by(*(c.asc() if up else c.desc() for c in columns))
    if place is not None:
        query = query.where(beyond(columns, place.values, descending=not up))
    rows = [Exclusion(*row) for row in db.session.execute(query.limit(limit + 1))]
    found = cut(rows, SORT, place, lambda row: _place(row, len(columns)), limit)
    # Back at the start: the first page, and a full one.
    at_start = up and found.previous_cursor is None
    return exclusion_page(asked, None, limit) if at_start else found


def listed(asked: ExclusionFilter, *columns: SQLColumnExpression[Any]) -> Select[*tuple[Any, ...]]:
    """Select columns of the whole exclusion list, newest first: of the state, and those above."""
    order = (column.desc() for column in _order(asked))
    return _selected(asked, columns).order_by(*order)


def count_exclusions(asked: ExclusionFilter, at_most: int = COUNT_AT_MOST) -> int:
    """Count the exclusion list; `at_most + 1` stands for more than that."""
    matching = select(ConsentState.key).where(*_conditions(asked)).limit(at_most + 1)
    return db.session.scalars(select(func.count()).select_from(matching.subquery())).one()


def _order(asked: ExclusionFilter) -> tuple[SQLColumnExpression[Any], ...]:
    """Give what sorts the list; on one channel an index has this order."""
    columns = (ConsentState.since, ConsentState.key)
    return columns if asked.channel else (*columns, ConsentState.channel)


def _place(row: Exclusion, size: int) -> tuple[Value, ...]:
    return (row.opted_out_at, row.key, str(row.channel))[:size]


def _conditions(asked: ExclusionFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [ConsentState.state == OPTED_OUT]
    if asked.channel:
        found.append(ConsentState.channel == asked.channel)
    if asked.source:
        found.append(ConsentState.source == asked.source)
    if asked.since:
        found.append(ConsentState.since >= asked.since)
    if asked.until:
        found.append(ConsentState.since < asked.until)
    return found


def _listed(asked: ExclusionFilter) -> Select[*tuple[Any, ...]]:
    """Select what an Exclusion holds, in its order."""
    state = ConsentState
    own = (state.channel, state.key, state.source, state.since)
    return _selected(asked, (*own, ADDRESS, CONTACT_ID, CONTACT_NAME))


def _selected(
    asked: ExclusionFilter, columns: Sequence[SQLColumnExpression[Any]]
) -> Select[*tuple[Any, ...]]:
    state = ConsentState
    by_email = and_(state.channel == Channel.EMAIL, _by_address.email_key == state.key)
    by_phone = and_(state.channel != Channel.EMAIL, _by_address.phone_key == state.key)
    own_kind = {Channel.EMAIL: by_email, None: or_(by_email, by_phone)}.get(asked.channel, by_phone)
    by_id = and_(state.channel == Channel.WHATSAPP, _by_whatsapp_id.whatsapp_id_key == state.key)
    query = (
        select(*columns)
        .select_from(state)
        .outerjoin(ConsentEventDetail, ConsentEventDetail.event_id == state.event_id)
        .outerjoin(_by_address, own_kind)
        .outerjoin(_by_whatsapp_id, by_id)
        .where(*_conditions(asked))
    )
    if asked.recorded is None:
        return query
    first, end = asked.recorded
    recorded_at = ConsentEvent.recorded_at
    return query.join(ConsentEvent, ConsentEvent.id == state.event_id).where(
        recorded_at >= first, recorded_at < end
    )
