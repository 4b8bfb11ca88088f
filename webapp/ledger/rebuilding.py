"""Writing the state rows and the read copies anew from the events alone, beside those who write.

It tightens and repairs, and never loosens by what is missing: where a chain is broken, or ends
before its state row does, an opt-out that stands is left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import groupby, islice
from operator import itemgetter
from typing import TypeVar

from flask import current_app
from sqlalchemy import select

from webapp.accounts.rules import Actor
from webapp.audit.service import record
from webapp.consent.copies import refresh_copy
from webapp.consent.locks import lock_keys
from webapp.consent.review_keys import is_open_about
from webapp.consent.rows import Place, StateRow, read_row, store_row
from webapp.contacts.models import Contact
from webapp.contacts.owners import owner_of_key
from webapp.contacts.rules import STRICTNESS, Channel
from webapp.core.db import connection, db, transaction
from webapp.core.snapshots import Moment, Reader
from webapp.events.service import publish
from webapp.ledger.chains import chain_of, check_state
from webapp.ledger.findings import Findings, chain_named
from webapp.ledger.folding import Folded
from webapp.ledger.read_copies import wrong_copies
from webapp.ledger.reading import ALL, chains, events_of

Item = TypeVar("Item")
BATCH = 100  # keys or contacts that are locked at once


@dataclass
class Rebuilt:
    """What rebuilding came to: how many rows were different, and what it left alone and why."""

    states: int = 0
    copies: int = 0
    left_alone: Findings = field(default_factory=Findings)


def rebuild(actor: Actor, *, dry_run: bool = False) -> Rebuilt:
    """Write every state row and copy that is not what the events come to; commits as it goes.

    With `dry_run` nothing is written, and the copies are held against the states as they are.
    """
    result = Rebuilt()
    url = current_app.extensions["heed"].database_url
    for places in _batches(_wrong_states(url)):
        _each(lambda places=places: _mend_states(url, places, dry_run), result)  # type: ignore[misc]
    for wrong in _batches(_wrong_copies(url)):
        _each(lambda wrong=wrong: _mend_copies(wrong, dry_run), result)  # type: ignore[misc]
    if not dry_run:
        transaction(lambda: _note(actor, result))
    return result


def _each(work: Callable[[], Rebuilt], result: Rebuilt) -> None:
    part = transaction(work)
    result.states += part.states
    result.copies += part.copies
    result.left_alone.join(part.left_alone)


def _note(actor: Actor, result: Rebuilt) -> None:
    record(actor, "ledger.rebuilt", states=result.states, copies=result.copies)
    publish("ledger.rebuilt")


def _batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    rest = iter(items)
    while batch := list(islice(rest, BATCH)):
        yield batch


def _wrong_states(url: str) -> Iterator[Place]:
    """Find the channels and keys whose state row is not what its chain comes to."""
    with closing(Reader(Moment(url))) as reader:
        for channel, key, events, state in chains(reader, ALL):
            found = Findings()
            folded = chain_of(events, found)
            if folded is not None and state is not None:
                check_state(channel, key, folded, state, found)
            if (found.count or state is None) and channel in set(Channel):
                yield Channel(channel), key


def _mend_states(url: str, places: list[Place], dry_run: bool) -> Rebuilt:
    """Look again under the lock, and write what is still wrong."""
    result = Rebuilt()
    lock_keys(key for _, key in places)
    # SQLite has no lock but its write transaction: whoever writes must wait from before the moment
    # that is read now.
    connection()
    with closing(Reader(Moment(url))) as reader:
        for channel, key in places:
            found = Findings()
            folded = chain_of(events_of(reader, channel, key), found)
            try:
                row = read_row(channel, key)
            except LookupError:
                result.left_alone.add(
                    f"{chain_named(channel, key)}: a word stands in the state row that is none."
                )
                continue
            if folded is None or found.count:
                result.left_alone.add(f"{chain_named(channel, key)}: its chain is broken.")
                continue
            due = _due(folded, row)
            if _loosens_blindly(row, due, folded):
                result.left_alone.add(
                    f"{chain_named(channel, key)}: events are missing, so what it knew stays."
                )
            elif due != row:
                result.states += 1
                if not dry_run:
                    store_row(due)
    return result


def _due(folded: Folded, row: StateRow) -> StateRow:
    """Give the row that a whole chain comes to. A hold that stands is kept, as it tightens."""
    due = folded.row(row.channel, row.key, held=row.held or _has_open_review(row.channel, row.key))
    return replace(due, since=_aware(due.since), head_at=_aware(due.head_at), stored=row.stored)


def _loosens_blindly(row: StateRow, due: StateRow, folded: Folded) -> bool:
    """Tell whether a row would be loosened although it knows of events that are not there.

    Its state, or its epoch: with a lower one a message from before an opt-out might leave.
    """
    behind = row.head_seq < folded.head_seq
    same = row.head_seq == folded.head_seq > 0 and row.head_hash == folded.head_hash
    looser = STRICTNESS[due.state] < STRICTNESS[row.state] or due.epoch < row.epoch
    return looser and not (behind or same)


def _has_open_review(channel: Channel, key: bytes) -> bool:
    owner = owner_of_key(key)
    return is_open_about(channel, key, [owner] if owner else [], {})


def _aware(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment is not None else None


def _wrong_copies(url: str) -> Iterator[tuple[int, Channel]]:
    with closing(Reader(Moment(url))) as reader:
        yield from wrong_copies(reader)


def _mend_copies(wrong: list[tuple[int, Channel]], dry_run: bool) -> Rebuilt:
    if dry_run:
        return Rebuilt(copies=len(wrong))
    wanted = select(Contact).where(Contact.id.in_({contact_id for contact_id, _ in wrong}))
    channels_of = {
        contact_id: [channel for _, channel in some]
        for contact_id, some in groupby(sorted(wrong), itemgetter(0))
    }
    lock_keys(
        key
        for one in db.session.scalars(wanted)
        for channel in channels_of[one.id]
        for key in one.keys(channel)
    )
    # Read again under the lock: somebody may have been erased meanwhile.
    found = list(db.session.scalars(wanted.execution_options(populate_existing=True)))
    for contact in found:
        for channel in channels_of[contact.id]:
            refresh_copy(contact, channel)
    return Rebuilt(copies=sum(len(channels_of[contact.id]) for contact in found))
