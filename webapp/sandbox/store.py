"""The sandbox's own database file: phones, messages, templates, and webhooks that wait."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from webapp.core.config import Config
from webapp.sandbox.identity import digits, user_id_for
from webapp.sandbox.schema import SCHEMA


def _as_dict(cursor: sqlite3.Cursor, row: tuple[Any, ...]) -> dict[str, Any]:
    return {column[0]: value for column, value in zip(cursor.description, row, strict=True)}


class Store:
    """The database file; each use opens a connection of its own, so any thread may ask."""

    def __init__(self, path: Path) -> None:
        """Open the file, made with its tables where it is not there yet."""
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        with self.read() as db:
            db.execute("PRAGMA journal_mode = WAL")
            db.executescript(SCHEMA)

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """Give a connection for reading; its rows are dicts."""
        db = sqlite3.connect(self._path, timeout=10, isolation_level=None)
        try:
            db.row_factory = _as_dict
            db.execute("PRAGMA foreign_keys = ON")
            db.execute("PRAGMA synchronous = NORMAL")
            yield db
        finally:
            db.close()

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """Give a connection in a transaction that holds the write lock from its start."""
        with self.read() as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
            except BaseException:
                db.rollback()
                raise
            db.commit()


def open_store(where: Config | Store | Path | str) -> Store:
    """Open the sandbox's database: of a configuration, of a data folder, or of a file itself."""
    if isinstance(where, Store):
        return where
    path = Path(where.data if isinstance(where, Config) else where)
    return Store(path if path.suffix == ".sqlite" else path / "sandbox.sqlite")


def register_templates(
    where: Config | Store | Path | str, templates: Iterable[Mapping[str, Any]]
) -> None:
    """Make templates known, as if Meta had approved them; one of the same name is replaced.

    Each has `name`, `language`, `category` (any case), `body` with `{{1}}`, and may have
    `header`, `footer`, `status` and `buttons`: texts, or `{"text": ..., "type": "QUICK_REPLY"}`.
    Works whether the sandbox runs or not.
    """
    with open_store(where).write() as db:
        for template in templates:
            row = {
                "name": str(template["name"]),
                "language": str(template["language"]),
                "category": str(template["category"]).upper(),
                "status": str(template.get("status", "APPROVED")).upper(),
                "header": str(template.get("header") or ""),
                "body": str(template["body"]),
                "footer": str(template.get("footer") or ""),
                "buttons": json.dumps([_button(one) for one in template.get("buttons") or ()]),
            }
            columns = ", ".join(row)
            marks = ", ".join(f":{name}" for name in row)
            db.execute(f"INSERT OR REPLACE INTO templates ({columns}) VALUES ({marks})", row)


def _button(given: str | Mapping[str, Any]) -> dict[str, str]:
    if isinstance(given, str):
        return {"type": "QUICK_REPLY", "text": given}
    return {
        "type": str(given.get("type", "QUICK_REPLY")).upper(),
        "text": str(given["text"]),
        "url": str(given.get("url") or given.get("phone_number") or ""),
    }


def register_phones(
    where: Config | Store | Path | str, phones: Iterable[Mapping[str, Any]]
) -> None:
    """Make phones known: `number` (E.164), and perhaps `name` and `last_inbound_at`.

    `last_inbound_at`, an aware datetime or Unix seconds, is when this person last wrote to the
    business: free text is taken for 24 hours after. A phone that is known keeps what is newer.
    """
    with open_store(where).write() as db:
        for phone in phones:
            number, heard = digits(str(phone["number"])), phone.get("last_inbound_at")
            db.execute(
                "INSERT INTO phones (number, user_id, name, last_inbound_at, last_at)"
                " VALUES (:number, :user_id, :name, :heard, coalesce(:heard, 0))"
                " ON CONFLICT (number) DO UPDATE SET"
                " name = CASE WHEN :name = '' THEN name ELSE :name END,"
                " last_inbound_at = nullif("
                "   max(coalesce(last_inbound_at, 0), coalesce(:heard, 0)), 0)",
                {
                    "number": number,
                    "user_id": user_id_for(number),
                    "name": str(phone.get("name") or ""),
                    "heard": heard.timestamp() if isinstance(heard, datetime) else heard,
                },
            )
