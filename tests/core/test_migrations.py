"""The migrations: where they lead is what the models say, and others read while they run."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic import command
from flask.ctx import AppContext
from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.exc import DBAPIError

from tests.servers import wait_until
from webapp import migrate
from webapp.core.db import db
from webapp.migrations import search_tables

LOCKED = text(
    "SELECT relation::regclass::text FROM pg_locks "
    "WHERE pid = pg_backend_pid() AND mode = 'AccessExclusiveLock' AND relation IN "
    "(SELECT oid FROM pg_class WHERE relkind = 'r')"
)
HELD = text(
    "SELECT count(*) FROM pg_locks "
    "WHERE relation = 'contacts'::regclass AND mode = 'ShareRowExclusiveLock' AND granted "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
INDEXES = text("SELECT indexname FROM pg_indexes WHERE schemaname = 'public'")


def test_the_migrations_lead_to_what_the_models_say(context: AppContext) -> None:
    """What is known to differ is named in webapp/migrations/env.py."""
    with db.engine.connect() as connection:
        command.check(migrate.alembic_config(connection))


def test_an_upgrade_that_is_broken_off_has_changed_nothing(
    db_kind: str,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url = f"sqlite:///{tmp_path / 'heed.sqlite'}"
    if db_kind == "postgres":
        url = request.getfixturevalue("make_database")("broken")
    monkeypatch.setattr(search_tables, "SQLITE", ["CREATE TABLE contacts (id int)"])
    monkeypatch.setattr(search_tables, "POSTGRESQL", ["CREATE TABLE contacts (id int)"])
    with pytest.raises(DBAPIError, match="already exists"):
        migrate.upgrade(url)
    engine = create_engine(url)
    assert inspect(engine).get_table_names() == []
    engine.dispose()


def released(connection: Connection) -> set[str]:
    """Bring a database to the first migration; gives its tables."""
    command.upgrade(migrate.alembic_config(connection), "0001")
    tables = text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return set(connection.scalars(tables))


@pytest.mark.postgres
def test_nobody_is_shut_out_of_a_table_while_it_is_upgraded(
    db_kind: str, make_database: Callable[[str], str]
) -> None:
    engine = create_engine(make_database("upgraded"))
    with engine.begin() as connection:
        there = released(connection)
    with engine.begin() as connection:
        command.upgrade(migrate.alembic_config(connection), "head")
        assert there.isdisjoint(connection.scalars(LOCKED))
    engine.dispose()


@pytest.mark.postgres
def test_a_change_under_way_and_an_upgrade_both_come_through(
    db_kind: str, make_database: Callable[[str], str]
) -> None:
    url = make_database("upgraded")
    engine = create_engine(url)
    with engine.begin() as connection:
        released(connection)

    def writers_wait() -> bool:
        with engine.connect() as connection:
            return bool(connection.scalar(HELD))

    with (
        ThreadPoolExecutor(1) as thread,
        engine.connect() as change,
        engine.connect() as other,
    ):
        change.execute(text("SELECT count(*) FROM contacts"))
        other.execute(text("LOCK TABLE messages IN ROW EXCLUSIVE MODE"))
        upgraded = thread.submit(migrate.upgrade, url)
        wait_until(writers_wait, "the upgrade")
        other.rollback()
        change.execute(text("UPDATE contacts SET name = name"))
        change.commit()
        upgraded.result()
    with engine.connect() as connection:
        command.check(migrate.alembic_config(connection))
    engine.dispose()


@pytest.mark.postgres
def test_an_upgrade_leaves_none_of_the_indexes_that_it_replaced(
    db_kind: str, make_database: Callable[[str], str]
) -> None:
    url = make_database("upgraded")
    engine = create_engine(url)
    with engine.begin() as connection:
        released(connection)
    for _ in range(2):
        migrate.upgrade(url)
    with engine.connect() as connection:
        names = set(connection.scalars(INDEXES))
    engine.dispose()
    assert "ix_contacts_sms_state" in names
    assert not {name for name in names if name.endswith("_former")}
    assert "ix_contacts_created" not in names
