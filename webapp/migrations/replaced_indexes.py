"""Making indexes anew while others read: PostgreSQL shuts everybody out of a table to drop one.

So there the former index makes room by its name alone, and goes when nothing else is left to do.
Whoever writes waits from the beginning: one who has begun would wait for the migration in the
middle of a transaction that the migration may have to wait for in turn.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

FORMER = "_former"


def hold_writers(*tables: str) -> None:
    """Let nobody write to these tables until the upgrade is through; reading goes on.

    Name them in the order in which the services write to them. SQLite has one writer anyway.
    """
    if _on_postgres():
        op.execute(f"LOCK TABLE {', '.join(tables)} IN SHARE ROW EXCLUSIVE MODE")


def retire(name: str, table: str) -> None:
    """Take an index out of use; its name is free then."""
    if _on_postgres():
        op.execute(f"ALTER INDEX {name} RENAME TO {name}{FORMER}")
    else:
        op.drop_index(name, table)


def replace(name: str, table: str, columns: list[str], where: sa.TextClause | None = None) -> None:
    """Make an index anew of these columns; `where` says of which rows."""
    retire(name, table)
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def drop_retired(engine: sa.Engine) -> None:
    """Drop what the migrations took out of use, once they are committed.

    On PostgreSQL, one index after the other, each when nobody uses it any more: nobody waits for
    that. What an upgrade that was broken off has left goes with the next.
    """
    if engine.dialect.name != "postgresql":
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        names = sa.text(
            "SELECT indexname FROM pg_indexes "
            "WHERE schemaname = current_schema() AND right(indexname, :size) = :former"
        )
        for name in connection.scalars(names, {"size": len(FORMER), "former": FORMER}).all():
            connection.exec_driver_sql(f'DROP INDEX CONCURRENTLY IF EXISTS "{name}"')


def _on_postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"
