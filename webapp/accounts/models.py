"""Users, API tokens, remembered answers to idempotent calls, and the account's settings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_login import UserMixin
from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.accounts.rules import Actor, ActorKind, Role
from webapp.core import clock
from webapp.core.db import Base, enum_type
from webapp.core.dialect import BigId, Json, UtcDateTime


class User(UserMixin, Base):  # type: ignore[misc]  # Flask-Login ships no types
    """A person who signs in. `session_stamp` changes with the password and ends old sessions."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[Role] = mapped_column(enum_type(Role))
    password_hash: Mapped[str] = mapped_column(String(200))
    session_stamp: Mapped[str] = mapped_column(String(32))
    time_zone: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def is_active(self) -> bool:
        """Flask-Login asks this: a disabled user cannot be signed in."""
        return self.disabled_at is None

    def get_id(self) -> str:
        """Give what the session cookie holds: the id and the stamp."""
        return f"{self.id}.{self.session_stamp}"

    def actor(self) -> Actor:
        """Give this user as the one who acts."""
        return Actor(ActorKind.USER, self.id, self.name)


class ApiToken(Base):
    """A bearer token of the API: only its SHA-256 digest is kept."""

    __tablename__ = "api_tokens"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[Role] = mapped_column(enum_type(Role))
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    def actor(self) -> Actor:
        """Give this token as the one who acts."""
        return Actor(ActorKind.TOKEN, self.id, self.name)


class IdempotentAnswer(Base):
    """What a POST with an Idempotency-Key was answered, to be answered again the same."""

    __tablename__ = "idempotent_answers"

    token_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("api_tokens.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    request_digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    status: Mapped[int | None] = mapped_column()
    body: Mapped[str | None] = mapped_column()
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now, index=True)


class Setting(Base):
    """One named setting of the account; its value is what the owning room makes of it."""

    __tablename__ = "settings"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[dict[str, Any]] = mapped_column(Json)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
