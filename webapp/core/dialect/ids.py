"""Ids that are given out before their rows are there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.core.dialect.kinds import is_postgres


def reuses_ids(session: Session) -> bool:
    """Tell whether the database may give the id of a deleted row to the next one."""
    return not is_postgres(session)


def next_ids(session: Session, model: type[Any], count: int) -> list[int]:
    """Take so many ids from a table's sequence; for a database that has one (PostgreSQL)."""
    sequence = func.pg_get_serial_sequence(model.__tablename__, "id")
    numbers = func.generate_series(1, count).table_valued("n")
    return list(session.connection().scalars(select(func.nextval(sequence)).select_from(numbers)))


def continue_ids(session: Session, models: Iterable[Any]) -> None:
    """Let ids of these tables go on above those that were given out by hand.

    SQLite does so by itself; a sequence of PostgreSQL has to be told.
    """
    if not is_postgres(session):
        return
    for model in models:
        column = model.__table__.c.id
        sequence = func.pg_get_serial_sequence(model.__tablename__, column.name)
        highest = select(func.max(column)).scalar_subquery()
        session.execute(select(func.setval(sequence, func.coalesce(highest, 1))))
