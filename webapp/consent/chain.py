"""The hash chain of the ledger: each event commits to its content and to the event before it."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from json.encoder import encode_basestring_ascii
from typing import Any

from webapp.consent.rules import Entry
from webapp.contacts.rules import Channel, State

FIRST = bytes(32)


def commitment(salt: bytes, address: str, said: str, evidence: dict[str, Any]) -> bytes:
    """Give the salted SHA-256 of an event's detail: provable while it exists, silent after."""
    return hashlib.sha256(salt + detail_bytes(address, said, canonical(evidence))).digest()


def detail_bytes(address: str, said: str, evidence: str) -> bytes:
    """Give what a commitment is made over, after its salt; `evidence` is its canonical text."""
    quoted = encode_basestring_ascii
    return f'{{"address":{quoted(address)},"evidence":{evidence},"said":{quoted(said)}}}'.encode()


def public_fields(
    channel: Channel,
    key: bytes,
    seq: int,
    entry: Entry,
    before: State,
    after: State,
    occurred_at: datetime | None,
) -> dict[str, Any]:
    """Give the columns of an event that its hash covers: all that says nothing of a person.

    `seq` counts the events of this channel and key from 1; `before` and `after` are the stored
    states around it. Without `occurred_at` it happened when it was recorded.
    """
    return {
        "channel": channel,
        "key": key,
        "seq": seq,
        "asked": entry.asked,
        "from_state": before,
        "to_state": after,
        "source": entry.source,
        "actor_kind": entry.actor.kind,
        "actor_id": entry.actor.id,
        "proven": entry.proven,
        "undoes_id": entry.undoes_id,
        "occurred_at": occurred_at or entry.recorded_at,
        "effective_at": entry.effective_at,
        "recorded_at": entry.recorded_at,
    }


def link(prev: bytes, commitment: bytes, public: dict[str, Any]) -> bytes:
    """Give the hash of an event from the hash before it, its commitment, and its public fields."""
    return hashlib.sha256(prev + commitment + canonical(public).encode()).digest()


def public_bytes(
    channel: str,
    key: str,
    seq: int,
    asked: str,
    from_state: str,
    to_state: str,
    source: str,
    actor_kind: str,
    actor_id: int | None,
    proven: bool,
    undoes_id: int | None,
    occurred_at: str,
    effective_at: str,
    recorded_at: str,
) -> bytes:
    """Give the canonical bytes of an event's public fields, as `link` hashes them, but faster.

    For whoever reads a whole ledger: times are ISO 8601 in UTC with microseconds and offset, the
    key is in hex; all words are the domain's own, which need no escapes.
    """
    return (
        f'{{"actor_id":{"null" if actor_id is None else actor_id},"actor_kind":"{actor_kind}",'
        f'"asked":"{asked}","channel":"{channel}","effective_at":"{effective_at}",'
        f'"from_state":"{from_state}","key":"{key}","occurred_at":"{occurred_at}",'
        f'"proven":{"true" if proven else "false"},"recorded_at":"{recorded_at}","seq":{seq},'
        f'"source":"{source}","to_state":"{to_state}",'
        f'"undoes_id":{"null" if undoes_id is None else undoes_id}}}'
    ).encode()


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds")
    if isinstance(value, bytes):
        return value.hex()
    raise TypeError(f"{type(value).__name__} cannot be part of the chain")


_encoder = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=True, default=_plain
)


def canonical(content: dict[str, Any]) -> str:
    """Give the one spelling of a JSON object that hashes are made over, in ASCII."""
    return _encoder.encode(content)
