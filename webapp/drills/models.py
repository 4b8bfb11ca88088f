"""What drills came to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core import clock
from webapp.core.db import Base
from webapp.core.dialect import BigId, Json, UtcDateTime


class Drill(Base):
    """One drill: its `steps` with what each found, and how long STOP took to be enforced."""

    __tablename__ = "drills"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    passed: Mapped[bool] = mapped_column(Boolean)
    enforced_ms: Mapped[int | None] = mapped_column()
    steps: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
