"""Rows that are written at the end of a transaction, those of a table in one statement.

For lines that tell what the transaction did and that nothing in it reads again: the timeline,
the news for open pages, the details of the ledger. They commit with the rest or not at all.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Table, event, insert
from sqlalchemy.orm import Session

from webapp.core.pending import leave, taken
from webapp.core.prepared import Prepared

KIND = "last_rows"


def add_last(table: Table, row: dict[str, Any]) -> None:
    """Insert a row right before the open transaction commits.

    Rows of one table name the same columns, all that it has but its id.
    """
    leave(KIND, (table, row))


@event.listens_for(Session, "before_commit")
def _write(session: Session) -> None:
    rows_of: dict[Table, list[dict[str, Any]]] = {}
    for table, row in taken(session, KIND):
        rows_of.setdefault(table, []).append(row)
    for table, rows in rows_of.items():
        _inserting(table).run_each(rows, on=session.connection())


@cache
def _inserting(table: Table) -> Prepared:
    return Prepared(insert(table).inline())
