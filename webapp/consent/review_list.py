"""The replies that wait for a decision, oldest deadline first; and what was decided, newest first."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select

from webapp.consent.models import Review
from webapp.consent.review_lines import Line, completed
from webapp.contacts.owners import COLUMNS, TABLE, as_owner
from webapp.contacts.rules import Channel
from webapp.conversations.models import InboundMessage
from webapp.core.db import db
from webapp.core.errors import NotFound
from webapp.core.paging import Page, beyond, cut, decode

PAGE = 25
COUNT_AT_MOST = 1_000


class Tab(enum.StrEnum):
    """Which list."""

    OPEN = "open"
    DECIDED = "decided"


def review_page(
    tab: Tab, channel: Channel | None = None, cursor: str | None = None, limit: int = PAGE
) -> Page[Line]:
    """Read a page of a tab from `cursor` on. Raises Invalid for a cursor of another list.

    The oldest reply has the oldest deadline, so the open ones come in the order of their arrival.
    """
    is_open = tab is Tab.OPEN
    moment = Review.opened_at if is_open else Review.decided_at
    sort, place = f"reviews-{tab}", (moment, Review.id)
    start = decode(cursor, sort, (datetime, int))
    descending = (tab is Tab.DECIDED) is not bool(start and start.backwards)
    query = _reviews().where(Review.decided_at.is_(None) if is_open else moment.is_not(None))
    if channel is not None:
        query = query.where(Review.channel == channel)
    if start is not None:
        query = query.where(beyond(place, start.values, descending=descending))
    order = [column.desc() if descending else column.asc() for column in place]
    rows = [_line(row) for row in db.session.execute(query.order_by(*order).limit(limit + 1))]
    page = cut(rows, sort, start, lambda line: _place(line.review, tab), limit)
    return Page(completed(page.items), page.next_cursor, page.previous_cursor)


def review_line(review_id: int) -> Line:
    """Read one reply afresh. Raises NotFound."""
    row = db.session.execute(_reviews().where(Review.id == review_id)).one_or_none()
    if row is None:
        raise NotFound("There is no such reply for review.")
    return completed([_line(row)])[0]


def open_reviews(contact_id: int, keys: Sequence[bytes]) -> list[Review]:
    """Give the open replies of a contact, newest first, also from an address that they had."""
    theirs = or_(Review.contact_id == contact_id, Review.key.in_(keys))
    found = select(Review).where(theirs, Review.decided_at.is_(None)).order_by(Review.id.desc())
    return list(db.session.scalars(found))


def count_open() -> int:
    """Count what waits for a decision; `COUNT_AT_MOST` + 1 stands for more."""
    counted = select(Review.id).where(Review.decided_at.is_(None)).limit(COUNT_AT_MOST + 1)
    return db.session.scalars(select(func.count()).select_from(counted.subquery())).one()


def _reviews() -> Select[Any]:
    return (
        select(Review, InboundMessage.occurred_at, *COLUMNS)
        .outerjoin(InboundMessage, InboundMessage.id == Review.inbound_id)
        .outerjoin(TABLE, TABLE.c.id == Review.contact_id)
        .execution_options(populate_existing=True)
    )


def _line(row: Sequence[Any]) -> Line:
    review, written, *owner = row
    return Line(review, as_owner(owner), min(written or review.opened_at, review.opened_at))


def _place(review: Review, tab: Tab) -> tuple[datetime | None, int]:
    return (review.opened_at if tab is Tab.OPEN else review.decided_at, review.id)
