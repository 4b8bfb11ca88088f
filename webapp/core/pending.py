"""What is left for the end of a transaction. What is rolled back takes along what it left.

A savepoint is no end: SQLAlchemy tells of its release and its rollback as if it were one.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from webapp.core.db import connection, db

LEFT, MARKS = "left", "left_before"  # in a session's `info`


def leave(kind: str, thing: Any) -> None:
    """Leave something for the end of the open transaction, for whoever takes its kind there."""
    connection()  # begins the transaction where need be: what is rolled back takes things along
    db.session().info.setdefault(LEFT, []).append((kind, thing))


def taken(session: Session, kind: str) -> list[Any]:
    """Give what was left of a kind, once; nothing where only a savepoint ends."""
    if session.in_nested_transaction():
        return []
    left = session.info.get(LEFT, [])
    found = [thing for named, thing in left if named == kind]
    if found:
        session.info[LEFT] = [each for each in left if each[0] != kind]
    return found


@event.listens_for(Session, "after_transaction_create")
def _mark(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        session.info.setdefault(MARKS, []).append(len(session.info.get(LEFT, ())))


@event.listens_for(Session, "after_rollback")
def _drop(session: Session) -> None:
    first = session.info[MARKS][-1] if session.in_nested_transaction() else 0
    del session.info.setdefault(LEFT, [])[first:]


@event.listens_for(Session, "after_transaction_end")
def _unmark(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        session.info[MARKS].pop()
