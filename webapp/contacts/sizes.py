"""How large the sets of candidates are, by which a way to a page is chosen."""

from __future__ import annotations

import time
from functools import lru_cache

from sqlalchemy import URL, func, select

from webapp.contacts.candidates import Candidates
from webapp.core.db import db, run

MANY = 100_000  # ids; all larger sets are as large
# A set is counted again after this long. An old number may cost time, and changes no list.
KEPT = 300  # seconds


def size_of(found: Candidates) -> int:
    """Give how many ids a set has, MANY at most, as it was some minutes ago or now."""
    return _counted(found, db.engine.url, int(time.monotonic() // KEPT))


@lru_cache(maxsize=2000)
def _counted(found: Candidates, _database: URL, _period: int) -> int:
    some = found.ids.limit(MANY).subquery()
    return int(run(select(func.count()).select_from(some)).scalar_one())
