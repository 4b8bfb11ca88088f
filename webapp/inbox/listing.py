"""The list of conversations, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, literal_column, select

from webapp.contacts.sinks import sink_keys
from webapp.conversations.models import Conversation
from webapp.core.db import run, table_of
from webapp.core.paging import Cursor, Page, cut, decode
from webapp.inbox.asked import Asked
from webapp.inbox.finding import find
from webapp.inbox.lines import Line, lines_of

PAGE = 30
COUNT_AT_MOST = 1_000
SORT = "inbox"


@dataclass(frozen=True)
class Listed:
    """A page of the list. `further` is where to look on, where not all was looked at for it."""

    page: Page[Line]
    further: str = ""


def inbox_page(asked: Asked, cursor: str = "", limit: int = PAGE) -> Listed:
    """Read a page from `cursor` on, newest first. Raises Invalid for a cursor of another list."""
    place = decode(cursor, SORT, (datetime, int))
    found = find(asked, place, limit + 1)
    page = cut(lines_of(found.ids), SORT, place, lambda line: (line.last_at, line.id), limit)
    if found.end is None:
        return Listed(page)
    return Listed(page, Cursor(SORT, found.end, bool(place and place.backwards)).encode())


def count_unread() -> int:
    """Count the conversations with something unread; `COUNT_AT_MOST` + 1 stands for more."""
    table = table_of(Conversation)
    some = select(table.c.id).where(
        table.c.unread > literal_column("0"), table.c.key.not_in(sink_keys())
    )
    counted = some.limit(COUNT_AT_MOST + 1).subquery()
    return int(run(select(func.count()).select_from(counted)).scalar_one())
