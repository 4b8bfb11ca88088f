"""seals, erasures, drills, former addresses, holds on marketing, the slowest stop of a day"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from webapp.migrations.ledger_triggers import seal_statements

revision = "0005"
down_revision = "0004"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create what proves the ledger and what remembers that somebody was forgotten."""
    _seals()
    _people()
    decided = sa.text("decided_at IS NOT NULL")
    op.create_index(
        "ix_reviews_decided",
        "reviews",
        ["decided_at", "id"],
        sqlite_where=decided,
        postgresql_where=decided,
    )
    op.create_table(
        "drills",
        sa.Column("id", ID, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("enforced_ms", sa.Integer(), nullable=True),
        sa.Column("steps", JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drills")),
    )
    op.create_table(
        "marketing_holds",
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("since", TIME, nullable=False),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_marketing_holds")),
    )
    op.create_table(
        "slowest_stops",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_slowest_stops")),
    )


def _seals() -> None:
    op.create_table(
        "ledger_seals",
        sa.Column("id", ID, nullable=False),
        sa.Column("last_event_id", ID, nullable=False),
        sa.Column("events", ID, nullable=False),
        sa.Column("content", sa.LargeBinary(length=32), nullable=False),
        sa.Column("prev", sa.LargeBinary(length=32), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_seals")),
        sa.UniqueConstraint("hash", name=op.f("uq_ledger_seals_hash")),
    )
    op.create_index("ix_ledger_seals_last_event_id", "ledger_seals", ["last_event_id", "id"])
    for statement in seal_statements(op.get_bind().dialect.name):
        op.execute(statement)


def _people() -> None:
    op.create_table(
        "former_addresses",
        sa.Column("contact_id", ID, nullable=False),
        sa.Column("key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("until", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"],
            ["contacts.id"],
            name=op.f("fk_former_addresses_contact_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("contact_id", "key", name=op.f("pk_former_addresses")),
    )
    op.create_index("ix_former_addresses_key", "former_addresses", ["key"])
    op.create_table(
        "erasures",
        sa.Column("id", ID, nullable=False),
        sa.Column("contact_id", ID, nullable=True),
        sa.Column("keys", JSON, nullable=False),
        sa.Column("event_ids", JSON, nullable=False),
        sa.Column("counts", JSON, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("actor_id", ID, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
    )


def downgrade() -> None:
    """Take them away again."""
    op.drop_index("ix_reviews_decided", "reviews")
    for name in (
        "slowest_stops",
        "marketing_holds",
        "drills",
        "erasures",
        "former_addresses",
        "ledger_seals",
    ):
        op.drop_table(name)
