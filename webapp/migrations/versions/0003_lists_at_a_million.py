"""the search index, lists in the order of ids, what was not sent, what waits for review, opt-outs"""

from __future__ import annotations

import logging

import sqlalchemy as sa
from alembic import op
from sqlalchemy.exc import OperationalError

from webapp.migrations import search_tables
from webapp.migrations.replaced_indexes import hold_writers, replace, retire

revision = "0003"
down_revision = "0002"

UNSENT = sa.text("status IN ('cancelled', 'skipped', 'failed', 'unconfirmed')")
UNSENT_COLUMNS = ["ended_at", "id", "channel", "status", "reason"]
UNDECIDED = sa.text("decided_at IS NULL")
OPTED_OUT = sa.text("state = 'opted_out'")
OPT_OUTS = "ix_consent_states_out"
CHANNELS = ("email", "sms", "voice", "whatsapp")
NO_SEARCH_INDEX = (
    "This SQLite has no full-text index (FTS5 with trigrams, SQLite 3.34): searching contacts "
    "will read all of them."
)


def upgrade() -> None:
    """Make the search index from the contacts, and indexes for lists in the order of ids."""
    hold_writers("consent_states", "contacts", "messages", "reviews")
    retire("ix_contacts_created", "contacts")
    for channel in CHANNELS:
        replace(f"ix_contacts_{channel}_state", "contacts", [f"{channel}_state", "id"])
        changed = [f"{channel}_changed_at", "id", f"{channel}_source", f"{channel}_state"]
        replace(f"ix_contacts_{channel}_changed", "contacts", changed)
    opted_out = ["channel", "since", "key", "source", "state"]
    replace(OPT_OUTS, "consent_states", opted_out, OPTED_OUT)
    _create_partial("ix_messages_unsent", "messages", UNSENT_COLUMNS, UNSENT)
    _create_partial("ix_reviews_waiting", "reviews", ["opened_at", "id"], UNDECIDED)
    if op.get_bind().dialect.name == "postgresql":
        _run(search_tables.POSTGRESQL)
    elif _has_full_text():
        _run(search_tables.SQLITE)
    else:
        logging.getLogger(__name__).warning(NO_SEARCH_INDEX)


def downgrade() -> None:
    """Bring the former indexes back."""
    postgres = op.get_bind().dialect.name == "postgresql"
    _run(search_tables.POSTGRESQL_AWAY if postgres else search_tables.SQLITE_AWAY)
    op.drop_index("ix_messages_unsent", "messages")
    op.drop_index("ix_reviews_waiting", "reviews")
    op.drop_index(OPT_OUTS, "consent_states")
    _create_partial(OPT_OUTS, "consent_states", ["channel", "since", "key"], OPTED_OUT)
    for channel in CHANNELS:
        op.drop_index(f"ix_contacts_{channel}_state", "contacts")
        op.drop_index(f"ix_contacts_{channel}_changed", "contacts")
        state = [f"{channel}_state", "created_at", "id"]
        op.create_index(f"ix_contacts_{channel}_state", "contacts", state)
        op.create_index(
            f"ix_contacts_{channel}_changed", "contacts", [f"{channel}_changed_at", "id"]
        )
    op.create_index("ix_contacts_created", "contacts", ["created_at", "id"])


def _create_partial(name: str, table: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def _has_full_text() -> bool:
    try:
        _run(search_tables.SQLITE_PROBE)
    except OperationalError:
        return False
    return True


def _run(statements: list[str]) -> None:
    for statement in statements:
        op.get_bind().exec_driver_sql(statement)
