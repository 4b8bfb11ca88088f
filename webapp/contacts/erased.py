"""Who was erased lately, by key: for work that began before and still has their rows in hand."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnClause, column, select, table

from webapp.core.db import run
from webapp.core.dialect import Json, UtcDateTime

# The table of `privacy.models.Erasure` by its name: privacy stands above, and whoever asks here
# stands beside it.
_KEYS: ColumnClause[Any] = column("keys", Json)
_ERASURES = table("erasures", _KEYS, column("at", UtcDateTime()))


def erased_since(moment: datetime) -> frozenset[bytes]:
    """Give the keys of all addresses that the people had who were erased since a moment.

    Read it in the open transaction with the keys locked: an erasure holds the same locks.
    """
    found = run(select(_KEYS).select_from(_ERASURES).where(_ERASURES.c.at >= moment)).scalars()
    return frozenset(bytes.fromhex(key) for keys in found for key in keys)
