"""opportunities, who answers which conversation, and who is on hold"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
INBOX = {
    "ix_conversations_unread": "unread > 0",
    "ix_conversations_strangers": "contact_id IS NULL",
}
CHANNELS = ("email", "sms", "voice", "whatsapp")


def upgrade() -> None:
    """Create what the pages for people need beside the contacts."""
    _opportunities()
    op.create_index("ix_audit_entries_action", "audit_entries", ["action", "at"])
    op.create_index("ix_audit_entries_actor", "audit_entries", ["actor_kind", "actor_id", "at"])
    _conversations()
    for channel in CHANNELS:  # the few on hold, which a filter asks for
        op.create_index(
            f"ix_contacts_{channel}_held",
            "contacts",
            ["id"],
            postgresql_where=sa.text(f"{channel}_held"),
            sqlite_where=sa.text(f"{channel}_held = 1"),
        )


def _opportunities() -> None:
    op.create_table(
        "opportunities",
        sa.Column("id", ID, nullable=False),
        sa.Column("contact_id", ID, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("folded", sa.String(length=200), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("owner_id", ID, nullable=True),
        sa.Column("expected_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.Column("stage_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"],
            ["contacts.id"],
            name=op.f("fk_opportunities_contact_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opportunities")),
    )
    op.create_index("ix_opportunities_contact", "opportunities", ["contact_id", "id"])
    op.create_index("ix_opportunities_stage", "opportunities", ["stage", "updated_at", "id"])
    op.create_index("ix_opportunities_updated", "opportunities", ["updated_at", "id"])
    op.create_index("ix_opportunities_amount", "opportunities", ["amount", "id"])
    op.create_index("ix_opportunities_expected", "opportunities", ["expected_on", "id"])
    op.create_index("ix_opportunities_stage_amount", "opportunities", ["stage", "amount", "id"])
    op.create_index(
        "ix_opportunities_stage_expected", "opportunities", ["stage", "expected_on", "id"]
    )
    op.create_index("ix_opportunities_owner", "opportunities", ["owner_id", "updated_at", "id"])
    op.create_index(
        "ix_opportunities_sums", "opportunities", ["stage", "currency", "amount", "owner_id"]
    )


def _conversations() -> None:
    op.create_table(
        "conversation_assignments",
        sa.Column("conversation_id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_conversation_assignments_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_conversation_assignments")),
    )
    op.create_index(
        "ix_conversation_assignments_user",
        "conversation_assignments",
        ["user_id", "conversation_id"],
    )
    op.create_index("ix_conversations_channel", "conversations", ["channel", "last_at", "id"])
    for name, where in INBOX.items():
        op.create_index(
            name,
            "conversations",
            ["last_at", "id"],
            sqlite_where=sa.text(where),
            postgresql_where=sa.text(where),
        )


def downgrade() -> None:
    """Take them away again."""
    for name in ("ix_conversations_channel", *INBOX):
        op.drop_index(name, "conversations")
    for channel in CHANNELS:
        op.drop_index(f"ix_contacts_{channel}_held", "contacts")
    op.drop_table("conversation_assignments")
    op.drop_index("ix_audit_entries_actor", "audit_entries")
    op.drop_index("ix_audit_entries_action", "audit_entries")
    op.drop_table("opportunities")
