"""One chain, event by event: what its events come to, by the rules by which they were written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from hashlib import sha256
from typing import Any, NamedTuple, cast

from webapp.accounts.rules import Actor, ActorKind
from webapp.consent.chain import FIRST, public_bytes
from webapp.consent.rows import StateRow
from webapp.consent.rules import Entry, Standing, advance, fold
from webapp.contacts.rules import Channel, Source, State

STATES: dict[str, State] = {state.value: state for state in State}
SOURCES: dict[str, Source] = {source.value: source for source in Source}
NOTHING = Standing()


class Read(NamedTuple):
    """An `Entry`, which is made four times as fast: one is made for every event there is."""

    id: int
    asked: State
    source: Source
    effective_at: datetime
    recorded_at: datetime
    proven: bool
    actor: Actor
    undoes_id: int | None


class Folded:
    """What the events of a chain come to; `epoch`, `out_event_id` and the head as a state row's."""

    # On the class, since one is made for every chain there is, and most have one event.
    standing: Standing = NOTHING
    epoch: int = 0
    out_event_id: int | None = None
    head_seq: int = 0
    head_hash: bytes = FIRST

    def __init__(self) -> None:
        """Begin with nothing."""
        self.entries: list[Entry] = []

    def add(self, entry: Entry) -> State:
        """Take one more event; gives the state before it."""
        before = self.standing
        self.entries.append(entry)
        after = self.standing = advance(before, entry) or fold(self.entries)
        if entry.asked is State.OPTED_OUT and entry.undoes_id is None:
            self.out_event_id = entry.id
        if after.state is State.OPTED_OUT and before.state is not State.OPTED_OUT:
            self.epoch += 1
        return before.state

    def row(self, channel: Channel, key: bytes, *, held: bool = False) -> StateRow:
        """Give the state row that these events come to."""
        standing = self.standing
        return StateRow(
            channel,
            key,
            standing.state,
            self.epoch,
            standing.since,
            standing.source,
            standing.event_id,
            self.out_event_id,
            standing.head_at,
            self.head_seq,
            self.head_hash,
            held,
        )


@cache
def actor_of(kind: str, actor_id: int | None) -> Actor:
    """Give an actor. Raises ValueError for a kind that does not exist."""
    return Actor(ActorKind(kind), actor_id)


def read_event(row: Sequence[Any]) -> tuple[Entry, bytes]:
    """Give an event, as `reading.event_columns` has it, in the fold's own form, and its hash.

    The hash is that of its content, as `consent.chain.link` gives it; the times have no zone.
    Raises KeyError, TypeError, ValueError or AttributeError where something stands in the row
    that no writer wrote.
    """
    # One long function, since it runs for every event of a ledger of millions.
    (
        id_, channel, key, seq, asked, before, after, source, kind, actor_id, proven, undoes_id,
        occurred, effective, recorded, commitment, prev, _,
    ) = row  # fmt: skip
    recorded_at = effective_at = _moment(recorded)
    said = occurred_said = effective_said = iso(recorded)
    if occurred is not None:
        occurred_said = iso(occurred)
    if effective is not None:
        effective_at = _moment(effective)
        effective_said = iso(effective)
    read = Read(
        id_,
        STATES[asked],
        SOURCES[source],
        effective_at,
        recorded_at,
        bool(proven),
        actor_of(kind, actor_id),
        undoes_id,
    )
    public = public_bytes(
        channel,
        key.hex(),
        seq,
        asked,
        before,
        after,
        source,
        kind,
        actor_id,
        proven,
        undoes_id,
        occurred_said,
        effective_said,
        said,
    )
    return cast(Entry, read), sha256(prev + commitment + public).digest()


def _moment(value: Any) -> datetime:
    return datetime.fromisoformat(value) if value.__class__ is str else value


def iso(moment: datetime | str) -> str:
    """Give a time without a zone, or as SQLite keeps it, as the chain writes it."""
    if isinstance(moment, str):
        return f"{moment[:10]}T{moment[11:]}+00:00"
    return f"{moment.isoformat('T', 'microseconds')}+00:00"
