"""Checking details: what an event says of a person is what was committed to when it was written."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import Any

from webapp.consent.chain import canonical, detail_bytes
from webapp.core.snapshots import Reader, moment_of
from webapp.ledger.findings import Findings, named

# An erasure has this machine's time, an event the database's.
CLOCKS_APART = timedelta(minutes=1)
_DECODER = json.JSONDecoder()


@dataclass(frozen=True)
class Erased:
    """What erasures took: the details under each key up to its last one, and of single events."""

    keys: dict[bytes, datetime] = field(default_factory=dict)
    events: set[int] = field(default_factory=set)


def check_details(reader: Reader, above: int, to: int, erased: Erased) -> Findings:
    """Check the details of the events with ids above one and up to another.

    What `erased` took is rightly gone.
    """
    found = Findings()
    statement = (
        f"SELECT e.id, e.commitment, d.salt, d.address, d.said, {reader.text('d.evidence')}"
        " FROM consent_events AS e LEFT JOIN consent_event_details AS d ON d.event_id = e.id"
        " WHERE e.id > ? AND e.id <= ? ORDER BY e.id"
    )
    for lot in reader.lots(statement, (above, to), by_index=True):
        for event_id, commits, salt, address, said, evidence in lot:
            if salt is None or not _holds(commits, salt, address, said, evidence):
                _tell(reader, event_id, salt is None, erased, found)
    return found


def _holds(commits: bytes, salt: bytes, address: str, said: str, evidence: str) -> bool:
    try:
        # SQLite keeps the canonical text; whatever was committed to may be read no other way.
        if '": ' not in evidence and _commits(commits, salt, address, said, evidence):
            return True
        return _commits(commits, salt, address, said, _canonical(evidence))
    except (TypeError, ValueError):
        return False


def _commits(commits: bytes, salt: bytes, address: str, said: str, evidence: str) -> bool:
    return sha256(salt + detail_bytes(address, said, evidence)).digest() == commits


@lru_cache(maxsize=4096)  # the same form is often shown to thousands
def _canonical(evidence: str) -> str:
    content, end = _DECODER.raw_decode(evidence)
    if end != len(evidence):
        raise ValueError("more than one value")
    return canonical(content)


def _tell(reader: Reader, event_id: int, gone: bool, erased: Erased, found: Findings) -> None:
    """Say what is wrong with an event's detail, unless it was erased with the person."""
    statement = (
        f"SELECT channel, key, seq, {reader.utc('recorded_at')} FROM consent_events WHERE id = ?"
    )
    channel, key, seq, recorded = reader.rows(statement, (event_id,))[0]
    name = named(event_id, channel, key, seq)
    if not gone:
        found.add(f"{name}: its detail (address, words or evidence) was edited.")
    elif event_id not in erased.events and not _was_erased(erased.keys.get(key), recorded):
        found.add(f"{name}: its detail is missing, and nobody was erased under this key since.")


def _was_erased(at: datetime | None, recorded: Any) -> bool:
    if at is None:
        return False
    moment = moment_of(recorded)
    return moment is not None and moment <= at + CLOCKS_APART


def read_erasures(reader: Reader) -> Erased:
    """Read what erasures took."""
    found = Erased()
    columns = f"{reader.text('keys')}, {reader.text('event_ids')}, {reader.utc('at')}"
    for lot in reader.lots(f"SELECT {columns} FROM erasures ORDER BY id"):
        for keys, event_ids, at in lot:
            moment = moment_of(at)
            if moment is not None:
                found.keys.update((bytes.fromhex(key), moment) for key in json.loads(keys))
            found.events.update(json.loads(event_ids))
    return found
