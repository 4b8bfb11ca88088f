"""The database's time."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, bindparam, func, select, type_coerce
from sqlalchemy.orm import Session

from webapp.core import clock
from webapp.core.dialect.kinds import UtcDateTime, is_postgres

# The database's time at the moment of its evaluation, in a statement that is built once.
DATABASE_NOW: ColumnElement[datetime] = func.clock_timestamp(type_=UtcDateTime())

_SELECT_NOW = select(DATABASE_NOW)


def database_now(session: Session) -> datetime:
    """Give the database's time; on SQLite that is this machine's, there is no other."""
    if is_postgres(session):
        return session.connection().execute(_SELECT_NOW).scalar_one()
    return clock.now()


def now_after(session: Session, delay: timedelta) -> ColumnElement[datetime]:
    """Give an expression for the moment of its evaluation plus `delay`, for use in a statement."""
    if is_postgres(session):
        return func.clock_timestamp() + bindparam(None, delay, unique=True)
    return type_coerce(clock.now() + delay, UtcDateTime())


def statement_time(session: Session, delay: timedelta) -> ColumnElement[datetime]:
    """Give an expression for when its statement began plus `delay`: one moment for all its rows.

    By it an index can be searched. By `now_after` it cannot be, which may be later for each row:
    PostgreSQL then reads the whole index.
    """
    if is_postgres(session):
        return func.statement_timestamp() + bindparam(None, delay, unique=True)
    return type_coerce(clock.now() + delay, UtcDateTime())
