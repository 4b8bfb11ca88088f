"""Seals outside of the database: one line of JSON each, in a file that only grows."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from webapp.core.config import Config
from webapp.core.errors import Invalid
from webapp.ledger.models import LedgerSeal

NAME = "seals.ndjson"


@dataclass(frozen=True)
class Exported:
    """A seal as it was exported."""

    id: int
    last_event_id: int
    events: int
    content: bytes
    prev: bytes
    hash: bytes
    at: datetime


def as_said(row: LedgerSeal) -> dict[str, Any]:
    """Give a seal in JSON's own types."""
    return {
        "id": row.id,
        "last_event_id": row.last_event_id,
        "events": row.events,
        "content": row.content.hex(),
        "prev": row.prev.hex(),
        "hash": row.hash.hex(),
        "at": row.at.isoformat(),
    }


def as_line(row: LedgerSeal) -> str:
    """Give a seal as a line of JSON, without the end of the line."""
    return json.dumps(as_said(row))


def read_line(line: str) -> Exported:
    """Read a line that `as_line` wrote. Raises Invalid."""
    try:
        said = json.loads(line)
        content, prev, hash_ = (bytes.fromhex(said[name]) for name in ("content", "prev", "hash"))
        number, last, events = (int(said[name]) for name in ("id", "last_event_id", "events"))
        at = datetime.fromisoformat(said["at"])
        return Exported(number, last, events, content, prev, hash_, at)
    except (KeyError, TypeError, ValueError):
        raise Invalid(f"This is no exported seal: {line.strip()[:80]}") from None


def read_lines(lines: Iterable[str]) -> list[Exported]:
    """Read exported seals, a line each; empty lines are left out. Raises Invalid."""
    return [read_line(line) for line in lines if line.strip()]


def kept(config: Config) -> list[Exported]:
    """Read the seals that this machine has seen, oldest first. Raises Invalid."""
    path = config.data / NAME
    return _whole(path.read_text()) if path.exists() else []


def append(path: Path, rows: Iterable[LedgerSeal]) -> None:
    """Add seals to a file, and see them on the disk; those that are there already stay away.

    One process after the other. Raises Invalid where the file is none of seals.
    """
    with path.open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        text = file.read().decode()
        there = {seal.hash for seal in _whole(text)}
        if text and not text.endswith("}\n"):
            whole = text.rpartition("\n")[0]  # the last line was not written to its end
            file.truncate(len(f"{whole}\n".encode()) if whole else 0)
        file.writelines(f"{as_line(row)}\n".encode() for row in rows if row.hash not in there)
        file.flush()
        os.fsync(file.fileno())


def begin_anew(config: Config, at: datetime) -> Path | None:
    """Put the file aside, under the time of this; gives where it is now, or None without one."""
    path = config.data / NAME
    if not path.exists():
        return None
    return path.rename(path.with_name(f"seals-until-{at:%Y%m%dT%H%M%S}.ndjson"))


def _whole(text: str) -> list[Exported]:
    """Read the lines of a file, but for a last one that was never written to its end."""
    *lines, _ = text.split("\n")
    return read_lines(lines)
