"""The ledger, its stored result, and the policies."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from webapp.accounts.rules import ActorKind
from webapp.contacts.rules import Channel, Source, State
from webapp.core import clock
from webapp.core.db import Base, enum_type
from webapp.core.dialect import BigId, Json, UtcDateTime


class ConsentEvent(Base):
    """One line of the append-only ledger; the database refuses UPDATE and DELETE on it.

    `asked` is the state that the event stands for, `from_state` and `to_state` the stored state
    before and after it was recorded: they are equal where something newer stood. `seq`, `prev`
    and `hash` make the chain of this channel and key; `commitment` is the salted hash of the
    detail row, so the chain stays whole when erasure removes the detail.
    """

    __tablename__ = "consent_events"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    channel: Mapped[Channel] = mapped_column(enum_type(Channel))
    key: Mapped[bytes] = mapped_column(LargeBinary(32))
    seq: Mapped[int] = mapped_column()
    asked: Mapped[State] = mapped_column(enum_type(State))
    from_state: Mapped[State] = mapped_column(enum_type(State))
    to_state: Mapped[State] = mapped_column(enum_type(State))
    source: Mapped[Source] = mapped_column(enum_type(Source))
    actor_kind: Mapped[ActorKind] = mapped_column(enum_type(ActorKind))
    actor_id: Mapped[int | None] = mapped_column(BigId)
    proven: Mapped[bool] = mapped_column(Boolean)
    undoes_id: Mapped[int | None] = mapped_column(BigId)
    occurred_at: Mapped[datetime] = mapped_column(UtcDateTime)
    effective_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    commitment: Mapped[bytes] = mapped_column(LargeBinary(32))
    prev: Mapped[bytes] = mapped_column(LargeBinary(32))
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))

    __table_args__ = (
        UniqueConstraint("key", "channel", "seq"),
        Index("ix_consent_events_recorded", "recorded_at", "id"),
    )


class ConsentEventDetail(Base):
    """What an event says about a person: the part that erasure can remove."""

    __tablename__ = "consent_event_details"

    event_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("consent_events.id"), primary_key=True, autoincrement=False
    )
    salt: Mapped[bytes] = mapped_column(LargeBinary(16))
    address: Mapped[str] = mapped_column(String(254))
    said: Mapped[str] = mapped_column(Text, default="")
    evidence: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)


class ConsentState(Base):
    """The fold of one channel and key, stored. Only consent.service writes it.

    `out_event_id` is the newest opt-out recorded, whatever stands now: what a seen warning
    covers. `head_at` is the latest effective time on the chain.
    """

    __tablename__ = "consent_states"

    channel: Mapped[Channel] = mapped_column(enum_type(Channel), primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    state: Mapped[State] = mapped_column(enum_type(State), default=State.UNKNOWN)
    epoch: Mapped[int] = mapped_column(default=0)
    since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    source: Mapped[Source | None] = mapped_column(enum_type(Source))
    event_id: Mapped[int | None] = mapped_column(BigId)
    out_event_id: Mapped[int | None] = mapped_column(BigId)
    head_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    head_seq: Mapped[int] = mapped_column(default=0)
    head_hash: Mapped[bytes] = mapped_column(LargeBinary(32), default=bytes(32))
    held: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())

    __table_args__ = (
        Index("ix_consent_states_key", "key"),
        Index(
            "ix_consent_states_out",
            "channel",
            "since",
            "key",
            # Both for those who filter by the source: SQLite looks at the state of a row again.
            "source",
            "state",
            sqlite_where=text("state = 'opted_out'"),
            postgresql_where=text("state = 'opted_out'"),
        ),
    )


class ConsentPolicy(Base):
    """What a channel's marketing needs, and whether utility messages are exempt; four rows."""

    __tablename__ = "consent_policies"

    channel: Mapped[Channel] = mapped_column(enum_type(Channel), primary_key=True)
    needs_opt_in: Mapped[bool] = mapped_column(Boolean, default=False)
    exempts_utility: Mapped[bool] = mapped_column(Boolean)


class MarketingHold(Base):
    """A channel whose marketing waits as a whole: after a restored backup, until it is let go on.

    A row of its own, since a claim reads it with each message and an operator writes it rarely.
    """

    __tablename__ = "marketing_holds"

    channel: Mapped[Channel] = mapped_column(enum_type(Channel), primary_key=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)


class Review(Base):
    """A reply that reads like a request to stop, waiting for a person's decision."""

    __tablename__ = "reviews"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    channel: Mapped[Channel] = mapped_column(enum_type(Channel))
    key: Mapped[bytes] = mapped_column(LargeBinary(32))
    address: Mapped[str] = mapped_column(String(254))
    contact_id: Mapped[int | None] = mapped_column(BigId, index=True)
    inbound_id: Mapped[int | None] = mapped_column(BigId)
    said: Mapped[str] = mapped_column(Text, default="")
    because: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision: Mapped[str | None] = mapped_column(String(20))
    actor_kind: Mapped[ActorKind | None] = mapped_column(enum_type(ActorKind))
    actor_id: Mapped[int | None] = mapped_column(BigId)

    __table_args__ = (
        Index(
            "ix_reviews_open",
            "key",
            "channel",
            sqlite_where=text("decided_at IS NULL"),
            postgresql_where=text("decided_at IS NULL"),
        ),
        Index(
            "ix_reviews_waiting",
            "opened_at",
            "id",
            sqlite_where=text("decided_at IS NULL"),
            postgresql_where=text("decided_at IS NULL"),
        ),
        Index(
            "ix_reviews_decided",
            "decided_at",
            "id",
            sqlite_where=text("decided_at IS NOT NULL"),
            postgresql_where=text("decided_at IS NOT NULL"),
        ),
    )
