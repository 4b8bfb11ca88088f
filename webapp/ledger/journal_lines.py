"""Reading a journal's lines, which may come from another machine and a long time ago."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from webapp.contacts.rules import Channel, Source, State
from webapp.core.errors import Invalid


@dataclass(frozen=True)
class Head:
    """A journal's first line: when it was made."""

    made_at: datetime


@dataclass(frozen=True)
class Act:
    """What an event and its copy in another database have in common: all but the hash."""

    asked: State
    source: Source
    occurred_at: datetime


@dataclass(frozen=True)
class EventLine:
    """One event; `address` is None where the person was erased.

    Of a correction `undoes` is the hash of what it took back; `undone` is the same event, where
    the line says it.
    """

    channel: Channel
    key: bytes
    asked: State
    source: Source
    occurred_at: datetime
    effective_at: datetime
    hash: bytes
    undoes: bytes | None
    undone: Act | None
    address: str | None
    said: str
    evidence: dict[str, Any]

    @property
    def act(self) -> Act:
        """What it has in common with its copies."""
        return Act(self.asked, self.source, self.occurred_at)


@dataclass(frozen=True)
class ErasureLine:
    """One erasure: the keys of whom, and when."""

    keys: list[bytes]
    at: datetime


@dataclass(frozen=True)
class End:
    """A journal's last line: nothing of it is missing."""


@dataclass(frozen=True)
class Cut:
    """What is left of a line within which the journal was cut off; nothing comes after it."""


Line = Head | EventLine | ErasureLine | End | Cut


def read_journal(lines: Iterable[str]) -> Iterator[Line]:
    """Read a journal line by line; the last is no `End` where it was cut off.

    Bytes that are no UTF-8 may have come as surrogates (`surrogateescape`). Raises Invalid, which
    names the line.
    """
    first = True
    for number, text in enumerate(lines, start=1):
        if not text.strip():
            continue
        try:
            line = _read(json.loads(text.encode(errors="surrogateescape").decode()))
        except (KeyError, TypeError, ValueError, AttributeError):
            if not first and not text.endswith("\n"):
                yield Cut()
                return
            raise Invalid(f"Line {number} is no line of a journal.") from None
        if first and not isinstance(line, Head):
            raise Invalid("This is no journal: its first line does not say so.")
        first = False
        yield line
    if first:
        raise Invalid("This is no journal: it is empty.")


def _read(said: dict[str, Any]) -> Line:
    if said["kind"] == "journal":
        return Head(_moment(said["made_at"]))
    if said["kind"] == "end":
        return End()
    if said["kind"] == "erasure":
        return ErasureLine([bytes.fromhex(key) for key in said["keys"]], _moment(said["at"]))
    if said["kind"] != "event":
        raise ValueError(said["kind"])
    undoes, undone = said.get("undoes"), said.get("undone")
    return EventLine(
        Channel(said["channel"]),
        bytes.fromhex(said["key"]),
        State(said["asked"]),
        Source(said["source"]),
        _moment(said["occurred_at"]),
        _moment(said["effective_at"]),
        bytes.fromhex(said["hash"]),
        bytes.fromhex(undoes) if undoes else None,
        _act(undone) if undone else None,
        said.get("address"),
        str(said.get("said", "")),
        dict(said.get("evidence") or {}),
    )


def _act(said: dict[str, Any]) -> Act:
    return Act(State(said["asked"]), Source(said["source"]), _moment(said["occurred_at"]))


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time without a zone")
    return moment
