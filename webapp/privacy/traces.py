"""Where a person may be named beside what is found by key, and what becomes of each place."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import JSON, Column, Enum, LargeBinary, String, Table, delete, update

from webapp.conversations.service import MOST_TRIES, forgotten_item
from webapp.core.db import Base, run
from webapp.privacy.marks import Marks
from webapp.tasks.rules import TaskStatus

# Found by key, or never about a customer. The parts of files are read as files.
LEFT_ALONE = frozenset(
    {
        "api_tokens",
        "attribute_definitions",
        "consent_events",
        "consent_states",
        "contacts",
        "conversations",
        "erasures",
        "former_addresses",
        "inbound_messages",
        "ledger_seals",
        "messages",
        "settings",
        "task_file_parts",
        "users",
    }
)
Row = Mapping[str, Any]
Columns = Sequence[Column[Any]]


class Trace(enum.Enum):
    """What became of a row that names a person."""

    CLEARED = "cleared"
    WAITS = "waits"  # it is still at work
    KEPT = "kept"  # a webhook that nobody could process: it may hold a stop


def tables() -> list[Table]:
    """Give every table that is searched, in the order of their names; a new one is among them."""
    found = Base.metadata.tables
    return [found[name] for name in sorted(found) if name not in LEFT_ALONE]


def texts_of(table: Table) -> list[Column[Any]]:
    """Give the columns that may name somebody: texts, JSON and bodies; no words, no digests."""
    return [column for column in table.columns if _is_text(column)]


def names_person(row: Row, columns: Columns, marks: Marks) -> bool:
    """Tell whether a row names the person."""
    return any(_names(row[column.name], marks) for column in columns)


def clear(table: Table, row: Row, columns: Columns, marks: Marks) -> Trace:
    """Take the person out of a row in the open transaction, or say why it has to wait."""
    return _WAYS.get(table.name, _redact)(table, row, columns, marks)


def _is_text(column: Column[Any]) -> bool:
    kind = column.type
    if isinstance(kind, LargeBinary):
        return kind.length is None  # keys and digests have a length
    return isinstance(kind, String | JSON) and not isinstance(kind, Enum)


def _names(value: Any, marks: Marks) -> bool:
    if isinstance(value, bytes):
        return marks.stand_in_bytes(value)
    return bool(value) and marks.redacted(value) != value


def _redact(table: Table, row: Row, columns: Columns, marks: Marks) -> Trace:
    """Put "(erased)" where the person is named. A filter that looked for them finds nobody now."""
    named = [column for column in columns if _names(row[column.name], marks)]
    values = {column.name: _fitting(column, marks.redacted(row[column.name])) for column in named}
    _write(table, row, values)
    return Trace.CLEARED


def _fitting(column: Column[Any], value: Any) -> Any:
    longest = getattr(column.type, "length", None)
    return value[:longest] if longest and isinstance(value, str) else value


def _redact_task(table: Table, row: Row, columns: Columns, marks: Marks) -> Trace:
    """A task at work needs what it knows: it ends first."""
    if not TaskStatus(row["status"]).ended:
        return Trace.WAITS
    return _redact(table, row, columns, marks)


def _wipe_webhook(table: Table, row: Row, _columns: Columns, _marks: Marks) -> Trace:
    """Empty a body; its digest still knows a repeat. One that is not processed may hold a stop."""
    if row["processed_at"] is None:
        return Trace.WAITS if row["tries"] < MOST_TRIES else Trace.KEPT
    _write(table, row, {"body": b"", "error": ""})
    return Trace.CLEARED


def _rename_item(table: Table, row: Row, _columns: Columns, _marks: Marks) -> Trace:
    """Keep the mark that an item was handled, under a word that says nothing."""
    _write(table, row, {"item": forgotten_item(row["item"])})
    return Trace.CLEARED


def _wipe_answer(table: Table, row: Row, _columns: Columns, marks: Marks) -> Trace:
    """Empty a remembered answer, so that its call still has one effect; or all, by its key."""
    if marks.name_in(row["key"]):
        run(delete(table).where(*_this(table, row)))
    else:
        _write(table, row, {"body": "{}\n"})
    return Trace.CLEARED


def _drop(table: Table, row: Row, _columns: Columns, _marks: Marks) -> Trace:
    """Delete a detail of another address's event: its chain commits to it only as a whole."""
    run(delete(table).where(*_this(table, row)))
    return Trace.CLEARED


_WAYS = {
    "consent_event_details": _drop,
    "handled_items": _rename_item,
    "idempotent_answers": _wipe_answer,
    "stored_webhooks": _wipe_webhook,
    "tasks": _redact_task,
}


def _write(table: Table, row: Row, values: dict[str, Any]) -> None:
    run(update(table).where(*_this(table, row)).values(values))


def _this(table: Table, row: Row) -> list[Any]:
    return [column == row[column.name] for column in table.primary_key]
