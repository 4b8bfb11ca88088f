"""The account's settings in the database: named JSON objects, each owned by one room."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

from webapp.accounts.models import Setting
from webapp.accounts.rules import ConsentLimits
from webapp.core import clock, dialect
from webapp.core.db import db

LIMITS = "consent_limits"


def read(name: str) -> dict[str, Any]:
    """Give the stored values of a setting, or none; the owner knows the defaults."""
    row = db.session.get(Setting, name, populate_existing=True)
    return dict(row.value) if row else {}


def write(name: str, value: dict[str, Any]) -> None:
    """Store the values of a setting in the open transaction."""
    db.session.merge(Setting(name=name, value=value, changed_at=clock.now()))


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
