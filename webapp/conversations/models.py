"""Conversations, inbound messages, and webhooks as they came."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.contacts.rules import Channel
from webapp.core import clock
from webapp.core.db import Base, enum_type
from webapp.core.dialect import BigId, Json, UtcDateTime

UNREAD = text("unread > 0")
STRANGERS = text("contact_id IS NULL")


class Conversation(Base):
    """All messages with one address on one channel. `last_inbound_at` opens the 24-hour window."""

    __tablename__ = "conversations"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    channel: Mapped[Channel] = mapped_column(enum_type(Channel))
    key: Mapped[bytes] = mapped_column(LargeBinary(32))
    address: Mapped[str] = mapped_column(String(254))
    contact_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("contacts.id", ondelete="SET NULL"), index=True
    )
    profile_name: Mapped[str] = mapped_column(String(200), default="")
    last_inbound_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    unread: Mapped[int] = mapped_column(default=0)

    __table_args__ = (
        UniqueConstraint("key", "channel"),
        Index("ix_conversations_last", "last_at"),
        Index("ix_conversations_channel", "channel", "last_at", "id"),
        Index(
            "ix_conversations_unread",
            "last_at",
            "id",
            sqlite_where=UNREAD,
            postgresql_where=UNREAD,
        ),
        Index(
            "ix_conversations_strangers",
            "last_at",
            "id",
            sqlite_where=STRANGERS,
            postgresql_where=STRANGERS,
        ),
    )


class ConversationAssignment(Base):
    """Who answers a conversation; without a row nobody in particular does."""

    __tablename__ = "conversation_assignments"

    conversation_id: Mapped[int] = mapped_column(
        BigId,
        ForeignKey("conversations.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    )
    user_id: Mapped[int] = mapped_column(BigId)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    __table_args__ = (Index("ix_conversation_assignments_user", "user_id", "conversation_id"),)


class InboundMessage(Base):
    """One message from a customer, kept as it was written."""

    __tablename__ = "inbound_messages"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    conversation_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("conversations.id", ondelete="CASCADE")
    )
    provider_message_id: Mapped[str] = mapped_column(String(255))
    kind: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text, default="")
    payload: Mapped[str] = mapped_column(Text, default="")
    occurred_at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    verdict: Mapped[str] = mapped_column(String(20), default="nothing")
    matched: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)

    __table_args__ = (Index("ix_inbound_conversation", "conversation_id", "id"),)


class StoredWebhook(Base):
    """A webhook's body, kept before it is processed, so that nothing it says can be lost."""

    __tablename__ = "stored_webhooks"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    provider: Mapped[str] = mapped_column(String(40))
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    processed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        Index(
            "ix_stored_webhooks_open",
            "id",
            sqlite_where=text("processed_at IS NULL"),
            postgresql_where=text("processed_at IS NULL"),
        ),
    )


class SlowestStop(Base):
    """The opt-out of a day that took longest from its arrival to the answer that enforces it.

    `milliseconds` runs until no request can begin any more.
    """

    __tablename__ = "slowest_stops"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    milliseconds: Mapped[int] = mapped_column()
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)


class HandledItem(Base):
    """The mark that an item of a webhook had its effect; it commits together with that effect."""

    __tablename__ = "handled_items"

    provider: Mapped[str] = mapped_column(String(40), primary_key=True)
    item: Mapped[str] = mapped_column(String(300), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
