"""The seals over the ledger."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core import clock
from webapp.core.db import Base
from webapp.core.dialect import BigId, UtcDateTime


class LedgerSeal(Base):
    """One seal: it covers the events with ids above the seal before it, up to `last_event_id`.

    `content` is the SHA-256 over the hashes of those `events` in the order of their ids, `hash`
    that of the seal before (`prev`) and everything here; the database refuses UPDATE and DELETE.
    """

    __tablename__ = "ledger_seals"
    __table_args__ = (Index("ix_ledger_seals_last_event_id", "last_event_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    last_event_id: Mapped[int] = mapped_column(BigId)
    events: Mapped[int] = mapped_column(BigId)
    content: Mapped[bytes] = mapped_column(LargeBinary(32))
    prev: Mapped[bytes] = mapped_column(LargeBinary(32))
    hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
