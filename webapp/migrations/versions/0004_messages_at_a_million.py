"""fewer and smaller indexes of messages; one of those that were tried and wait again"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

RETRIED = sa.text("status = 'scheduled' AND attempts > 0")
OPEN = sa.text("status IN ('scheduled', 'sending')")
KNOWN_THERE = sa.text("provider_message_id IS NOT NULL")
BY_PROVIDER = "ix_messages_provider_message_id"


def upgrade() -> None:
    """Index retries by their time, and a provider's id only where there is one.

    What a consent event cancelled is found by its key, so the index by event goes: every message
    stood in it, and every cancellation wrote to it.
    """
    op.drop_index("ix_messages_event", "messages")
    op.drop_index(BY_PROVIDER, "messages")
    _create_partial(BY_PROVIDER, ["provider_message_id"], KNOWN_THERE)
    _create_partial("ix_messages_retried", ["send_at"], RETRIED)
    if op.get_bind().dialect.name == "sqlite":
        # Of two indexes that serve alike it takes the newer: this one, not that of all messages.
        op.drop_index("ix_messages_open", "messages")
        _create_partial("ix_messages_open", ["key", "channel", "id"], OPEN)


def downgrade() -> None:
    """Bring the former indexes back."""
    op.drop_index("ix_messages_retried", "messages")
    op.drop_index(BY_PROVIDER, "messages")
    op.create_index(BY_PROVIDER, "messages", ["provider_message_id"])
    op.create_index("ix_messages_event", "messages", ["event_id"])


def _create_partial(name: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(name, "messages", columns, sqlite_where=where, postgresql_where=where)
