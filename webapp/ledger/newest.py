"""How far the ledger had come, as this machine last saw it: beside the seals, every minute.

Seals are made each hour. A backup that is younger than the last of them has them all, and would
not show as older than what was acknowledged since.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from webapp.consent.models import ConsentEvent
from webapp.core import clock
from webapp.core.config import Config
from webapp.core.db import db

NAME = "newest-event.json"


@dataclass(frozen=True)
class Newest:
    """The newest event that was seen, and when it was looked for."""

    id: int
    hash: bytes
    at: datetime


def kept(config: Config) -> Newest | None:
    """Read what this machine saw last; None where it saw nothing, or what it kept is not whole."""
    try:
        said = json.loads((config.data / NAME).read_text())
        return Newest(said["id"], bytes.fromhex(said["hash"]), datetime.fromisoformat(said["at"]))
    except (OSError, KeyError, TypeError, ValueError):
        return None


def is_here(seen: Newest) -> bool:
    """Tell whether the database has the event that was seen."""
    found = db.session.scalar(select(ConsentEvent.hash).where(ConsentEvent.id == seen.id))
    db.session.rollback()
    return found == seen.hash


def keep(config: Config) -> None:
    """Keep the newest event there is. Raises OSError."""
    event = ConsentEvent
    query = select(event.id, event.hash).order_by(event.id.desc()).limit(1)
    row = db.session.execute(query).first()
    db.session.rollback()
    if row is None:
        return
    said = {"id": row.id, "hash": row.hash.hex(), "at": clock.now().isoformat()}
    fresh = config.data / f".{NAME}-{os.getpid()}"
    fresh.write_text(json.dumps(said))
    fresh.replace(config.data / NAME)
