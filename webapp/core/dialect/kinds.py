"""Which database this is, and the types of columns that differ."""

from __future__ import annotations

from datetime import UTC, datetime
from json import JSONEncoder
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Integer, TypeDecorator
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

BigId = BigInteger().with_variant(Integer, "sqlite")

Json = JSON().with_variant(JSONB, "postgresql")

_one_spelling = JSONEncoder(sort_keys=True, separators=(",", ":"))


def written_json(value: Any) -> str:
    """Give the text that a JSON column keeps: in one spelling, as jsonb has no order of keys."""
    return "{}" if value == {} else _one_spelling.encode(value)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime: timestamptz on PostgreSQL, sortable text on SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive times; SQLite keeps UTC without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        if value.tzinfo is not UTC:
            value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def is_postgres(session: Session) -> bool:
    """Tell whether this session talks to PostgreSQL."""
    return session.get_bind().dialect.name == "postgresql"
