"""A thread: what was said either way and what became of consent, by time, paged upwards by key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select

from webapp.consent.models import ConsentEvent
from webapp.conversations.models import Conversation, InboundMessage
from webapp.core.db import db
from webapp.core.paging import Cursor, decode
from webapp.inbox.completing import completed
from webapp.inbox.items import Changed, Heard, Item, Said, in_order, merged
from webapp.outbox.models import Message
from webapp.outbox.queries import waiting_on
from webapp.outbox.rules import Origin, Status

PAGE = 40
MOST_LIVE = 400
MOST_WAITING = 20
SORT = "thread"
START = (0, 0, 0)  # before the first of each
Ids = tuple[int, int, int]


@dataclass(frozen=True)
class Part:
    """A part of a thread, oldest first. `earlier` is where the part before it is, if there is one.

    `since` is where this one begins: a later look from there shows what has come since too.
    `heard` is the newest inbound message in it.
    """

    items: list[Item]
    earlier: str | None
    since: str
    heard: int


def newest(conversation: Conversation, since: str = "") -> Part:
    """Give the end of a thread: its newest page, or all from `since` on. Raises Invalid."""
    start = _ids(since)
    if start is None:
        return _part(conversation, None, START, PAGE)
    return _part(conversation, None, start, MOST_LIVE)


def earlier(conversation: Conversation, before: str) -> Part:
    """Give the page of a thread that ends at `before`. Raises Invalid."""
    return _part(conversation, _ids(before), START, PAGE)


def waiting(conversation: Conversation) -> list[Message]:
    """Give what waits for the address, the soonest first, but for what is on its way already."""
    theirs = waiting_on(conversation.channel, conversation.key)
    found = select(Message).where(theirs, ~_on_its_way()).order_by(Message.not_before, Message.id)
    return list(db.session.scalars(found.limit(MOST_WAITING)))


def _on_its_way() -> Any:
    """Give the condition that a message was written to leave at once, and so belongs in the thread."""
    return Message.origin.in_((Origin.MANUAL, Origin.CONFIRMATION))


def _ids(text: str) -> Ids | None:
    cursor = decode(text, SORT, (int, int, int))
    if cursor is None:
        return None
    heard, said, changed = (int(str(value or 0)) for value in cursor.values)
    return heard, said, changed


def _part(conversation: Conversation, before: Ids | None, after: Ids, limit: int) -> Part:
    """Read what lies between two places, the newest `limit` of it."""
    sources = _sources(conversation, before, after, limit)
    taken = merged(sources, limit)
    # One less: what the page begins with belongs to it.
    since = Cursor(SORT, tuple(number - 1 for number in _floor(taken, sources, after)))
    return Part(
        completed(conversation, in_order(taken)),
        _earlier(taken, sources, before),
        since.encode(),
        max((_id(item) for item in taken[0]), default=0),
    )


def _sources(
    conversation: Conversation, before: Ids | None, after: Ids, limit: int
) -> list[list[Item]]:
    """Read the newest of each source between two places: heard, said, changed; one more each."""
    bounds = [(after[n], before[n] if before else None) for n in range(3)]
    inbound = _read(_heard(conversation), InboundMessage.id, bounds[0], limit)
    outbound = _read(_said(conversation), Message.id, bounds[1], limit)
    events = _read(_changed(conversation), ConsentEvent.id, bounds[2], limit)
    return [
        [Heard(one) for one in inbound],
        [Said(one) for one in outbound],
        [Changed(one) for one in events],
    ]


def _heard(conversation: Conversation) -> Select[Any]:
    return select(InboundMessage).where(InboundMessage.conversation_id == conversation.id)


def _said(conversation: Conversation) -> Select[Any]:
    own = (Message.key == conversation.key) & (Message.channel == conversation.channel)
    return select(Message).where(own, (Message.status != Status.SCHEDULED) | _on_its_way())


def _changed(conversation: Conversation) -> Select[Any]:
    return select(ConsentEvent).where(
        ConsentEvent.key == conversation.key, ConsentEvent.channel == conversation.channel
    )


def _earlier(
    taken: Sequence[Sequence[Item]], sources: Sequence[Sequence[Item]], before: Ids | None
) -> str | None:
    """Give where the part before begins; None where nothing was left out."""
    if all(len(some) == len(source) for some, source in zip(taken, sources, strict=True)):
        return None
    first = tuple(
        _id(some[-1]) if some else (before[n] if before else 2**62) for n, some in enumerate(taken)
    )
    return Cursor(SORT, first).encode()


def _floor(
    taken: Sequence[Sequence[Item]], sources: Sequence[Sequence[Item]], after: Ids
) -> list[int]:
    """Give the first id of each source that counts as shown.

    Of a source of which nothing was left out that is the place where reading began.
    """
    found = []
    for n, (some, source) in enumerate(zip(taken, sources, strict=True)):
        left_out = source[len(some)] if len(some) < len(source) else None
        found.append(_id(left_out) + 1 if left_out else after[n] + 1)
    return found


def _id(item: Item) -> int:
    match item:
        case Heard():
            return item.inbound.id
        case Said():
            return item.message.id
        case Changed():
            return item.event.id


def _read(query: Select[Any], column: Any, bounds: tuple[int, int | None], limit: int) -> list[Any]:
    """Read the newest between two ids, one more than the limit, so that it shows whether there are."""
    after, before = bounds
    if after:
        query = query.where(column > after)
    if before is not None:
        query = query.where(column < before)
    rows = db.session.scalars(
        query.order_by(column.desc()).limit(limit + 1).execution_options(populate_existing=True)
    )
    return list(rows)
