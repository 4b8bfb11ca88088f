"""Which conversations a page shows: by key, newest first, bounded however many there are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from webapp.core.db import run
from webapp.core.paging import Cursor
from webapp.inbox.asked import Asked, Tab
from webapp.inbox.searching import searched
from webapp.inbox.walking import last_of, nobodys, walk

# How far a walk for what is nobody's looks, in rows: the first is enough nearly always. The second
# is asked again at each live change while all is assigned.
WALKS = (2_000, 20_000)


@dataclass(frozen=True)
class Found:
    """Which conversations were found, in the order of reading.

    `end` is the last that was looked at, its time and id, where fewer were found than asked for and
    there may be more beyond it.
    """

    ids: list[int]
    end: tuple[datetime, int] | None = None


def find(asked: Asked, place: Cursor | None, need: int) -> Found:
    """Find up to `need` conversations from `place` on."""
    if asked.search:
        return Found(_ids(searched(asked, place, need)))
    if asked.tab is not Tab.UNASSIGNED:
        return Found(_ids(walk(asked, place, need, need)))
    found: list[int] = []
    for window in WALKS:
        found = _ids(walk(asked, place, window, need, nobodys))
        if len(found) >= need:
            return Found(found)
    end = run(last_of(asked, place, WALKS[-1])).first()
    return Found(found, (end[0], end[1]) if end else None)


def _ids(statement: Any) -> list[int]:
    return [row[0] for row in run(statement)]
