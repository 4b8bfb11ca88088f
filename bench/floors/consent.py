"""The minimal correct statements of a consent change: lock, event, state, copy, cancel."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bench.floors.hand import Hand
from webapp.accounts.rules import Actor
from webapp.consent import chain
from webapp.consent.locks import lock_number
from webapp.consent.rules import Entry
from webapp.contacts.rules import Channel, Source, State

CHANNEL = Channel.WHATSAPP
LOCK = "SELECT pg_advisory_xact_lock(:number)"
STATE = """
SELECT {now}, s.state, s.epoch, s.head_seq, s.head_hash, s.head_at FROM (SELECT 1) AS one
LEFT JOIN consent_states AS s ON s.channel = 'whatsapp' AND s.key = :key"""
READ = {True: STATE.format(now="clock_timestamp()"), False: STATE.format(now="NULL")}
EVENT = """
INSERT INTO consent_events (channel, key, seq, asked, from_state, to_state, source, actor_kind,
    actor_id, proven, undoes_id, occurred_at, effective_at, recorded_at, commitment, prev, hash)
VALUES (:channel, :key, :seq, :asked, :from_state, :to_state, :source, :actor_kind,
    :actor_id, :proven, :undoes_id, :occurred_at, :effective_at, :recorded_at, :commitment, :prev,
    :hash) RETURNING id"""
DETAIL = """
INSERT INTO consent_event_details (event_id, salt, address, said, evidence)
VALUES (:event_id, :salt, :address, :said, :evidence)"""
STORE = """
INSERT INTO consent_states (channel, key, state, epoch, since, source, event_id, out_event_id,
    head_at, head_seq, head_hash)
VALUES ('whatsapp', :key, :state, :epoch, :since, :source, :event_id, :out_event_id,
    :since, :seq, :hash)
ON CONFLICT (channel, key) DO UPDATE SET state = excluded.state, epoch = excluded.epoch,
    since = excluded.since, source = excluded.source, event_id = excluded.event_id,
    out_event_id = coalesce(excluded.out_event_id, consent_states.out_event_id),
    head_at = excluded.head_at, head_seq = excluded.head_seq, head_hash = excluded.head_hash"""
COPY = """
UPDATE contacts SET whatsapp_state = :state, whatsapp_changed_at = :since, whatsapp_source = :source
WHERE phone_key = :key"""
# The second question after the status is what SQLite needs to see that its partial index serves.
CANCEL = """
UPDATE messages SET status = 'cancelled', reason = 'opted_out', rule = 'opted_out',
    event_id = :event_id, ended_at = :now
WHERE key = :key AND channel = 'whatsapp' AND status = 'scheduled'
  AND status IN ('scheduled', 'sending') AND origin <> 'confirmation'
  AND NOT (category <> 'marketing' AND (origin = 'manual' OR EXISTS (
      SELECT 1 FROM consent_policies WHERE channel = 'whatsapp' AND exempts_utility)))"""


@dataclass(frozen=True)
class Asked:
    """A change of one number's WhatsApp consent, by whom and with what to show for it."""

    phone: str
    key: bytes
    state: State
    source: Source
    actor: Actor
    said: str = ""
    occurred_at: datetime | None = None
    evidence: dict[str, str] = field(default_factory=dict)


def change(hand: Hand, asked: Asked) -> int:
    """Record a change in the open transaction; gives how many waiting messages it cancelled.

    For the plain case that Heed answers without its fold too: nothing within 60 seconds before.
    """
    if hand.postgres:
        hand.run(LOCK, number=lock_number(asked.key))
    read = hand.run(READ[hand.postgres], key=asked.key).fetchone()
    now, state, epoch, seq, prev, head_at = read
    now = now or datetime.now(UTC)
    at = asked.occurred_at or now
    assert head_at is None or hand.read_moment(head_at) < at <= now, "not the plain case"
    before, out = State(state or State.UNKNOWN), asked.state is State.OPTED_OUT
    entry = Entry(0, asked.state, asked.source, at, now, bool(asked.evidence), asked.actor)
    event_id, hashed = _append(hand, asked, entry, before, (seq or 0) + 1, prev or chain.FIRST)
    shown = {
        "key": asked.key,
        "state": str(asked.state),
        "source": str(asked.source),
        "since": hand.moment(at),
    }
    hand.run(
        STORE,
        **shown,
        epoch=(epoch or 0) + (out and before is not State.OPTED_OUT),
        event_id=event_id,
        out_event_id=event_id if out else None,
        seq=(seq or 0) + 1,
        hash=hashed,
    )
    assert hand.run(COPY, **shown).rowcount == 1, "nobody has this number"
    if not out:
        return 0
    waiting = {"event_id": event_id, "now": hand.moment(now), "key": asked.key}
    cancelled: int = hand.run(CANCEL, **waiting).rowcount
    return cancelled


def changed(hand: Hand, asked: Asked) -> int:
    """Record a change in a transaction of its own; gives what `change` gives."""
    with hand.transaction():
        return change(hand, asked)


def _append(
    hand: Hand, asked: Asked, entry: Entry, before: State, seq: int, prev: bytes
) -> tuple[int, bytes]:
    """Add the event to the chain, and its detail; gives its id and its hash."""
    salt = secrets.token_bytes(16)
    commits = chain.commitment(salt, asked.phone, asked.said, asked.evidence)
    public = chain.public_fields(
        CHANNEL, asked.key, seq, entry, before, asked.state, asked.occurred_at
    )
    hashed = chain.link(prev, commits, public)
    row = {name: _plain(hand, value) for name, value in public.items()}
    found = hand.run(EVENT, **row, commitment=commits, prev=prev, hash=hashed).fetchone()
    event_id: int = found[0]
    hand.run(
        DETAIL,
        event_id=event_id,
        salt=salt,
        address=asked.phone,
        said=asked.said,
        evidence=json.dumps(asked.evidence),
    )
    return event_id, hashed


def _plain(hand: Hand, value: Any) -> Any:
    if isinstance(value, datetime):
        return hand.moment(value)
    return str(value) if isinstance(value, str) else value
