"""The exclusion list: everybody opted out of a channel, contact or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    func,
    literal_column,
    select,
)
from sqlalchemy.orm import aliased

from webapp.consent.models import ConsentEvent, ConsentEventDetail, ConsentState
from webapp.contacts.addresses import key_of
from webapp.contacts.filters import Filters
from webapp.contacts.models import Contact
from webapp.contacts.rules import Channel, Source, State, parse_address
from webapp.contacts.sinks import sink_keys
from webapp.core.db import db
from webapp.core.errors import Invalid
from webapp.core.paging import PAGE_SIZE, Page, Value, beyond, cut, decode

SORT = "-since"
COUNT_AT_MOST = 10_000
# Written out: a partial index serves a plan only where its condition is no parameter.
OPTED_OUT: ColumnElement[State] = literal_column(f"'{State.OPTED_OUT}'")

# The contact by each kind of address that a state's key may be of: a join by a unique index each,
# where one join with OR would read every contact. A key is of one kind, so one of them is found.
_by_phone = aliased(Contact, name="by_phone")
_by_email = aliased(Contact, name="by_email")
_by_whatsapp_id = aliased(Contact, name="by_whatsapp_id")


@dataclass(frozen=True)
class ExclusionFilter:
    """Which opt-outs: of a channel, by a source, that took effect from `since` on, before `until`.

    `recorded` is when Heed learnt of them, from the first moment on, before the second: an
    opt-out may be dated back, but none is recorded in the past. `keys` are those of the addresses
    that are looked for.
    """

    channel: Channel | None = None
    source: Source | None = None
    since: datetime | None = None
    until: datetime | None = None
    recorded: tuple[datetime, datetime] | None = None
    keys: tuple[bytes, ...] | None = None


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


def narrowed(filters: Filters, zone: ZoneInfo) -> ExclusionFilter:
    """Give the part of the list that a page's filters ask for, their days read in `zone`."""
    keys = _keys(filters.search) if filters.search else None
    since, until = filters.days.moments(zone)
    return ExclusionFilter(filters.channel, filters.source, since, until, keys=keys)


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


def listed(asked: ExclusionFilter) -> Select[*tuple[Any, ...]]:
    """Select the whole exclusion list, newest first, to read otherwise than by the page.

    Its columns are called `channel`, `source`, `since`, `address`, `contact_id`, `name`.
    """
    return _listed(asked).order_by(*(column.desc() for column in _order(asked)))


def count_exclusions(asked: ExclusionFilter, at_most: int = COUNT_AT_MOST) -> int:
    """Count the exclusion list; `at_most + 1` stands for more than that."""
    matching = select(ConsentState.key).where(*_conditions(asked))
    counted = (
        select(func.count()).select_from(some.subquery()).scalar_subquery()
        for some in (matching.limit(at_most + 1), matching.where(nobody()))
    )
    found: int
    found, nobodys = db.session.execute(select(*counted)).one()
    return found if found > at_most else int(found - nobodys)


def nobody() -> ColumnElement[bool]:
    """Give the condition that a state is that of a drill's address, which is nobody's.

    A count takes these two keys off its result: to look at the key of each row that it counts
    would take ten times as long.
    """
    return ConsentState.key.in_(sink_keys())


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
    if asked.keys is not None:
        found.append(ConsentState.key.in_(asked.keys))
    return found


def _keys(text: str) -> tuple[bytes, ...]:
    """Give the key of an address that somebody looks for, a number also without its plus.

    By its key it is found in an instant, and also where the person was erased since.
    """
    readings = (text, f"+{text.lstrip('0')}")
    for channel, reading in ((c, r) for c in (Channel.EMAIL, Channel.WHATSAPP) for r in readings):
        try:
            return (key_of(parse_address(channel, reading)),)
        except Invalid:
            continue
    return ()


def _people(asked: ExclusionFilter) -> list[tuple[type[Contact], ColumnElement[bool]]]:
    """Give the contacts to join, each with what joins it to a state."""
    key = ConsentState.key
    phone = (_by_phone, _by_phone.phone_key == key)
    email = (_by_email, _by_email.email_key == key)
    hidden = (_by_whatsapp_id, _by_whatsapp_id.whatsapp_id_key == key)
    if asked.channel is None:
        return [phone, email, hidden]
    return {Channel.EMAIL: [email], Channel.WHATSAPP: [phone, hidden]}.get(asked.channel, [phone])


def _listed(asked: ExclusionFilter) -> Select[*tuple[Any, ...]]:
    """Select what an Exclusion holds, in its order."""
    state, people = ConsentState, _people(asked)
    query: Select[*tuple[Any, ...]] = select(
        state.channel,
        state.key,
        state.source,
        state.since,
        # After an erasure a contact who came back has the address again.
        func.coalesce(
            func.nullif(ConsentEventDetail.address, ""), *(_own(p) for p, _ in people), ""
        ).label("address"),
        _first([person.id for person, _ in people]).label("contact_id"),
        func.coalesce(*(person.name for person, _ in people), "").label("name"),
    ).outerjoin(ConsentEventDetail, ConsentEventDetail.event_id == state.event_id)
    for person, theirs in people:
        query = query.outerjoin(person, theirs)
    query = query.where(*_conditions(asked), ~nobody())
    if asked.recorded is None:
        return query
    first, end = asked.recorded
    recorded_at = ConsentEvent.recorded_at
    return query.join(ConsentEvent, ConsentEvent.id == state.event_id).where(
        recorded_at >= first, recorded_at < end
    )


def _own(person: type[Contact]) -> ColumnElement[str | None]:
    """Give the address by which a joined contact has the key."""
    columns = {_by_phone: person.phone, _by_email: person.email}
    return columns.get(person, person.whatsapp_id).expression


def _first(columns: Sequence[SQLColumnExpression[Any]]) -> SQLColumnExpression[Any]:
    return columns[0] if len(columns) == 1 else func.coalesce(*columns)
