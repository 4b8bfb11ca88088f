"""Bringing a database to the current schema."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config as AlembicConfig
from sqlalchemy import Connection, create_engine, text

from webapp import models
from webapp.migrations.replaced_indexes import drop_retired

FOLDER = Path(__file__).with_name("migrations")
MIGRATION_LOCK = 4_993_001


def alembic_config(connection: Connection) -> AlembicConfig:
    """Give Alembic's configuration for one open connection."""
    config = AlembicConfig()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    config.attributes["models"] = models
    return config


def upgrade(database_url: str) -> None:
    """Run every migration that the database lacks, in one transaction; two at once wait.

    Effects: creates or changes tables; drops the indexes that others have replaced. Raises what
    the database raises.
    """
    engine = create_engine(database_url)
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": MIGRATION_LOCK})
            command.upgrade(alembic_config(connection), "head")
        drop_retired(engine)
    finally:
        engine.dispose()
