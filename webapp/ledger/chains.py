"""Checking chains: each event against its hash and the one before it, each state row against the
fold of its events."""

from __future__ import annotations

import operator
from collections.abc import Sequence

from webapp.core.snapshots import Reader, moment_of
from webapp.ledger.findings import Findings, chain_named, named
from webapp.ledger.folding import Folded, read_event
from webapp.ledger.reading import Range, Row, chains

SEQ, FROM, TO, PREV, HASH = 3, 5, 6, 16, 17
UNREADABLE = (KeyError, TypeError, ValueError, AttributeError)
KEPT = ("state", "since", "source", "event_id", "head_at", "epoch", "out_event_id")


def check_chains(reader: Reader, within: Range) -> Findings:
    """Check every chain and state row of the keys in a range; gives what is wrong."""
    found = Findings()
    for channel, key, events, state in chains(reader, within):
        folded = chain_of(events, found)
        if folded is None:
            continue  # what cannot be read was told, and comes to nothing to compare with
        if state is not None:
            check_state(channel, key, folded, state, found)
        else:
            found.add(f"{chain_named(channel, key)}: there are events, but no state row.")
    return found


def chain_of(events: Sequence[Row], found: Findings) -> Folded | None:
    """Fold a chain and say what does not hold in it; None where an event cannot even be read."""
    folded, last_id, sound = Folded(), 0, True
    for row in events:
        try:
            entry, hashed = read_event(row)
            seq = operator.index(row[SEQ])
        except UNREADABLE:
            found.add(f"{_named(row)} was edited: something stands in it that Heed never writes.")
            return None
        if seq != folded.head_seq + 1 or row[PREV] != folded.head_hash or entry.id <= last_id:
            sound = False
            _tell_place(row, folded, last_id, found)
        if hashed != row[HASH]:
            sound = False
            found.add(f"{_named(row)} was edited: its hash does not hold.")
        before = folded.add(entry)
        if sound and (row[FROM] != before or row[TO] != folded.standing.state):
            sound = False
            found.add(
                f"{_named(row)} says {row[FROM]} to {row[TO]}; the events up to it come to"
                f" {before.value} to {folded.standing.state.value}."
            )
        folded.head_seq, folded.head_hash, last_id = seq, row[HASH], entry.id
    return folded


def _tell_place(row: Row, folded: Folded, last_id: int, found: Findings) -> None:
    """Say how an event is not the next of its chain."""
    due, seq = folded.head_seq + 1, row[SEQ]
    if seq > due:
        which = f"number {due}" if seq == due + 1 else f"numbers {due} to {seq - 1}"
        found.add(f"{chain_named(row[1], row[2])}: missing before event {row[0]}: {which}.")
    elif seq < due:
        found.add(f"{_named(row)} was put in: its chain has that number twice.")
    elif row[PREV] != folded.head_hash:
        found.add(
            f"{_named(row)} does not follow the event before it: one of the two was put in, "
            "exchanged or edited."
        )
    else:
        found.add(
            f"{_named(row)} was put in later: the event before it, {last_id}, has a higher id."
        )


def check_state(channel: str, key: bytes, folded: Folded, row: Row, found: Findings) -> None:
    """Say where a state row is not what its events come to."""
    _, _, state, epoch, since, source, event_id, out_event_id, head_at, seq, head, _ = row
    if seq != folded.head_seq:
        found.add(_other_length(chain_named(channel, key), seq, folded.head_seq))
    elif head != folded.head_hash:
        found.add(
            f"{chain_named(channel, key)}: the last event is not the one that the state row ends"
            " with."
        )
    standing = folded.standing
    if (
        state == standing.state
        and event_id == standing.event_id
        and source == standing.source
        and epoch == folded.epoch
        and out_event_id == folded.out_event_id
        and moment_of(since) == standing.since
        and moment_of(head_at) == standing.head_at
    ):
        return
    kept = (state, moment_of(since), source, event_id, moment_of(head_at), epoch, out_event_id)
    due = (*standing, folded.epoch, folded.out_event_id)
    wrong = [
        f"{name} is {_said(is_)}, not {_said(should)}"
        for name, is_, should in zip(KEPT, kept, due, strict=True)
        if is_ != should
    ]
    found.add(
        f"{chain_named(channel, key)}: the state row is not what the events come to:"
        f" {'; '.join(wrong)}."
    )


def _other_length(place: str, counted: int, there: int) -> str:
    if counted < there:
        return f"{place}: the state row knows {counted} of {there} events."
    which = f"number {counted}" if counted == there + 1 else f"numbers {there + 1} to {counted}"
    return f"{place}: missing at the end: {which}."


def _said(value: object) -> str:
    return "none" if value is None else str(value)


def _named(row: Row) -> str:
    return named(row[0], row[1], row[2], row[3])
