"""Walking along the conversations: newest first, from a place on, as far as is asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, exists, literal_column, select

from webapp.contacts.sinks import sink_keys
from webapp.conversations.models import Conversation, ConversationAssignment
from webapp.core.db import db, table_of
from webapp.core.dialect import is_postgres, past_index, read_first
from webapp.core.paging import Cursor, beyond
from webapp.inbox.asked import Asked, Tab

C = table_of(Conversation)
A = table_of(ConversationAssignment)
PLACE = (C.c.last_at, C.c.id)

Keep = Callable[[FromClause], ColumnElement[bool]]


def descending(place: Cursor | None) -> bool:
    """Tell which way to read: newest first, unless the cursor goes back."""
    return place is None or not place.backwards


def walk(
    asked: Asked, place: Cursor | None, window: int, need: int, keep: Keep | None = None
) -> Select[Any]:
    """Read at most `window` conversations in their order, and give those that `keep` lets pass."""
    down = descending(place)
    rows = (
        select(C)
        .select_from(source(asked))
        .where(*asked_of(asked), *bounds(place))
        .order_by(*order_of(C, down))
        .limit(window)
        .subquery("walked")
    )
    wanted = select(rows.c.id).limit(need)
    if keep is not None:
        wanted = wanted.where(keep(rows))
    # PostgreSQL is told to keep the order; SQLite goes along with it, and would sort again.
    return wanted.order_by(*order_of(rows, down)) if is_postgres(db.session()) else wanted


def last_of(asked: Asked, place: Cursor | None, window: int) -> Select[Any]:
    """Read the time and id of the last of `window` conversations; nothing where there are fewer.

    The rows skipped are those that were just walked along.
    """
    return (
        select(C.c.last_at, C.c.id)
        .select_from(source(asked))
        .where(*asked_of(asked), *bounds(place))
        .order_by(*order_of(C, descending(place)))
        .offset(window - 1)
        .limit(1)
    )


def source(asked: Asked) -> Any:
    """Give what is read: one's own by the assignments, of which there are fewer."""
    if asked.tab is not Tab.MINE:
        return C
    mine = select(A.c.conversation_id).where(A.c.user_id == asked.me).subquery("mine")
    return read_first(mine, C, C.c.id == mine.c.conversation_id)


def asked_of(asked: Asked) -> list[ColumnElement[bool]]:
    """Give what must hold of a conversation by its own columns."""
    found: list[ColumnElement[bool]] = [C.c.key.not_in(sink_keys())]
    channel: ColumnElement[Any] = C.c.channel
    if asked.tab is Tab.UNREAD:
        # As the partial index has it; the channel is looked at, not looked up.
        found.append(C.c.unread > literal_column("0"))
        channel = past_index(db.session(), channel)
    if asked.channel:
        found.append(channel == asked.channel)
    return found


def bounds(place: Cursor | None) -> list[ColumnElement[bool]]:
    """Give what must hold of the conversations from a place on."""
    if place is None:
        return []
    return [beyond(PLACE, place.values, descending=descending(place))]


def order_of(of: Any, down: bool) -> list[Any]:
    """Give the order of the list, or its reverse."""
    return [c.desc() if down else c.asc() for c in (of.c.last_at, of.c.id)]


def nobodys(rows: Any) -> ColumnElement[bool]:
    """Give the condition that nobody in particular answers a conversation."""
    return ~exists().where(A.c.conversation_id == rows.c.id)
