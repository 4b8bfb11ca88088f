"""Templates: named texts with a language and a category."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.contacts.rules import Channel
from webapp.core import clock
from webapp.core.db import Base, enum_type
from webapp.core.dialect import BigId, Json, UtcDateTime
from webapp.outbox.rules import Category


class Template(Base):
    """A text with numbered variables (`{{1}}`), on WhatsApp approved by Meta under its name.

    `buttons` is a list of `{"type": "quick_reply", "text": ..., "opt_out": bool}`.
    """

    __tablename__ = "templates"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    channel: Mapped[Channel] = mapped_column(enum_type(Channel))
    name: Mapped[str] = mapped_column(String(512))
    language: Mapped[str] = mapped_column(String(15))
    category: Mapped[Category] = mapped_column(enum_type(Category))
    body: Mapped[str] = mapped_column(Text)
    buttons: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    provider_status: Mapped[str] = mapped_column(String(40), default="APPROVED")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    __table_args__ = (UniqueConstraint("channel", "name", "language"),)
