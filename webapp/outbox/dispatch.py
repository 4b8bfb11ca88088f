"""The dispatcher's two lists: the queue by the time of sending, the history newest first."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, SQLColumnExpression, select

from webapp.contacts.models import Contact
from webapp.contacts.rules import Channel
from webapp.contacts.sinks import sink_keys
from webapp.core.days import EVER, Days
from webapp.core.db import db
from webapp.core.dialect import statement_time
from webapp.core.paging import PAGE_SIZE, Page, beyond, cut, decode
from webapp.outbox.models import Message
from webapp.outbox.queries import WAITS_ITS_TURN, stopped_by_consent
from webapp.outbox.rules import Origin, Reason, Status

MOST_SENDING = 50
MOST_WAITING = 100
UTC = ZoneInfo("UTC")
CONSENT = "consent"  # as a reason: any by which consent stops a message


class Tab(enum.StrEnum):
    """Which list."""

    QUEUE = "queue"
    HISTORY = "history"


class Leaves(enum.StrEnum):
    """How soon a message that waits is to leave; what is overdue leaves within the hour."""

    HOUR = "hour"
    DAY = "day"

    @property
    def within(self) -> timedelta:
        """The time from now on."""
        return timedelta(hours=1 if self is Leaves.HOUR else 24)


@dataclass(frozen=True)
class Asked:
    """Which messages of a tab; None asks for all. The queue knows no status or reason.

    `reason` is one of them or CONSENT: all that consent stopped. `days` are those on which a
    message ended or, in the queue, is to leave; `leaves` is known to the queue alone.
    """

    tab: Tab
    channel: Channel | None = None
    status: Status | None = None
    origin: Origin | None = None
    reason: Reason | str | None = None
    days: Days = EVER
    leaves: Leaves | None = None

    def words(self) -> dict[str, Any]:
        """Give the filters that are set, as an address has them."""
        asked = {**vars(self), "days": None, "from": self.days.first, "to": self.days.last}
        return {name: str(value) for name, value in asked.items() if value is not None}

    @property
    def filtered(self) -> bool:
        """True where anything narrows the list."""
        return any((self.channel, self.status, self.origin, self.reason, self.days, self.leaves))


@dataclass(frozen=True)
class Line:
    """A message, and what to call whom it goes to; the address where there is no contact."""

    message: Message
    name: str


def dispatch_page(
    asked: Asked, cursor: str = "", limit: int = PAGE_SIZE, zone: ZoneInfo = UTC
) -> Page[Line]:
    """Give a page of a tab, its days read in `zone`. Raises Invalid for a cursor of another list.

    On the queue's first page, what is being sent at this moment stands before what waits.
    """
    if asked.tab is Tab.HISTORY:
        ended = (Message.ended_at, Message.id)
        query = _within(_history(asked), Message.ended_at, asked.days, zone)
        return _page(query, "-ended_at", ended, (datetime, int), cursor, limit)
    place = (Message.not_before, Message.id)
    queued = _narrow(asked).where(WAITS_ITS_TURN)
    if asked.leaves:
        soon = statement_time(db.session(), asked.leaves.within)
        queued = queued.where(Message.not_before <= soon)
    waiting = _within(queued, Message.not_before, asked.days, zone)
    page = _page(waiting, "not_before", place, (datetime, int), cursor, limit)
    if cursor:
        return page
    sending = _narrow(asked).where(Message.status == Status.SENDING).order_by(Message.id)
    return Page(
        [*_read(sending.limit(MOST_SENDING)), *page.items], page.next_cursor, page.previous_cursor
    )


def messages_to(contact_id: int, most: int = 20) -> tuple[list[Message], list[Message]]:
    """Give what waits for a contact, the soonest first, and what ended, the newest first."""
    own = select(Message).where(Message.contact_id == contact_id)
    open_now = Message.status.in_((Status.SCHEDULED, Status.SENDING))
    waiting = own.where(open_now).order_by(Message.not_before, Message.id).limit(MOST_WAITING)
    ended = own.where(~open_now).order_by(Message.id.desc()).limit(most)
    return list(db.session.scalars(waiting)), list(db.session.scalars(ended))


def newest_to(contact_id: int, most: int) -> list[Message]:
    """Give the messages written to a contact last, newest first, whatever became of them."""
    own = select(Message).where(Message.contact_id == contact_id)
    return list(db.session.scalars(own.order_by(Message.id.desc()).limit(most)))


def _history(asked: Asked) -> Select[Message, str]:
    ends = [status for status in Status if status not in (Status.SCHEDULED, Status.SENDING)]
    query = _narrow(asked).where(
        Message.ended_at.is_not(None),
        Message.status.in_([asked.status] if asked.status else ends),
    )
    if asked.reason == CONSENT:
        return query.where(stopped_by_consent())
    return query.where(Message.reason == asked.reason) if asked.reason else query


def _within(
    query: Select[Message, str], moment: SQLColumnExpression[Any], days: Days, zone: ZoneInfo
) -> Select[Message, str]:
    since, until = days.moments(zone)
    query = query.where(moment >= since) if since else query
    return query.where(moment < until) if until else query


def _narrow(asked: Asked) -> Select[Message, str]:
    query = (
        select(Message, Contact.name)
        .outerjoin(Contact, Contact.id == Message.contact_id)
        .where(Message.key.not_in(sink_keys()))
    )
    if asked.channel:
        query = query.where(Message.channel == asked.channel)
    return query.where(Message.origin == asked.origin) if asked.origin else query


def _page(
    query: Select[Message, str],
    sort: str,
    place: tuple[Any, ...],
    kinds: tuple[type, ...],
    cursor: str,
    limit: int,
) -> Page[Line]:
    here = decode(cursor, sort, kinds)
    up = here is not None and here.backwards
    descending = sort.startswith("-") is not up
    query = query.order_by(*(c.desc() if descending else c.asc() for c in place))
    if here is not None:
        query = query.where(beyond(place, here.values, descending=descending))
    lines = _read(query.limit(limit + 1))
    return cut(
        lines, sort, here, lambda line: tuple(getattr(line.message, c.key) for c in place), limit
    )


def _read(query: Select[Message, str]) -> list[Line]:
    return [Line(message, name or message.address) for message, name in db.session.execute(query)]
