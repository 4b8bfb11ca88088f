"""Saved segments. Their table stands among the contacts': a list of contacts is asked for by one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core import clock
from webapp.core.db import Base
from webapp.core.dialect import BigId, Json, UtcDateTime


class Segment(Base):
    """A named choice of contacts.

    `params` (JSON) is a list of pairs, as they stand in the audience's address, for filters that
    were saved there; or an object, the tree of a segment that was built (`tree.as_json`).
    """

    __tablename__ = "segments"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    folded: Mapped[str] = mapped_column(String(80), unique=True)
    params: Mapped[list[Any] | dict[str, Any]] = mapped_column(Json, default=list)
    made_by: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
