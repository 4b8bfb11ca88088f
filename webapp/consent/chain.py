"""The hash chain of the ledger: each event commits to its content and to the event before it."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from webapp.consent.rules import Entry
from webapp.contacts.rules import Channel, State

FIRST = bytes(32)


def commitment(salt: bytes, address: str, said: str, evidence: dict[str, Any]) -> bytes:
    """Give the salted SHA-256 of an event's detail: provable while it exists, silent after."""
    content = {"address": address, "said": said, "evidence": evidence}
    return hashlib.sha256(salt + _canonical(content)).digest()


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
    return hashlib.sha256(prev + commitment + _canonical(public)).digest()


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds")
    if isinstance(value, bytes):
        return value.hex()
    raise TypeError(f"{type(value).__name__} cannot be part of the chain")


_encoder = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=True, default=_plain
)


def _canonical(content: dict[str, Any]) -> bytes:
    return _encoder.encode(content).encode()
