"""SMS on the phones: they stand among the messages as the kind `sms`, and know no ticks."""

from __future__ import annotations

import secrets
import sqlite3
import time
from collections.abc import Mapping
from typing import Any

from webapp.sandbox.chat import insert
from webapp.sandbox.sms_rules import choice

KIND = "sms"


def deliver(db: sqlite3.Connection, phone: Mapping[str, Any], text: str) -> str:
    """Put an SMS on a phone; gives its SID."""
    sid = f"SM{secrets.token_hex(16)}"
    insert(
        db, phone, direction="to_phone", kind=KIND, text=text, status="delivered", message_id=sid
    )
    return sid


def write(db: sqlite3.Connection, phone: Mapping[str, Any], text: str) -> str:
    """Let a person answer by SMS; gives its SID.

    A word that Twilio knows stops its sender's SMS to this phone, or takes that back.
    """
    sid = f"SM{secrets.token_hex(16)}"
    insert(db, phone, direction="from_phone", kind=KIND, text=text, status="sent", message_id=sid)
    stops = choice(text)
    if stops:
        db.execute("INSERT OR IGNORE INTO sms_stops VALUES (?, ?)", (phone["id"], time.time()))
    elif stops is False:
        db.execute("DELETE FROM sms_stops WHERE phone_id = ?", (phone["id"],))
    return sid


def stopped(db: sqlite3.Connection, phone_id: int) -> bool:
    """Say whether this person stopped SMS at Twilio."""
    return (
        db.execute("SELECT 1 FROM sms_stops WHERE phone_id = ?", (phone_id,)).fetchone() is not None
    )
