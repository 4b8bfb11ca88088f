"""Numbered locks of a transaction; SQLite, where one writes at a time, needs none."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from functools import cache

from sqlalchemy import Executable, func, select, text
from sqlalchemy.orm import Session

from webapp.core.dialect.kinds import is_postgres


def lock(
    session: Session, numbers: Iterable[int], *, shared: bool, idle_at_most: timedelta | None = None
) -> None:
    """Hold the numbered locks until this transaction ends, in sorted order, in one statement.

    `numbers` are 64-bit signed integers. Exclusive waits for shared and the other way round;
    shared holders do not wait for each other. A holder that says nothing for `idle_at_most`
    (its process was stopped) is cut off and rolled back. On SQLite the transaction already holds
    the only write lock (BEGIN IMMEDIATE), so there is nothing to do.
    """
    ordered = sorted(set(numbers))
    if ordered and is_postgres(session):
        session.connection().execute(_locking(shared, idle_at_most), {"numbers": ordered})


@cache
def _locking(shared: bool, idle_at_most: timedelta | None) -> Executable:
    name = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    limit = ""
    if idle_at_most is not None:
        milliseconds = int(idle_at_most.total_seconds() * 1000)
        limit = f", set_config('idle_in_transaction_session_timeout', '{milliseconds}', true)"
    return text(f"SELECT {name}(n){limit} FROM unnest(CAST(:numbers AS bigint[])) AS n")


def writes_alone(session: Session) -> bool:
    """Tell whether the open transaction, if it writes, does so alone: then no lock is needed.

    SQLite gives its one write lock to BEGIN IMMEDIATE, before anything is read.
    """
    return not is_postgres(session)


def try_lock(session: Session, number: int) -> bool:
    """Hold a numbered lock until this transaction ends, if nobody else does; tells whether.

    On SQLite the transaction already holds the only write lock, so it always does.
    """
    if not is_postgres(session):
        return True
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(number))))
