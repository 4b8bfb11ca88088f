"""Which conversations a page shows: by key, newest first, bounded however many there are."""

from __future__ import annotations

from typing import Any

from webapp.core.db import run
from webapp.core.paging import Cursor
from webapp.inbox.asked import Asked, Tab
from webapp.inbox.searching import searched
from webapp.inbox.walking import nobodys, walk

# How far a walk for what is nobody's looks, in rows: the first is enough nearly always.
WALKS = (2_000, 200_000)


def find(asked: Asked, place: Cursor | None, need: int) -> list[int]:
    """Give the ids of up to `need` conversations from `place` on, in the order of reading."""
    if asked.search:
        return _ids(searched(asked, place, need))
    if asked.tab is not Tab.UNASSIGNED:
        return _ids(walk(asked, place, need, need))
    found: list[int] = []
    for window in WALKS:
        found = _ids(walk(asked, place, window, need, nobodys))
        if len(found) >= need:
            break
    return found


def _ids(statement: Any) -> list[int]:
    return [row[0] for row in run(statement)]
