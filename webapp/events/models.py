"""Facts for other rooms, written in the transaction that made them true."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core import clock
from webapp.core.db import Base
from webapp.core.dialect import BigId, Json, UtcDateTime


class Event(Base):
    """Something that happened, by name, for whoever must react. Handled by its job, once.

    `handled_at` is empty until the named job has done its part; the reconciler finds what a lost
    Redis left behind. The highest ids also tell an open page that something changed.
    """

    __tablename__ = "events"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(64))
    data: Mapped[dict[str, Any]] = mapped_column(Json)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    handled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index(
            "ix_events_unhandled",
            "id",
            sqlite_where=text("handled_at IS NULL"),
            postgresql_where=text("handled_at IS NULL"),
        ),
    )
