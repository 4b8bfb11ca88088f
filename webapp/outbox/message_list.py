"""Messages as a list, newest first."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from webapp.contacts.rules import Channel
from webapp.contacts.sinks import sink_keys
from webapp.core.db import db
from webapp.core.paging import PAGE_SIZE, Page, beyond, cut, decode
from webapp.outbox.models import Message
from webapp.outbox.rules import Origin, Reason, Status

SORT = "-id"


@dataclass(frozen=True)
class MessageFilter:
    """Which messages; None asks for all. `key` is that of the address they go to."""

    channel: Channel | None = None
    status: Status | None = None
    origin: Origin | None = None
    reason: Reason | None = None
    contact_id: int | None = None
    key: bytes | None = None


def message_page(asked: MessageFilter, cursor: str = "", limit: int = PAGE_SIZE) -> Page[Message]:
    """Give a page of messages, the newest first. Raises Invalid for an unknown cursor."""
    here = decode(cursor, SORT, (int,))
    up = here is not None and here.backwards
    query = select(Message).where(Message.key.not_in(sink_keys()))
    query = query.order_by(Message.id.asc() if up else Message.id.desc())
    for name, value in vars(asked).items():
        if value is not None:
            query = query.where(getattr(Message, name) == value)
    if here is not None:
        query = query.where(beyond((Message.id,), here.values, descending=not up))
    rows = db.session.scalars(query.limit(limit + 1)).all()
    return cut(rows, SORT, here, lambda message: (message.id,), limit)
