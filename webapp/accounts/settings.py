"""The account's settings in the database: named JSON objects, each owned by one room."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

from sqlalchemy import ScalarSelect, bindparam, select

from webapp.accounts.models import Setting
from webapp.accounts.rules import ConsentLimits
from webapp.core import clock, dialect
from webapp.core.db import db, table_of
from webapp.core.prepared import Prepared

LIMITS = "consent_limits"
_VALUE = Prepared(select(table_of(Setting).c.value).where(Setting.name == bindparam("name")))


def read(name: str) -> dict[str, Any]:
    """Give the stored values of a setting, or none; the owner knows the defaults."""
    return _VALUE.scalar({"name": name}) or {}


def column(name: str) -> ScalarSelect[Any]:
    """Give the stored values as a column of another statement: NULL where none were written."""
    return select(Setting.value).where(Setting.name == name).scalar_subquery()


def write(name: str, value: dict[str, Any]) -> None:
    """Store the values of a setting in the open transaction."""
    db.session.merge(Setting(name=name, value=value, changed_at=clock.now()))
    db.session.flush()


def stamp(name: str) -> str:
    """Give a word that differs after each write of a setting; empty where none was written."""
    row = db.session.get(Setting, name, populate_existing=True)
    return row.changed_at.isoformat() if row else ""


def lock(name: str) -> None:
    """Hold a setting until the open transaction ends, also one that was never written."""
    number = int.from_bytes(
        blake2b(f"setting:{name}".encode(), digest_size=8).digest(), signed=True
    )
    dialect.lock(db.session(), [number], shared=False)


def consent_limits() -> ConsentLimits:
    """Read the two settings that narrow what a marketer may do."""
    return ConsentLimits(**read(LIMITS))
