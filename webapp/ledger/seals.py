"""Checking seals: each against the events that it covers, the one before it, and the exported."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC
from hashlib import sha256

from webapp.consent.chain import FIRST
from webapp.core.snapshots import Reader, moment_of
from webapp.ledger.exported import Exported
from webapp.ledger.findings import Findings
from webapp.ledger.models import LedgerSeal
from webapp.ledger.sealing import as_fields, seal_hash


def check_seals(reader: Reader, exported: Sequence[Exported]) -> Findings:
    """Check every seal there is, and that each of the exported ones is among them."""
    found = Findings()
    prev, above, due = FIRST, 0, 1
    there: dict[int, bytes] = {}
    for seal in stored(reader):
        there[seal.id] = seal.hash
        _check_place(seal, prev, above, due, found)
        content, events = _content(reader, above, seal.last_event_id)
        if (content, events) != (seal.content, seal.events):
            found.add(_other_content(seal, above, events))
        prev, above, due = seal.hash, max(above, seal.last_event_id), seal.id + 1
    _check_exported(exported, there, found)
    return found


def stored(reader: Reader) -> Iterable[LedgerSeal]:
    """Read the seals in the order in which they were made."""
    statement = (
        f"SELECT id, last_event_id, events, content, prev, hash, {reader.utc('at')}"
        " FROM ledger_seals ORDER BY id"
    )
    for lot in reader.lots(statement):
        for row in lot:
            names = ("id", "last_event_id", "events", "content", "prev", "hash")
            seal = LedgerSeal(**dict(zip(names, row[:6], strict=True)))
            at = moment_of(row[6])
            assert at is not None
            seal.at = at.replace(tzinfo=UTC)
            yield seal


def _check_place(seal: LedgerSeal, prev: bytes, above: int, due: int, found: Findings) -> None:
    if seal.id > due:
        which = f"{due}" if seal.id == due + 1 else f"{due} to {seal.id - 1}"
        found.add(f"Seal {which}: missing.")
    if seal.prev != prev:
        found.add(f"Seal {seal.id} does not follow the seal before it.")
    if seal.last_event_id <= above:
        found.add(f"Seal {seal.id} ends before the seal before it.")
    if seal_hash(seal.prev, as_fields(seal)) != seal.hash:
        found.add(f"Seal {seal.id} was edited: its hash does not hold.")


def _other_content(seal: LedgerSeal, above: int, events: int) -> str:
    said = f"Seal {seal.id} does not hold: of the events {above + 1} to {seal.last_event_id}"
    if events > seal.events:
        return f"{said}, {events - seal.events} were put in after it was made."
    if events < seal.events:
        return f"{said}, {seal.events - events} were removed after it was made."
    return f"{said}, at least one was edited or exchanged after it was made."


def _content(reader: Reader, above: int, to: int) -> tuple[bytes, int]:
    """Hash the hashes of the events with ids above one and up to another."""
    hashed, events = sha256(), 0
    statement = "SELECT hash FROM consent_events WHERE id > ? AND id <= ? ORDER BY id"
    for lot in reader.lots(statement, (above, to), by_index=True):
        hashed.update(b"".join([row[0] for row in lot]))
        events += len(lot)
    return hashed.digest(), events


def _check_exported(exported: Sequence[Exported], there: dict[int, bytes], found: Findings) -> None:
    for seal in sorted(set(exported), key=lambda seal: seal.id):
        name = f"The seal {seal.id} exported on {seal.at:%Y-%m-%d %H:%M}"
        if seal.id not in there:
            found.add(
                f"{name} is missing here: the ledger up to event {seal.last_event_id} is another, "
                "or older than that."
            )
        elif there[seal.id] != seal.hash:
            found.add(
                f"{name} is not the one that stands here: events up to {seal.last_event_id} were "
                "changed and sealed anew."
            )
