"""The audit log's one table."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.accounts.rules import ActorKind
from webapp.core import clock
from webapp.core.db import Base, enum_type
from webapp.core.dialect import BigId, Json, UtcDateTime


class AuditEntry(Base):
    """Who changed which setting, exported what, erased whom."""

    __tablename__ = "audit_entries"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now, index=True)
    actor_kind: Mapped[ActorKind] = mapped_column(enum_type(ActorKind))
    actor_id: Mapped[int | None] = mapped_column(BigId)
    actor_name: Mapped[str] = mapped_column(String(200))
    action: Mapped[str] = mapped_column(String(64))
    detail: Mapped[dict[str, Any]] = mapped_column(Json)

    __table_args__ = (
        Index("ix_audit_entries_action", "action", "at"),
        Index("ix_audit_entries_actor", "actor_kind", "actor_id", "at"),
    )
