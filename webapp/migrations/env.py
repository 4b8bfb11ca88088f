"""Alembic's entry: runs the migrations on the connection that webapp.migrate hands over."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context

from webapp.core.db import Base
from webapp.core.dialect import UtcDateTime

SEARCH_TABLES = ("contact_search", "contact_facts", "contact_grams")


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write our own column types as plain ones, so that old migrations outlive the code."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def include_name(name: str | None, kind: str, _parents: Any) -> bool:
    """Leave the search index alone: its tables are written by hand and have no models."""
    return kind != "table" or not (name or "").startswith(SEARCH_TABLES)


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    render_item=render_item,
    include_name=include_name,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
