"""The rows of the ledger as the driver gives them: the events of a chain together, in its order."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from operator import itemgetter
from typing import Any

from webapp.core.snapshots import Reader
from webapp.ledger.findings import Findings

Row = tuple[Any, ...]
# A range of keys: from the first on, up to but without the last; None is the end of all.
Range = tuple[bytes, bytes | None]
Chain = tuple[str, bytes, list[Row], Row | None]
CHANNEL, KEY = 1, 2  # their places in an event
ALL: Range = (b"", None)
OF_THEIR_TYPE = "typeof(key) = 'blob' AND typeof(channel) = 'text'"
IS_KEY = "length(key) = 32"  # a SHA-256


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

    They come by key and channel; the events are in the order of the chain. There may be no events,
    or no state row. A state row has the columns of a StateRow. One chain is in memory at a time:
    the database sorts both tables aside, since to read them by an index would jump about.
    """
    states = _states(reader, within)
    state = next(states, None)
    for place, events in itertools.groupby(_events(reader, within), itemgetter(KEY, CHANNEL)):
        while state is not None and (state[1], state[0]) < place:
            yield state[0], state[1], [], state
            state = next(states, None)
        if state is not None and state[0] == place[1] and state[1] == place[0]:
            yield place[1], place[0], list(events), state
            state = next(states, None)
        else:
            yield place[1], place[0], list(events), None
    while state is not None:
        yield state[0], state[1], [], state
        state = next(states, None)


def check_types(reader: Reader) -> Findings:
    """Find rows under a key that is none: too short, or of another type, which SQLite takes."""
    found = Findings()
    typed, row = (IS_KEY, "ctid") if reader.postgres else (f"{OF_THEIR_TYPE} AND {IS_KEY}", "rowid")
    for table, named_by in (("consent_events", "id"), ("consent_states", row)):
        for (row_id,) in reader.rows(f"SELECT {named_by} FROM {table} WHERE NOT ({typed})"):
            found.add(f"Row {row_id} of {table} was edited: its key or channel is none.")
    return found


def events_of(reader: Reader, channel: str, key: bytes) -> list[Row]:
    """Give the events of one channel and key, in the order of the chain."""
    statement = (
        f"SELECT {event_columns(reader)} FROM consent_events"
        " WHERE key = ? AND channel = ? ORDER BY seq"
    )
    return reader.rows(statement, (key, str(channel)))


def _events(reader: Reader, within: Range) -> Iterator[Row]:
    order = f"key, {reader.bytewise('channel')}, seq"
    condition, values = _condition(reader, within)
    return reader.sorted_aside(event_columns(reader), "consent_events", condition, order, values)


def _states(reader: Reader, within: Range) -> Iterator[Row]:
    since, head_at = reader.utc("since"), reader.utc("head_at")
    columns = (
        f"channel, key, state, epoch, {since}, source, event_id, out_event_id, {head_at},"
        " head_seq, head_hash, held"
    )
    order = f"key, {reader.bytewise('channel')}"
    condition, values = _condition(reader, within)
    return reader.sorted_aside(columns, "consent_states", condition, order, values)


def _condition(reader: Reader, within: Range) -> tuple[str, tuple[bytes, ...]]:
    first, last = within
    typed = "true" if reader.postgres else OF_THEIR_TYPE
    if last is None:
        return f"key >= ? AND {typed}", (first,)
    return f"key >= ? AND key < ? AND {typed}", (first, last)


def ranges(parts: int) -> list[Range]:
    """Divide all keys into so many parts; keys are as if drawn by lot, so they are about equal."""
    edges = [b"", *((65536 * part // parts).to_bytes(2, "big") for part in range(1, parts))]
    return [*zip(edges, [*edges[1:], None], strict=True)]
