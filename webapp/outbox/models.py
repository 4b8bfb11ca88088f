"""Outbound messages and paused channels."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.accounts.rules import ActorKind
from webapp.contacts.rules import Channel
from webapp.core import clock
from webapp.core.db import Base, enum_type
from webapp.core.dialect import BigId, Json, UtcDateTime
from webapp.outbox.rules import Category, Origin, Reason, Status, job_id

WAITING = text("status = 'scheduled'")
ENDED = text("ended_at IS NOT NULL")
KNOWN_THERE = text("provider_message_id IS NOT NULL")
RETRIED = text("status = 'scheduled' AND attempts > 0")
OPEN = text("status IN ('scheduled', 'sending')")
UNSENT = text("status IN ('cancelled', 'skipped', 'failed', 'unconfirmed')")


class Message(Base):
    """One outbound message to one address on one channel: the record of what became of it.

    `epoch` is the consent epoch that it was admitted under. `override_event_id` is the opt-out
    that a person saw and chose to send past (0: saw that there is no record). `claim_token` names
    one claim; with the id it is the correlation id that the provider echoes.
    """

    __tablename__ = "messages"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    contact_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("contacts.id", ondelete="SET NULL")
    )
    channel: Mapped[Channel] = mapped_column(enum_type(Channel))
    key: Mapped[bytes] = mapped_column(LargeBinary(32))
    address: Mapped[str] = mapped_column(String(254))
    origin: Mapped[Origin] = mapped_column(enum_type(Origin))
    category: Mapped[Category] = mapped_column(enum_type(Category))
    body: Mapped[str] = mapped_column(Text, default="")
    template_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("templates.id", ondelete="SET NULL")
    )
    variables: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)

    status: Mapped[Status] = mapped_column(enum_type(Status), default=Status.SCHEDULED)
    reason: Mapped[Reason | None] = mapped_column(enum_type(Reason, 30))
    rule: Mapped[str | None] = mapped_column(String(40))
    event_id: Mapped[int | None] = mapped_column(BigId)
    detail: Mapped[str] = mapped_column(Text, default="")
    code: Mapped[str | None] = mapped_column(String(20))

    epoch: Mapped[int] = mapped_column(default=0)
    override_event_id: Mapped[int | None] = mapped_column(BigId)
    confirms_event_id: Mapped[int | None] = mapped_column(BigId, unique=True)
    answers_inbound_id: Mapped[int | None] = mapped_column(BigId, unique=True)
    retry_of_id: Mapped[int | None] = mapped_column(BigId)

    send_at: Mapped[datetime] = mapped_column(UtcDateTime)
    not_before: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    claim_token: Mapped[str | None] = mapped_column(String(32))
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    begin_by: Mapped[datetime | None] = mapped_column(UtcDateTime)
    provider_message_id: Mapped[str | None] = mapped_column(String(255))
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    delivered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    actor_kind: Mapped[ActorKind] = mapped_column(enum_type(ActorKind))
    actor_id: Mapped[int | None] = mapped_column(BigId)

    __table_args__ = (
        Index(
            "ix_messages_waiting",
            "not_before",
            "id",
            sqlite_where=WAITING,
            postgresql_where=WAITING,
        ),
        Index("ix_messages_open", "key", "channel", "id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_messages_contact", "contact_id", "id"),
        Index("ix_messages_thread", "key", "channel", "id"),
        Index("ix_messages_status", "status", "id"),
        Index("ix_messages_ended", "ended_at", "id", sqlite_where=ENDED, postgresql_where=ENDED),
        # Covering: what consent stopped is counted by it alone.
        Index(
            "ix_messages_unsent",
            "ended_at",
            "id",
            "channel",
            "status",
            "reason",
            sqlite_where=UNSENT,
            postgresql_where=UNSENT,
        ),
        Index(
            "ix_messages_provider_message_id",
            "provider_message_id",
            sqlite_where=KNOWN_THERE,
            postgresql_where=KNOWN_THERE,
        ),
        Index("ix_messages_retried", "send_at", sqlite_where=RETRIED, postgresql_where=RETRIED),
    )

    @property
    def correlation(self) -> str:
        """Give what the provider echoes on every status: this message and this claim of it."""
        return f"{self.id}-{self.claim_token}"

    @property
    def job_id(self) -> str:
        """The stable id of this message's RQ job."""
        return job_id(self.id)


class ChannelPause(Base):
    """A channel that sends nothing for now, and why."""

    __tablename__ = "channel_pauses"

    channel: Mapped[Channel] = mapped_column(enum_type(Channel), primary_key=True)
    reason: Mapped[str] = mapped_column(String(40))
    detail: Mapped[str] = mapped_column(Text, default="")
    since: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
