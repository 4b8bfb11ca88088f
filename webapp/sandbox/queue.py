"""Webhooks that wait to be delivered: rows, so that none is lost when either side is down."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Mapping
from operator import itemgetter
from typing import Any

LONGEST_PAUSE = 15.0  # seconds; everything is on one machine, so a restart is over soon
GIVE_UP = 7 * 86_400.0  # Meta tries for seven days


def add(
    db: sqlite3.Connection,
    phone_id: int,
    notice: Mapping[str, Any],
    due_at: float,
    *,
    urgent: bool = False,
) -> None:
    """Queue one webhook; what people do is urgent and passes a campaign's thousand statuses.

    Its bytes are made here and never again: they are what is signed. Non-ASCII is escaped, as
    Meta does it.
    """
    body = json.dumps(notice, separators=(",", ":")).encode()
    add_bytes(db, phone_id, body, due_at, urgent=urgent)


def add_bytes(
    db: sqlite3.Connection, phone_id: int, body: bytes, due_at: float, *, urgent: bool
) -> None:
    """Queue a body as it is."""
    db.execute(
        "INSERT INTO webhooks (phone_id, urgent, body, made_at, due_at) VALUES (?, ?, ?, ?, ?)",
        (phone_id, urgent, body, time.time(), due_at),
    )


def due(db: sqlite3.Connection, now: float, limit: int) -> dict[int, list[dict[str, Any]]]:
    """Give what is due, by phone, each phone's in the order in which it happened.

    What waits to be tried again holds back what came after it for the same phone.
    """
    found: dict[int, list[dict[str, Any]]] = {}
    for row in db.execute(
        "SELECT * FROM webhooks WHERE due_at <= :now AND NOT EXISTS ("
        "  SELECT 1 FROM webhooks AS earlier WHERE earlier.phone_id = webhooks.phone_id"
        "  AND earlier.attempts > 0 AND earlier.due_at > :now)"
        " ORDER BY urgent DESC, id LIMIT :limit",
        {"now": now, "limit": limit},
    ):
        found.setdefault(row["phone_id"], []).append(row)
    return {phone_id: sorted(rows, key=itemgetter("id")) for phone_id, rows in found.items()}


def next_due(db: sqlite3.Connection, now: float) -> float | None:
    """Say when, after now, another webhook falls due, in Unix seconds."""
    query = "SELECT min(due_at) AS moment FROM webhooks WHERE due_at > ?"
    moment: float | None = db.execute(query, (now,)).fetchone()["moment"]
    return moment


def delivered(db: sqlite3.Connection, webhook_id: int) -> None:
    """Forget one that was answered with 200."""
    db.execute("DELETE FROM webhooks WHERE id = ?", (webhook_id,))


def failed(db: sqlite3.Connection, row: Mapping[str, Any], problem: str, now: float) -> None:
    """Put one off; after seven days it is given up."""
    if now - row["made_at"] > GIVE_UP:
        delivered(db, row["id"])
        return
    pause = min(0.5 * 2 ** min(row["attempts"], 8), LONGEST_PAUSE)
    db.execute(
        "UPDATE webhooks SET attempts = attempts + 1, problem = ?, due_at = ? WHERE id = ?",
        (problem, now + pause, row["id"]),
    )


def waiting(db: sqlite3.Connection) -> tuple[int, str]:
    """Give how many wait, and what went wrong last."""
    row = db.execute("SELECT count(*) AS n, max(problem) AS problem FROM webhooks").fetchone()
    return row["n"], row["problem"] or ""
