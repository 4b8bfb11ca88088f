"""Emptying a database between two tests, much faster than making a new one."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, MetaData, insert, text

KEPT = {"alembic_version"}
# SQLite's search index: virtual tables and their own tables, emptied by words to the index itself.
INDEXES = ("contact_search", "contact_facts", "contact_grams")


class Rows:
    """The rows that a fresh database has; `restore` brings it back to them, and to no others."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.tables = MetaData()
        with engine.connect() as connection:
            self.tables.reflect(connection, only=lambda name, _: not self._is_index(name))
            self.seeds: dict[str, list[dict[str, Any]]] = {
                table.name: [dict(row) for row in connection.execute(table.select()).mappings()]
                for table in self.tables.sorted_tables
                if table.name not in KEPT
            }

    def restore(self) -> None:
        """Delete all rows, past the triggers that guard the ledger, and add the first ones."""
        with self.engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                self._empty_postgres(connection)
            else:
                self._empty_sqlite(connection)
            for table in self.tables.sorted_tables:
                if rows := self.seeds.get(table.name):
                    connection.execute(insert(table), rows)

    def _deletions(self) -> list[str]:
        names = [t.name for t in reversed(self.tables.sorted_tables) if t.name in self.seeds]
        return [f'DELETE FROM "{name}"' for name in names]

    def _empty_postgres(self, connection: Connection) -> None:
        # A replica's session fires no triggers. A test that left a lock behind shows at once.
        settings = ["SET LOCAL session_replication_role = replica", "SET LOCAL lock_timeout = '5s'"]
        connection.exec_driver_sql("; ".join([*settings, *self._deletions()]))
        connection.exec_driver_sql("SET LOCAL session_replication_role = origin")

    def _empty_sqlite(self, connection: Connection) -> None:
        triggers = connection.execute(
            text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        ).all()
        for name, _ in triggers:
            connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        for statement in self._deletions():
            connection.exec_driver_sql(statement)
        if any(name.startswith(INDEXES) for name, _ in triggers):
            for index in INDEXES[:2]:
                connection.exec_driver_sql(f"INSERT INTO {index}({index}) VALUES ('delete-all')")
        for _, statement in triggers:
            connection.exec_driver_sql(statement)

    def _is_index(self, name: str) -> bool:
        return self.engine.dialect.name == "sqlite" and name.startswith(INDEXES)
