"""The emails that arrived: kept whole, read when somebody looks."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

PAGE = 50
KEPT = 500  # the newest; attachments are large


@dataclass(frozen=True)
class Attachment:
    """A file of an email, by its place among them."""

    place: int
    name: str
    content: bytes


@dataclass(frozen=True)
class Mail:
    """An email, read: `headers` as they came, the text, and the files."""

    row: dict[str, Any]
    headers: Sequence[tuple[str, str]]
    text: str
    attachments: Sequence[Attachment]


def keep(
    db: sqlite3.Connection, at: float, sender: str, recipients: Sequence[str], content: bytes
) -> int:
    """Keep an email as it came; gives its id. The oldest go when there are many."""
    subject = str(_message(content).get("Subject", ""))
    row = (at, sender, json.dumps(list(recipients)), subject, content)
    columns = "(at, sender, recipients, subject, content)"
    cursor = db.execute(f"INSERT INTO mails {columns} VALUES (?, ?, ?, ?, ?)", row)
    kept = cursor.lastrowid or 0
    db.execute("DELETE FROM mails WHERE id <= ?", (kept - KEPT,))
    return kept


def mails(
    db: sqlite3.Connection, search: str, page: int, size: int = PAGE
) -> tuple[list[dict[str, Any]], int]:
    """Give a page of the emails, newest first, without their content, and how many there are."""
    pattern = "%" + search.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    where = " WHERE subject || ' ' || sender || ' ' || recipients LIKE ? ESCAPE '\\'"
    count: int = db.execute(f"SELECT count(*) AS n FROM mails{where}", (pattern,)).fetchone()["n"]
    columns = "id, at, sender, recipients, subject, length(content) AS size"
    found = db.execute(
        f"SELECT {columns} FROM mails{where} ORDER BY id DESC LIMIT ? OFFSET ?",
        (pattern, size, (page - 1) * size),
    )
    return [_shown(row) for row in found], count


def newest(db: sqlite3.Connection) -> int:
    """Give the id of the newest email, 0 where there is none."""
    found: int = db.execute("SELECT coalesce(max(id), 0) AS id FROM mails").fetchone()["id"]
    return found


def mail(db: sqlite3.Connection, mail_id: int) -> Mail | None:
    """Give an email, read; None where it is not there."""
    row = db.execute("SELECT * FROM mails WHERE id = ?", (mail_id,)).fetchone()
    if row is None:
        return None
    message = _message(row.pop("content"))
    body = message.get_body(("plain", "html"))
    files = [
        Attachment(place, part.get_filename() or f"part-{place}", _content(part))
        for place, part in enumerate(message.iter_attachments(), start=1)
    ]
    headers = [(name, str(value)) for name, value in message.items()]
    text = str(body.get_content()) if body else ""
    return Mail(_shown(row), headers, text, files)


def _message(content: bytes) -> EmailMessage:
    return message_from_bytes(content, policy=default)


def _content(part: EmailMessage) -> bytes:
    decoded = part.get_payload(decode=True)
    return decoded if isinstance(decoded, bytes) else part.as_bytes()


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    return {
        **row,
        "at": datetime.fromtimestamp(row["at"], UTC),
        "recipients": json.loads(row["recipients"]),
    }
