"""What the sandbox's pages and its control API read."""

from __future__ import annotations

import json
import re
import sqlite3
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from webapp.sandbox.identity import digits, pretty
from webapp.sandbox.template_rules import Template

PAGE = 50
NUMBERISH = re.compile(r"[+0-9 ().-]+")
WINDOW = 86_400.0  # Meta's customer service window, seconds


def phones(db: sqlite3.Connection, search: str, page: int) -> tuple[list[dict[str, Any]], int]:
    """Give a page of phones, the latest chat first, and how many there are in all."""
    needle = search.strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    number = digits(search) if NUMBERISH.fullmatch(search) else ""
    where = "name LIKE :name ESCAPE '\\'" + (" OR number LIKE :number" if number else "")
    values: dict[str, Any] = {"name": f"%{needle}%", "number": f"%{number}%"}
    count = db.execute(f"SELECT count(*) AS n FROM phones WHERE {where}", values).fetchone()["n"]
    rows = db.execute(
        f"SELECT * FROM phones WHERE {where} ORDER BY last_at DESC, id DESC LIMIT :n OFFSET :skip",
        {**values, "n": PAGE, "skip": (page - 1) * PAGE},
    ).fetchall()
    return [phone_view(row, last_message(db, row["id"])) for row in rows], count


def phone_view(row: Mapping[str, Any], last: dict[str, Any] | None = None) -> dict[str, Any]:
    """Give a phone as pages and the control API show it.

    `free_text` says whether the business may write freely now, `free_text_until` how long.
    """
    heard = row["last_inbound_at"]
    return {
        **row,
        "pretty": pretty(row["number"]),
        "title": row["name"] or pretty(row["number"]),
        "last": last,
        "free_text": bool(heard) and heard + WINDOW > time.time(),
        "free_text_until": _time(heard + WINDOW) if heard else None,
    }


def last_message(db: sqlite3.Connection, phone_id: int) -> dict[str, Any] | None:
    """Give the last message that shows on a phone."""
    row = db.execute(
        "SELECT * FROM messages WHERE phone_id = ? AND status != 'failed' ORDER BY id DESC LIMIT 1",
        (phone_id,),
    ).fetchone()
    return message_view(row) if row else None


def thread(db: sqlite3.Connection, phone_id: int, limit: int = 200) -> list[dict[str, Any]]:
    """Give the latest messages of a chat, oldest first, those with it that never arrived."""
    rows = db.execute(
        "SELECT * FROM (SELECT * FROM messages WHERE phone_id = ? ORDER BY id DESC LIMIT ?)"
        " ORDER BY id",
        (phone_id, limit),
    ).fetchall()
    return [message_view(row) for row in rows]


def has_unread(db: sqlite3.Connection, phone_id: int) -> bool:
    """Say whether something was delivered to a phone that nobody has looked at; SMS tell nobody."""
    row = db.execute(
        "SELECT 1 FROM messages WHERE phone_id = ? AND status = 'delivered'"
        " AND direction = 'to_phone' AND kind != 'sms' LIMIT 1",
        (phone_id,),
    ).fetchone()
    return row is not None


def messages(db: sqlite3.Connection, wanted: dict[str, Any], limit: int) -> list[dict[str, Any]]:
    """Give messages for the control API, oldest first, by phone, direction, status, `after`."""
    rows = db.execute(
        "SELECT messages.*, phones.number, phones.user_id FROM messages"
        " JOIN phones ON phones.id = phone_id WHERE messages.id > :after"
        " AND (:phone_id IS NULL OR phone_id = :phone_id)"
        " AND (:direction IS NULL OR direction = :direction)"
        " AND (:status IS NULL OR status = :status)"
        " AND (:correlation IS NULL OR correlation = :correlation)"
        " ORDER BY messages.id LIMIT :limit",
        {**wanted, "limit": limit},
    ).fetchall()
    return [
        {**message_view(row), "phone": f"+{row['number']}", "user_id": row["user_id"]}
        for row in rows
    ]


def message_view(row: Mapping[str, Any]) -> dict[str, Any]:
    """Give a message as pages and the control API show it."""
    return {**row, "detail": json.loads(row["detail"]), "at": _time(row["at"])}


def message(db: sqlite3.Connection, wamid: str) -> dict[str, Any] | None:
    """Find one message."""
    row = db.execute("SELECT * FROM messages WHERE wamid = ?", (wamid,)).fetchone()
    return message_view(row) if row else None


def offered(
    db: sqlite3.Connection, phone_id: int, button: str
) -> tuple[dict[str, Any], dict[str, str]] | None:
    """Find the latest message on a phone with a button of that title or payload."""
    for found in reversed(thread(db, phone_id)):
        for one in found["detail"].get("buttons", ()):
            if one["kind"] != "link" and button in (one["title"], one["payload"]):
                return found, one
    return None


def template(db: sqlite3.Connection, name: str, language: str) -> Template | None:
    """Find a template by its name and language."""
    row = db.execute(
        "SELECT * FROM templates WHERE name = ? AND language = ?", (name, language)
    ).fetchone()
    return Template.from_row(row) if row else None


def templates(db: sqlite3.Connection, name: str | None, after: int, limit: int) -> list[Template]:
    """List templates by id, one page of them."""
    rows = db.execute(
        "SELECT * FROM templates WHERE id > :after AND (:name IS NULL OR name = :name)"
        " ORDER BY id LIMIT :limit",
        {"after": after, "name": name, "limit": limit},
    )
    return [Template.from_row(row) for row in rows]


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
