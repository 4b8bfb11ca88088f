"""Inserting what may be there already."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from sqlalchemy import Executable, Table, literal
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from webapp.core.dialect.kinds import is_postgres

Insert = postgresql.Insert | sqlite.Insert


def own_insert(session: Session) -> Callable[[Any], Insert]:
    """Give this database's own INSERT, which has ON CONFLICT. The same every time: a cache's key."""
    return postgresql.insert if is_postgres(session) else sqlite.insert


def insert_or_ignore(session: Session, model: type[Any], rows: list[dict[str, Any]]) -> int:
    """Insert rows, leaving those that break a uniqueness; gives how many went in."""
    if not rows:
        return 0
    statement = _inserting_or_ignoring(own_insert(session), model.__table__)
    return len(session.connection().execute(statement, rows).all())


@cache
def _inserting_or_ignoring(insert: Callable[[Any], Insert], table: Table) -> Executable:
    return insert(table).on_conflict_do_nothing().returning(literal(1))
