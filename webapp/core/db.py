"""The database handle, the model base, and a transaction that survives a deadlock."""

from __future__ import annotations

import enum
import time
from collections.abc import Callable, Mapping, Sequence
from random import uniform
from typing import Any, TypeVar, cast

import structlog
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, CursorResult, Enum, Executable, MetaData, Table, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Session

log = structlog.get_logger(__name__)
Result = TypeVar("Result")

CONNECTION = "connection"
# Deadlock and serialisation failures: PostgreSQL rolled one side back, which may simply try again.
RETRIED_SQLSTATES = frozenset({"40P01", "40001"})


class Base(DeclarativeBase):
    """The base of every model; constraint names are stable so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base)


def enum_type(words: type[enum.StrEnum], length: int = 20) -> Enum:
    """Give a column type that stores the words of an enumeration as text, checked in Python."""
    return Enum(
        words,
        native_enum=False,
        create_constraint=False,
        length=length,
        name=words.__name__.lower(),
        values_callable=lambda kind: [member.value for member in kind],
    )


def table_of(model: type[Base]) -> Table:
    """Give a model's table, for statements past the ORM."""
    return cast(Table, model.__table__)


def connection() -> Connection:
    """Give the connection of the session's transaction, which begins with it where need be.

    The session's own way to it takes as long as a small statement.
    """
    session = db.session()
    found: Connection | None = session.info.get(CONNECTION)
    return found if found is not None else session.connection()


@event.listens_for(Session, "after_begin")
def _keep_connection(session: Session, _transaction: Any, connection: Connection) -> None:
    session.info[CONNECTION] = connection


@event.listens_for(Session, "after_transaction_end")
def _forget_connection(session: Session, transaction: Any) -> None:
    if transaction.parent is None:
        session.info.pop(CONNECTION, None)


def run(
    statement: Executable, values: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None
) -> CursorResult[*tuple[Any, ...]]:
    """Run a Core statement in the session's open transaction, past the ORM.

    For statements that are built once and run often: building one costs several times what
    running it does. Several `values` run it for each. What the ORM still holds is not flushed
    first, and objects that it has read do not notice.
    """
    return connection().execute(statement, values)


def transaction(work: Callable[[], Result], *, tries: int = 5) -> Result:
    """Run `work` and commit; roll back on any error, and try again after a deadlock.

    `work` must do all its reading inside, since it may run more than once.
    """
    for attempt in range(1, tries + 1):
        try:
            result = work()
            db.session.commit()
            return result
        except OperationalError as error:
            db.session.rollback()
            if attempt == tries or not _may_retry(error):
                raise
            log.info("transaction.retried", attempt=attempt)
            time.sleep(uniform(0.005, 0.03) * attempt)
        except BaseException:
            db.session.rollback()
            raise
    raise AssertionError("unreachable")


def _may_retry(error: OperationalError) -> bool:
    state: Any = getattr(error.orig, "sqlstate", None)
    return state in RETRIED_SQLSTATES or "database is locked" in str(error.orig)
