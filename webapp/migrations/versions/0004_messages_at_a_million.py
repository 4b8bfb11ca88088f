"""fewer and smaller indexes of messages; one of those that were tried and wait again"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from webapp.migrations.replaced_indexes import hold_writers, replace, retire

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
    hold_writers("messages")
    retire("ix_messages_event", "messages")
    replace(BY_PROVIDER, "messages", ["provider_message_id"], KNOWN_THERE)
    op.create_index(
        "ix_messages_retried",
        "messages",
        ["send_at"],
        sqlite_where=RETRIED,
        postgresql_where=RETRIED,
    )
    if op.get_bind().dialect.name == "sqlite":
        # Of two indexes that serve alike it takes the newer: this one, not that of all messages.
        replace("ix_messages_open", "messages", ["key", "channel", "id"], OPEN)


def downgrade() -> None:
    """Bring the former indexes back."""
    op.drop_index("ix_messages_retried", "messages")
    op.drop_index(BY_PROVIDER, "messages")
    op.create_index(BY_PROVIDER, "messages", ["provider_message_id"])
    op.create_index("ix_messages_event", "messages", ["event_id"])
