"""Exports that go out by email on a plan."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core import clock
from webapp.core.db import Base
from webapp.core.dialect import BigId, Json, UtcDateTime


class ExportSchedule(Base):
    """An exclusion list that is sent to people again and again.

    `params` are the list's filters (JSON), `every` is `day`, `week` or `month`, `at_hour` the hour
    of the day in `time_zone` (IANA name). `next_at` is when it is due, `covers_from` where the
    period begins that the next file covers where it holds only what is new.
    """

    __tablename__ = "export_schedules"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    params: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    file_type: Mapped[str] = mapped_column(String(10), default="csv")
    recipients: Mapped[list[str]] = mapped_column(Json, default=list)
    every: Mapped[str] = mapped_column(String(10))
    on_day: Mapped[int] = mapped_column(default=1)
    at_hour: Mapped[int] = mapped_column(default=7)
    time_zone: Mapped[str] = mapped_column(String(64), default="UTC")
    only_new: Mapped[bool] = mapped_column(Boolean, default=False)
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    made_by: Mapped[str] = mapped_column(String(200), default="")
    next_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    covers_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[str] = mapped_column(Text, default="")
    last_task_id: Mapped[int | None] = mapped_column(BigId)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
