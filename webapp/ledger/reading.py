"""The rows of the ledger as the driver gives them: the events of a chain together, in its order."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from operator import itemgetter
from typing import Any

from webapp.core.snapshots import Reader

Row = tuple[Any, ...]
# A range of keys: from the first on, up to but without the last; None is the end of all.
Range = tuple[bytes, bytes | None]
Chain = tuple[str, bytes, list[Row], Row | None]
CHANNEL, KEY = 1, 2  # their places in an event
PART = 20_000  # events


def event_columns(reader: Reader) -> str:
    """Give the columns of an event in their order; a time that is `recorded_at`'s comes as NULL."""
    occurred, effective, recorded = (
        reader.utc(column)
        for column in (
            "NULLIF(occurred_at, recorded_at)",
            "NULLIF(effective_at, recorded_at)",
            "recorded_at",
        )
    )
    return (
        "id, channel, key, seq, asked, from_state, to_state, source, actor_kind, actor_id, proven,"
        f" undoes_id, {occurred}, {effective}, {recorded}, commitment, prev, hash"
    )


def chains(reader: Reader, within: Range) -> Iterator[Chain]:
    """Give every chain of the keys in a range, with its state row: channel, key, events, state.

    The events are in the order of the chain; there may be none of them, or no state row. A state
    row has the columns of a StateRow. The range's state rows are held in memory.
    """
    condition, values = _condition(within)
    states = {(row[1], row[0]): row for row in _states(reader, condition, values)}
    events = reader.lots(
        f"SELECT {event_columns(reader)} FROM consent_events WHERE {condition}"
        " ORDER BY key, channel, seq",
        values,
        by_index=True,
    )
    in_order = itertools.chain.from_iterable(events)
    for (key, channel), rows in itertools.groupby(in_order, itemgetter(KEY, CHANNEL)):
        yield channel, key, list(rows), states.pop((key, channel), None)
    for (key, channel), state in states.items():
        yield channel, key, [], state


def events_of(reader: Reader, channel: str, key: bytes) -> list[Row]:
    """Give the events of one channel and key, in the order of the chain."""
    statement = (
        f"SELECT {event_columns(reader)} FROM consent_events"
        " WHERE key = ? AND channel = ? ORDER BY seq"
    )
    return reader.rows(statement, (key, str(channel)))


def _states(reader: Reader, condition: str, values: tuple[bytes, ...]) -> Iterator[Row]:
    since, head_at = reader.utc("since"), reader.utc("head_at")
    lots = reader.lots(
        f"SELECT channel, key, state, epoch, {since}, source, event_id, out_event_id, {head_at},"
        f" head_seq, head_hash, held FROM consent_states WHERE {condition}",
        values,
        by_index=True,
    )
    return itertools.chain.from_iterable(lots)


def _condition(within: Range) -> tuple[str, tuple[bytes, ...]]:
    first, last = within
    return ("key >= ?", (first,)) if last is None else ("key >= ? AND key < ?", (first, last))


def parts_of(last_event_id: int) -> int:
    """Give into how many parts a ledger is divided, so that one is some thousands of events."""
    return max(1, min(65536, last_event_id // PART))


def ranges(parts: int) -> list[Range]:
    """Divide all keys into so many parts; keys are as if drawn by lot, so they are about equal."""
    edges = [(65536 * part // parts).to_bytes(2, "big") for part in range(parts)]
    return [*zip(edges, [*edges[1:], None], strict=True)]
