"""Kept numbers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core.db import Base
from webapp.core.dialect import Json, UtcDateTime


class KeptFigure(Base):
    """The last count of something: `value` (JSON), at which change number (a word) and moment."""

    __tablename__ = "kept_figures"

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    value: Mapped[Any] = mapped_column(Json)
    change_number: Mapped[str] = mapped_column(String(80))
    counted_at: Mapped[datetime] = mapped_column(UtcDateTime)
