"""Reading the audit log: pages by key, newest first, and all of it in a stream."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, or_, select

from webapp.accounts.rules import ActorKind
from webapp.audit.models import AuditEntry
from webapp.core.days import EVER, Days
from webapp.core.db import db
from webapp.core.dialect import json_list_has, json_number, json_text
from webapp.core.paging import PAGE_SIZE, Page, beyond, cut, decode
from webapp.core.streams import stream

SORT = "-at"
PLACE = (AuditEntry.at, AuditEntry.id)


@dataclass(frozen=True)
class OfContact:
    """Which contact's entries: by its id, and by the keys of its addresses where it is there.

    `actions` are those that name a contact.
    """

    contact_id: int
    keys: tuple[bytes, ...]
    actions: tuple[str, ...]


@dataclass(frozen=True)
class Asked:
    """Which entries: by whom, of which actions, on which days of `zone`, on which contact."""

    zone: ZoneInfo
    actor: tuple[ActorKind, int | None] | None = None
    actions: Sequence[str] = ()
    days: Days = EVER
    contact: OfContact | None = None


@dataclass(frozen=True)
class Entry:
    """An entry of the log as it was written."""

    id: int
    at: datetime
    actor_kind: ActorKind
    actor_id: int | None
    actor_name: str
    action: str
    detail: dict[str, Any]


def page(asked: Asked, cursor: str = "", limit: int = PAGE_SIZE) -> Page[Entry]:
    """Give a page of the log, newest first. Raises Invalid for a cursor of another list."""
    here = decode(cursor, SORT, (datetime, int))
    descending = here is None or not here.backwards
    query = _wanted(asked).order_by(*(c.desc() if descending else c.asc() for c in PLACE))
    if here is not None:
        query = query.where(beyond(PLACE, here.values, descending=descending))
    rows = [Entry(*row) for row in db.session.execute(query.limit(limit + 1))]
    return cut(rows, SORT, here, lambda entry: (entry.at, entry.id), limit)


def every(asked: Asked) -> Iterator[Entry]:
    """Give all that is asked for, newest first, while the database still reads."""
    newest = _wanted(asked).order_by(*(column.desc() for column in PLACE))
    return (Entry(*row) for row in stream(newest))


def _wanted(asked: Asked) -> Select[*tuple[Any, ...]]:
    columns = [getattr(AuditEntry, name) for name in Entry.__dataclass_fields__]
    return select(*columns).where(*_conditions(asked))


def _conditions(asked: Asked) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    since, until = asked.days.moments(asked.zone)
    if since:
        found.append(AuditEntry.at >= since)
    if until:
        found.append(AuditEntry.at < until)
    if asked.actor:
        kind, number = asked.actor
        found.append(and_(AuditEntry.actor_kind == kind, AuditEntry.actor_id == number))
    if asked.actions:
        found.append(AuditEntry.action.in_(asked.actions))
    if asked.contact:
        found.append(_names(asked.contact))
    return found


def _names(contact: OfContact) -> ColumnElement[bool]:
    """Give the condition that an entry is about a contact, whichever way it says so."""
    session, detail = db.session(), AuditEntry.detail
    ways = [json_number(session, detail, name) == contact.contact_id for name in ID_NAMES]
    ways.append(json_list_has(session, detail, "ids", contact.contact_id))
    if contact.keys:
        ways.append(json_text(detail, "key").in_([key.hex() for key in contact.keys]))
    return AuditEntry.action.in_(contact.actions) & or_(*ways)


ID_NAMES = ("contact_id", "other_id")
