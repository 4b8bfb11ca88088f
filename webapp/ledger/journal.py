"""The journal: the ledger's events and the erasures as lines of JSON, in the order of time.

It tells a restored database what it lacks (`taking_in.py`). A line is one object; `kind` is
`journal` (the first), `event`, `erasure` or `end` (the last: without it some is missing). Times are
ISO 8601 in UTC, keys and hashes are hex.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

from webapp.core import clock
from webapp.core.errors import Invalid
from webapp.core.snapshots import Moment, Reader, moment_of

Line = dict[str, Any]
_FIELDS = ("channel", "seq", "asked", "source", "actor_kind", "actor_id", "proven")


def write_journal(url: str, since: datetime | None = None) -> Iterator[str]:
    """Give the journal of a database line by line; `since` leaves out what was recorded before.

    Others may write meanwhile: it is of one moment. Of an event that was erased only the key is
    there, no address, no words and no evidence.
    """
    with closing(Reader(Moment(url))) as reader:
        yield _line(
            {
                "kind": "journal",
                "made_at": clock.now().isoformat(),
                "since": since.isoformat() if since else None,
            }
        )
        both = heapq.merge(_events(reader, since), _erasures(reader, since), key=lambda one: one[0])
        for _, line in both:
            yield _line(line)
        yield _line({"kind": "end"})


def _events(reader: Reader, since: datetime | None) -> Iterator[tuple[datetime, Line]]:
    times = ", ".join(reader.utc(f"e.{name}_at") for name in ("occurred", "effective", "recorded"))
    condition = "WHERE e.recorded_at >= ?" if since else ""
    statement = (
        f"SELECT e.channel, e.seq, e.asked, e.source, e.actor_kind, e.actor_id, e.proven, e.key,"
        f" e.hash, u.hash, u.asked, u.source, {reader.utc('u.occurred_at')},"
        f" {times}, d.address, d.said, {reader.text('d.evidence')}"
        " FROM consent_events AS e"
        " LEFT JOIN consent_event_details AS d ON d.event_id = e.id"
        f" LEFT JOIN consent_events AS u ON u.id = e.undoes_id {condition} ORDER BY e.id"
    )
    values = (reader.bound(since),) if since else ()
    for lot in reader.lots(statement, values, by_index=not since):
        for row in lot:
            line: Line = {"kind": "event", **dict(zip(_FIELDS, row, strict=False))}
            key, hashed, *undone, occurred, effective, recorded, address, said, evidence = row[7:]
            recorded_at = _utc(recorded)
            line |= {"proven": bool(line["proven"]), "key": key.hex(), "hash": hashed.hex()}
            line |= _undone(*undone)
            line |= {"occurred_at": _said(occurred), "effective_at": _said(effective)}
            line["recorded_at"] = recorded_at.isoformat()
            if address is not None:
                line |= {"address": address, "said": said, "evidence": json.loads(evidence)}
            yield recorded_at, line


def _undone(hashed: bytes | None, asked: str, source: str, occurred: Any) -> Line:
    """Give what a correction took back: also by what a copy of that event has in common with it."""
    if hashed is None:
        return {}
    act = {"asked": asked, "source": source, "occurred_at": _said(occurred)}
    return {"undoes": hashed.hex(), "undone": act}


def _erasures(reader: Reader, since: datetime | None) -> Iterator[tuple[datetime, Line]]:
    condition = "WHERE at >= ?" if since else ""
    statement = (
        f"SELECT {reader.text('keys')}, {reader.utc('at')} FROM erasures {condition}"
        " ORDER BY at, id"
    )
    values = (reader.bound(since),) if since else ()
    for lot in reader.lots(statement, values):
        for keys, at in lot:
            moment = _utc(at)
            line = {"kind": "erasure", "keys": json.loads(keys), "at": moment.isoformat()}
            yield moment, line


def parse_since(text: str) -> datetime:
    """Read the moment from which a journal begins: a day or an ISO 8601 time, UTC if it says none.

    Raises Invalid.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid(
            f"“{text}” is no time; write it like 2026-05-31 or 2026-05-31T14:00."
        ) from None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _utc(value: Any) -> datetime:
    moment = moment_of(value)
    assert moment is not None
    return moment.replace(tzinfo=UTC)


def _said(value: Any) -> str:
    return _utc(value).isoformat()


def _line(content: Line) -> str:
    return json.dumps(content, ensure_ascii=False)
