"""What people do with their phones; each ends in a webhook to Heed."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Mapping
from typing import Any

from webapp.sandbox import notices, queue
from webapp.sandbox.chat import insert
from webapp.sandbox.identity import digits, user_id_for
from webapp.sandbox.notices import Business, Person


def find_phone(db: sqlite3.Connection, identity: str) -> dict[str, Any] | None:
    """Find a phone by its number, with or without plus, or by its user id."""
    row: dict[str, Any] | None = db.execute(
        "SELECT * FROM phones WHERE number = ? OR user_id = ?",
        (digits(identity) or identity, identity),
    ).fetchone()
    return row


def open_phone(db: sqlite3.Connection, number: str, name: str = "") -> dict[str, Any]:
    """Give the phone of a number; a new one where there is none. A name given replaces its own."""
    db.execute(
        "INSERT INTO phones (number, user_id, name) VALUES (?, ?, ?) ON CONFLICT (number)"
        " DO UPDATE SET name = CASE WHEN excluded.name = '' THEN name ELSE excluded.name END",
        (number, user_id_for(number), name[:100]),
    )
    row: dict[str, Any] = db.execute("SELECT * FROM phones WHERE number = ?", (number,)).fetchone()
    return row


def write(
    db: sqlite3.Connection,
    business: Business,
    phone: Mapping[str, Any],
    body: str,
    context_id: str | None = None,
) -> str:
    """Let a person write; gives the wamid."""
    return _say(db, business, phone, "text", body, notices.text(body), context_id)


def tap(
    db: sqlite3.Connection,
    business: Business,
    phone: Mapping[str, Any],
    message: Mapping[str, Any],
    button: Mapping[str, str],
) -> str:
    """Let a person tap a button of a message; gives the wamid of the answer."""
    kind, title = button["kind"], button["title"]
    return _say(db, business, phone, kind, title, notices.tap(button), message["wamid"])


def choose_marketing(
    db: sqlite3.Connection, business: Business, phone: Mapping[str, Any], value: str
) -> None:
    """Let a person use WhatsApp's own switch: stop or resume marketing messages."""
    stopped = int(value == "stop")
    if stopped == phone["marketing_stopped"]:
        return
    db.execute(
        "UPDATE phones SET marketing_stopped = ?, version = version + 1 WHERE id = ?",
        (stopped, phone["id"]),
    )
    now = time.time()
    queue.add(
        db, phone["id"], notices.preference(business, Person.from_row(phone), value, now), now
    )


def hide_number(db: sqlite3.Connection, phone: Mapping[str, Any], hidden: bool) -> None:
    """Let a person hide their number behind a username: the business sees the user id alone."""
    db.execute(
        "UPDATE phones SET hides_number = ?, version = version + 1 WHERE id = ?",
        (int(hidden), phone["id"]),
    )


def read_all(db: sqlite3.Connection, business: Business, phone: Mapping[str, Any]) -> int:
    """Note that a person looked at the chat, and report what they had not read; gives how many."""
    rows = db.execute(
        "UPDATE messages SET status = 'read' WHERE phone_id = ? AND direction = 'to_phone'"
        " AND status = 'delivered' AND kind != 'sms' RETURNING *",
        (phone["id"],),
    ).fetchall()
    now = time.time()
    for message in sorted(rows, key=lambda row: row["id"]):
        notice = notices.status(business, Person.from_row(phone), message, "read", now)
        queue.add(db, phone["id"], notice, now)
    return len(rows)


def _say(
    db: sqlite3.Connection,
    business: Business,
    phone: Mapping[str, Any],
    kind: str,
    text: str,
    content: Mapping[str, Any],
    context_id: str | None,
) -> str:
    now = time.time()
    message = insert(
        db,
        phone,
        direction="from_phone",
        kind=kind,
        text=text,
        context_id=context_id,
        status="sent",
    )
    db.execute("UPDATE phones SET last_inbound_at = ? WHERE id = ?", (now, phone["id"]))
    person = Person.from_row(phone)
    notice = notices.from_person(business, person, content, message["wamid"], now, context_id)
    queue.add(db, phone["id"], notice, now, urgent=True)
    return str(message["wamid"])
