"""the first tables"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from webapp.migrations.ledger_triggers import statements

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create every table, the append-only triggers, and the four policies."""
    op.create_table(
        "api_tokens",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "role",
            sa.Enum("viewer", "marketer", "admin", name="role", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_tokens")),
        sa.UniqueConstraint("digest", name=op.f("uq_api_tokens_digest")),
    )
    op.create_table(
        "attribute_definitions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column(
            "choices", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attribute_definitions")),
        sa.UniqueConstraint("name", name=op.f("uq_attribute_definitions_name")),
    )
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "actor_kind",
            sa.Enum(
                "user",
                "token",
                "contact",
                "provider",
                "system",
                name="actorkind",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column(
            "detail", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entries_at"), ["at"], unique=False)

    op.create_table(
        "channel_pauses",
        sa.Column(
            "channel",
            sa.Enum(
                "email", "sms", "voice", "whatsapp", name="channel", native_enum=False, length=20
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_channel_pauses")),
    )
    op.create_table(
        "consent_events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "email", "sms", "voice", "whatsapp", name="channel", native_enum=False, length=20
            ),
            nullable=False,
        ),
        sa.Column("key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column(
            "asked",
            sa.Enum("opted_in", "opted_out", "unknown", name="state", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column(
            "from_state",
            sa.Enum("opted_in", "opted_out", "unknown", name="state", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column(
            "to_state",
            sa.Enum("opted_in", "opted_out", "unknown", name="state", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column(
            "source",
            sa.Enum(
                "manual",
                "keyword",
                "button",
                "link",
                "api",
                "import",
                "provider",
                "review",
                "correction",
                name="source",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "actor_kind",
            sa.Enum(
                "user",
                "token",
                "contact",
                "provider",
                "system",
                name="actorkind",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("proven", sa.Boolean(), nullable=False),
        sa.Column("undoes_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("effective_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("commitment", sa.LargeBinary(length=32), nullable=False),
        sa.Column("prev", sa.LargeBinary(length=32), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_events")),
        sa.UniqueConstraint(
            "key", "channel", "seq", name=op.f("uq_consent_events_key_channel_seq")
        ),
    )
    with op.batch_alter_table("consent_events", schema=None) as batch_op:
        batch_op.create_index("ix_consent_events_recorded", ["recorded_at", "id"], unique=False)

    op.create_table(
        "consent_policies",
        sa.Column(
            "channel",
            sa.Enum(
                "email", "sms", "voice", "whatsapp", name="channel", native_enum=False, length=20
            ),
            nullable=False,
        ),
        sa.Column("needs_opt_in", sa.Boolean(), nullable=False),
        sa.Column("exempts_utility", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_consent_policies")),
    )
    op.create_table(
        "consent_states",
        sa.Column(
            "channel",
            sa.Enum(
                "email", "sms", "voice", "whatsapp", name="channel", native_enum=False, length=20
            ),
            nullable=False,
        ),
        sa.Column("key", sa.LargeBinary(length=32), nullable=False),
        sa.Column(
            "state",
            sa.Enum("opted_in", "opted_out", "unknown", name="state", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "source",
            sa.Enum(
                "manual",
                "keyword",
                "button",
                "link",
                "api",
                "import",
                "provider",
                "review",
                "correction",
                name="source",
                native_enum=False,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "out_event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("head_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("head_seq", sa.Integer(), nullable=False),
        sa.Column("head_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("held", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "key", name=op.f("pk_consent_states")),
    )
    with op.batch_alter_table("consent_states", schema=None) as batch_op:
        batch_op.create_index("ix_consent_states_key", ["key"], unique=False)
        batch_op.create_index(
            "ix_consent_states_out",
            ["channel", "since", "key"],
            unique=False,
            sqlite_where=sa.text("state = 'opted_out'"),
            postgresql_where=sa.text("state = 'opted_out'"),
        )

    op.create_table(
        "contacts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "name_folded",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("whatsapp_id", sa.String(length=140), nullable=True),
        sa.Column("phone_key", sa.LargeBinary(length=32), nullable=True),
        sa.Column("email_key", sa.LargeBinary(length=32), nullable=True),
        sa.Column("whatsapp_id_key", sa.LargeBinary(length=32), nullable=True),
        sa.Column(
            "attributes", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "email_state",
            sa.Enum("opted_in", "opted_out", "unknown", name="state", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("email_changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "email_source",
            sa.Enum(
                "manual",
                "keyword",
                "button",
                "link",
                "api",
                "import",
                "provider",
                "review",
                "correction",
                name="source",
                native_enum=False,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column("email_held", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column(
            "sms_state",
            sa.Enum("opted_in", "opted_out", "unknown", name="state", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("sms_changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "sms_source",
            sa.Enum(
                "manual",
                "keyword",
                "button",
                "link",
                "api",
                "import",
                "provider",
                "review",
                "correction",
                name="source",
                native_enum=False,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column("sms_held", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column(
            "voice_state",
            sa.Enum("opted_in", "opted_out", "unknown", name="state", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("voice_changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "voice_source",
            sa.Enum(
                "manual",
                "keyword",
                "button",
                "link",
                "api",
                "import",
                "provider",
                "review",
                "correction",
                name="source",
                native_enum=False,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column("voice_held", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column(
            "whatsapp_state",
            sa.Enum("opted_in", "opted_out", "unknown", name="state", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("whatsapp_changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "whatsapp_source",
            sa.Enum(
                "manual",
                "keyword",
                "button",
                "link",
                "api",
                "import",
                "provider",
                "review",
                "correction",
                name="source",
                native_enum=False,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column("whatsapp_held", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
        sa.UniqueConstraint("email", name=op.f("uq_contacts_email")),
        sa.UniqueConstraint("email_key", name=op.f("uq_contacts_email_key")),
        sa.UniqueConstraint("phone", name=op.f("uq_contacts_phone")),
        sa.UniqueConstraint("phone_key", name=op.f("uq_contacts_phone_key")),
        sa.UniqueConstraint("whatsapp_id", name=op.f("uq_contacts_whatsapp_id")),
        sa.UniqueConstraint("whatsapp_id_key", name=op.f("uq_contacts_whatsapp_id_key")),
    )
    with op.batch_alter_table("contacts", schema=None) as batch_op:
        batch_op.create_index("ix_contacts_created", ["created_at", "id"], unique=False)
        batch_op.create_index("ix_contacts_email_changed", ["email_changed_at", "id"], unique=False)
        batch_op.create_index(
            "ix_contacts_email_state", ["email_state", "created_at", "id"], unique=False
        )
        batch_op.create_index("ix_contacts_name", ["name_folded", "id"], unique=False)
        batch_op.create_index("ix_contacts_sms_changed", ["sms_changed_at", "id"], unique=False)
        batch_op.create_index(
            "ix_contacts_sms_state", ["sms_state", "created_at", "id"], unique=False
        )
        batch_op.create_index("ix_contacts_voice_changed", ["voice_changed_at", "id"], unique=False)
        batch_op.create_index(
            "ix_contacts_voice_state", ["voice_state", "created_at", "id"], unique=False
        )
        batch_op.create_index(
            "ix_contacts_whatsapp_changed", ["whatsapp_changed_at", "id"], unique=False
        )
        batch_op.create_index(
            "ix_contacts_whatsapp_state", ["whatsapp_state", "created_at", "id"], unique=False
        )

    op.create_table(
        "events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("data", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
    )
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.create_index(
            "ix_events_unhandled",
            ["id"],
            unique=False,
            sqlite_where=sa.text("handled_at IS NULL"),
            postgresql_where=sa.text("handled_at IS NULL"),
        )

    op.create_table(
        "handled_items",
        sa.Column("provider", sa.String(length=40), nullable=False),
        sa.Column("item", sa.String(length=300), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("provider", "item", name=op.f("pk_handled_items")),
    )
    op.create_table(
        "reviews",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "email", "sms", "voice", "whatsapp", name="channel", native_enum=False, length=20
            ),
            nullable=False,
        ),
        sa.Column("key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column(
            "contact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "inbound_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column(
            "because", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", sa.String(length=20), nullable=True),
        sa.Column(
            "actor_kind",
            sa.Enum(
                "user",
                "token",
                "contact",
                "provider",
                "system",
                name="actorkind",
                native_enum=False,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
    )
    with op.batch_alter_table("reviews", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reviews_contact_id"), ["contact_id"], unique=False)
        batch_op.create_index(
            "ix_reviews_open",
            ["key", "channel"],
            unique=False,
            sqlite_where=sa.text("decided_at IS NULL"),
            postgresql_where=sa.text("decided_at IS NULL"),
        )

    op.create_table(
        "settings",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column(
            "value", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_settings")),
    )
    op.create_table(
        "stored_webhooks",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("provider", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("processed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_webhooks")),
        sa.UniqueConstraint("digest", name=op.f("uq_stored_webhooks_digest")),
    )
    with op.batch_alter_table("stored_webhooks", schema=None) as batch_op:
        batch_op.create_index(
            "ix_stored_webhooks_open",
            ["id"],
            unique=False,
            sqlite_where=sa.text("processed_at IS NULL"),
            postgresql_where=sa.text("processed_at IS NULL"),
        )

    op.create_table(
        "tags",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("folded", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tags")),
        sa.UniqueConstraint("folded", name=op.f("uq_tags_folded")),
    )
    op.create_table(
        "templates",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "email", "sms", "voice", "whatsapp", name="channel", native_enum=False, length=20
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=512), nullable=False),
        sa.Column("language", sa.String(length=15), nullable=False),
        sa.Column(
            "category",
            sa.Enum(
                "marketing",
                "utility",
                "authentication",
                name="category",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column(
            "buttons", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("provider_status", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_templates")),
        sa.UniqueConstraint(
            "channel", "name", "language", name=op.f("uq_templates_channel_name_language")
        ),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "role",
            sa.Enum("viewer", "marketer", "admin", name="role", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("session_stamp", sa.String(length=32), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
    )
    op.create_table(
        "activities",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "contact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "actor_kind",
            sa.Enum(
                "user",
                "token",
                "contact",
                "provider",
                "system",
                name="actorkind",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("data", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"],
            ["contacts.id"],
            name=op.f("fk_activities_contact_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activities")),
    )
    with op.batch_alter_table("activities", schema=None) as batch_op:
        batch_op.create_index("ix_activities_contact", ["contact_id", "id"], unique=False)

    op.create_table(
        "consent_event_details",
        sa.Column(
            "event_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("salt", sa.LargeBinary(length=16), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column(
            "evidence", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["consent_events.id"], name=op.f("fk_consent_event_details_event_id")
        ),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_consent_event_details")),
    )
    op.create_table(
        "contact_tags",
        sa.Column("tag_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "contact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"],
            ["contacts.id"],
            name=op.f("fk_contact_tags_contact_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tag_id"], ["tags.id"], name=op.f("fk_contact_tags_tag_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tag_id", "contact_id", name=op.f("pk_contact_tags")),
    )
    with op.batch_alter_table("contact_tags", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_contact_tags_contact_id"), ["contact_id"], unique=False
        )

    op.create_table(
        "conversations",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "email", "sms", "voice", "whatsapp", name="channel", native_enum=False, length=20
            ),
            nullable=False,
        ),
        sa.Column("key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column(
            "contact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("profile_name", sa.String(length=200), nullable=False),
        sa.Column("last_inbound_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("unread", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"],
            ["contacts.id"],
            name=op.f("fk_conversations_contact_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversations")),
        sa.UniqueConstraint("key", "channel", name=op.f("uq_conversations_key_channel")),
    )
    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_conversations_contact_id"), ["contact_id"], unique=False
        )
        batch_op.create_index("ix_conversations_last", ["last_at"], unique=False)

    op.create_table(
        "idempotent_answers",
        sa.Column("token_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("request_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("body", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["token_id"],
            ["api_tokens.id"],
            name=op.f("fk_idempotent_answers_token_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token_id", "key", name=op.f("pk_idempotent_answers")),
    )
    with op.batch_alter_table("idempotent_answers", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_idempotent_answers_created_at"), ["created_at"], unique=False
        )

    op.create_table(
        "messages",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "contact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "channel",
            sa.Enum(
                "email", "sms", "voice", "whatsapp", name="channel", native_enum=False, length=20
            ),
            nullable=False,
        ),
        sa.Column("key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column(
            "origin",
            sa.Enum(
                "manual",
                "scheduled",
                "api",
                "automation",
                "campaign",
                "confirmation",
                name="origin",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "category",
            sa.Enum(
                "marketing",
                "utility",
                "authentication",
                name="category",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column(
            "template_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "variables", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column(
            "status",
            sa.Enum(
                "scheduled",
                "sending",
                "sent",
                "delivered",
                "read",
                "failed",
                "cancelled",
                "skipped",
                "unconfirmed",
                name="status",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "reason",
            sa.Enum(
                "opted_out",
                "no_recorded_opt_in",
                "held_for_review",
                "manual_blocked",
                "by_person",
                "confirmation_late",
                "confirmation_cap",
                "provider_opted_out",
                "provider_refused",
                "provider_busy",
                "provider_account",
                "no_answer",
                "worker_lost",
                "gave_up",
                "channel_off",
                "window_closed",
                "safe_mode",
                "no_address",
                name="reason",
                native_enum=False,
                length=30,
            ),
            nullable=True,
        ),
        sa.Column("rule", sa.String(length=40), nullable=True),
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=True),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column(
            "override_event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "confirms_event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "answers_inbound_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column(
            "retry_of_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("send_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claim_token", sa.String(length=32), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("begin_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("provider_message_id", sa.String(length=255), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "actor_kind",
            sa.Enum(
                "user",
                "token",
                "contact",
                "provider",
                "system",
                name="actorkind",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["contact_id"],
            ["contacts.id"],
            name=op.f("fk_messages_contact_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["template_id"],
            ["templates.id"],
            name=op.f("fk_messages_template_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("answers_inbound_id", name=op.f("uq_messages_answers_inbound_id")),
        sa.UniqueConstraint("confirms_event_id", name=op.f("uq_messages_confirms_event_id")),
    )
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.create_index("ix_messages_contact", ["contact_id", "id"], unique=False)
        batch_op.create_index(
            "ix_messages_ended",
            ["ended_at", "id"],
            unique=False,
            sqlite_where=sa.text("ended_at IS NOT NULL"),
            postgresql_where=sa.text("ended_at IS NOT NULL"),
        )
        batch_op.create_index("ix_messages_event", ["event_id"], unique=False)
        batch_op.create_index(
            "ix_messages_open",
            ["key", "channel", "id"],
            unique=False,
            sqlite_where=sa.text("status IN ('scheduled', 'sending')"),
            postgresql_where=sa.text("status IN ('scheduled', 'sending')"),
        )
        batch_op.create_index(
            batch_op.f("ix_messages_provider_message_id"), ["provider_message_id"], unique=False
        )
        batch_op.create_index("ix_messages_status", ["status", "id"], unique=False)
        batch_op.create_index("ix_messages_thread", ["key", "channel", "id"], unique=False)
        batch_op.create_index(
            "ix_messages_waiting",
            ["not_before", "id"],
            unique=False,
            sqlite_where=sa.text("status = 'scheduled'"),
            postgresql_where=sa.text("status = 'scheduled'"),
        )

    op.create_table(
        "inbound_messages",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "conversation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("provider_message_id", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column(
            "matched", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_inbound_messages_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound_messages")),
    )
    with op.batch_alter_table("inbound_messages", schema=None) as batch_op:
        batch_op.create_index("ix_inbound_conversation", ["conversation_id", "id"], unique=False)

    for statement in statements(op.get_context().dialect.name):
        op.execute(statement)
    policies = sa.table(
        "consent_policies",
        sa.column("channel", sa.String),
        sa.column("needs_opt_in", sa.Boolean),
        sa.column("exempts_utility", sa.Boolean),
    )
    op.bulk_insert(
        policies,
        [
            # Carriers read STOP as everything, so SMS and voice exempt nothing.
            {"channel": "email", "needs_opt_in": False, "exempts_utility": True},
            {"channel": "sms", "needs_opt_in": False, "exempts_utility": False},
            {"channel": "voice", "needs_opt_in": False, "exempts_utility": False},
            {"channel": "whatsapp", "needs_opt_in": False, "exempts_utility": True},
        ],
    )


def downgrade() -> None:
    """There is nothing before the first tables."""
    raise RuntimeError("the ledger is never dropped by a migration")
