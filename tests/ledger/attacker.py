"""Somebody who can write to the database and past the triggers that guard the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, text

from webapp.core.db import db


@contextmanager
def unguarded() -> Iterator[Connection]:
    """Give a connection on which no trigger fires; what it wrote is committed at the end."""
    db.session.rollback()
    with db.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            yield connection
            return
        triggers = connection.execute(
            text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        ).all()
        for name, _ in triggers:
            connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        yield connection
        for _, statement in triggers:
            connection.exec_driver_sql(statement)


def tamper(statement: str, **values: Any) -> None:
    """Run one statement past the guards."""
    with unguarded() as connection:
        connection.execute(text(statement), values)
