"""What the business does to the phones, as WhatsApp carries it out."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Mapping
from typing import Any

from webapp.sandbox import notices, queue
from webapp.sandbox.identity import new_wamid
from webapp.sandbox.notices import Business, Person
from webapp.sandbox.queries import WINDOW
from webapp.sandbox.send_rules import Send

SENT_AFTER = 0.05


def refusal_of(phone: Mapping[str, Any], send: Send, now: float) -> int | None:
    """Say why WhatsApp will not deliver a message that it accepted: a code, or nothing.

    Meta takes such a message with a 200 and reports the failure by webhook.
    """
    if send.kind == "template":
        stopped = phone["marketing_stopped"] and send.detail.get("category") == "MARKETING"
        return 131050 if stopped else None
    heard = phone["last_inbound_at"]
    return 131047 if heard is None or now - heard > WINDOW else None


def deliver(
    db: sqlite3.Connection,
    business: Business,
    phone: Mapping[str, Any],
    send: Send,
    *,
    error_code: int | None,
    delay: float,
) -> str:
    """Put a message on a phone, or note why not, and queue its statuses; gives its wamid."""
    now = time.time()
    error_code = error_code or refusal_of(phone, send, now)
    step = "failed" if error_code else "delivered"
    message = insert(
        db,
        phone,
        direction="to_phone",
        kind=send.kind,
        text=send.text,
        detail=send.detail,
        context_id=send.context_id,
        correlation=send.correlation,
        status=step,
        error_code=error_code,
    )
    person = Person.from_row(phone)
    if not error_code:
        sent = notices.status(business, person, message, "sent", now)
        queue.add(db, phone["id"], sent, now + min(SENT_AFTER, delay))
    told = notices.status(business, person, message, step, now + delay, error_code)
    queue.add(db, phone["id"], told, now + delay)
    return str(message["wamid"])


def business_read(db: sqlite3.Connection, wamid: str) -> bool:
    """Show a person that the business has read their message; False where there is none."""
    row = db.execute(
        "UPDATE messages SET status = 'read' WHERE wamid = ? AND direction = 'from_phone'"
        " RETURNING phone_id",
        (wamid,),
    ).fetchone()
    if row:
        db.execute("UPDATE phones SET version = version + 1 WHERE id = ?", (row["phone_id"],))
    return row is not None


def insert(
    db: sqlite3.Connection,
    phone: Mapping[str, Any],
    *,
    direction: str,
    kind: str,
    text: str,
    status: str,
    detail: Mapping[str, Any] | None = None,
    context_id: str | None = None,
    correlation: str | None = None,
    error_code: int | None = None,
    message_id: str = "",
) -> dict[str, Any]:
    """Keep a message, either way, and mark its phone as changed; gives the row.

    `message_id` is the provider's; WhatsApp's is made where there is none.
    """
    now = time.time()
    row = {
        "wamid": message_id or new_wamid(),
        "phone_id": phone["id"],
        "direction": direction,
        "kind": kind,
        "text": text,
        "detail": json.dumps(detail or {}),
        "context_id": context_id,
        "correlation": correlation,
        "status": status,
        "error_code": error_code,
        "at": now,
    }
    marks = ", ".join(f":{name}" for name in row)
    db.execute(f"INSERT INTO messages ({', '.join(row)}) VALUES ({marks})", row)
    db.execute(
        "UPDATE phones SET last_at = ?, version = version + 1 WHERE id = ?", (now, phone["id"])
    )
    return row
