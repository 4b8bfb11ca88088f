"""What stands for the addresses of a list, and what the list would change."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from webapp.accounts.rules import Actor
from webapp.consent.models import ConsentEvent
from webapp.consent.queries import entries
from webapp.consent.rows import COLUMNS, TABLE, Place, StateRow
from webapp.consent.rules import Entry, advance, fold, may_be_taken_back
from webapp.contacts.rules import Source, State
from webapp.core.db import db, run
from webapp.core.dialect import database_now
from webapp.imports.rules import OptOut

NOT_YET = 2**63 - 1  # stands for the id of an event that is not written


class Outcome(enum.StrEnum):
    """What a list comes to for one channel and address."""

    OUT = "out"
    ALREADY = "already"
    STANDS = "stands"  # a later opt-in does


@dataclass(frozen=True, slots=True)
class Judged:
    """One channel and address of a row. `records`: an event is to be written for it.

    `occurred_at` is never in the future: None is now.
    """

    place: Place
    outcome: Outcome
    records: bool
    occurred_at: datetime | None


class Said(NamedTuple):
    """An opt-out of an earlier list; `undated`: it counted from its recording on."""

    moment: datetime
    undated: bool


def judge(opt_outs: Sequence[OptOut], keys: Sequence[bytes], actor: Actor) -> list[list[Judged]]:
    """Say what each row comes to on each of its channels, as things stand now.

    `keys` are those of the rows' addresses, in their order.
    Who is out already stays as they are, and what the list has said before is not said again: a
    repeat writes no second event. The list's own opt-out is recorded beside one that it is later
    than, since an opt-in between the two would lift that one alone; and beside one that could
    still be taken back (by an undo, or by the provider that reported it).
    """
    now = database_now(db.session())
    rows = _rows(keys)
    found = [
        [
            _judged(rows.get((channel, key)), (channel, key), _past(opt_out, now), now, actor)
            for channel in opt_out.channels
        ]
        for opt_out, key in zip(opt_outs, keys, strict=True)
    ]
    open_ones = {j.place for each in found for j in each if j.records and j.place in rows}
    said = _said_before(open_ones)
    return [[_once(j, rows.get(j.place), said.get(j.place, ())) for j in each] for each in found]


def _rows(keys: Sequence[bytes]) -> dict[Place, StateRow]:
    found = run(select(*COLUMNS).where(TABLE.c.key.in_(set(keys))))
    return {(row.channel, row.key): row for row in (StateRow(*values) for values in found)}


def _past(opt_out: OptOut, now: datetime) -> datetime | None:
    moment = opt_out.occurred_at
    return moment if moment is not None and moment < now else None


def _judged(
    row: StateRow | None, place: Place, occurred_at: datetime | None, now: datetime, actor: Actor
) -> Judged:
    if row is None or (occurred_at is None and row.state is not State.OPTED_OUT):
        return Judged(place, Outcome.OUT, True, occurred_at)
    if row.state is State.OPTED_OUT:
        later = row.since is None or (occurred_at or now) > row.since
        records = later or may_be_taken_back(row.standing, now)
        return Judged(place, Outcome.ALREADY, records, occurred_at)
    assert occurred_at is not None
    entry = Entry(NOT_YET, State.OPTED_OUT, Source.IMPORT, occurred_at, now, True, actor)
    after = advance(row.standing, entry) or fold([*entries(*place), entry])
    outcome = Outcome.OUT if after.state is State.OPTED_OUT else Outcome.STANDS
    return Judged(place, outcome, True, occurred_at)


def _said_before(places: set[Place]) -> dict[Place, list[Said]]:
    """Give when lists opted these places out before."""
    found: dict[Place, list[Said]] = {}
    if not places:
        return found
    event = ConsentEvent
    events = select(event.channel, event.key, event.effective_at, event.recorded_at).where(
        event.key.in_({key for _, key in places}),
        event.source == Source.IMPORT,
        event.asked == State.OPTED_OUT,
    )
    for channel, key, moment, recorded_at in run(events):
        found.setdefault((channel, key), []).append(Said(moment, moment >= recorded_at))
    return found


def _once(judged: Judged, row: StateRow | None, said: Sequence[Said]) -> Judged:
    """Leave out what a list has said before, of the same moment or a later one.

    Without a date: what a list without a date has said since the state counts.
    """
    if not judged.records or row is None or judged.outcome is Outcome.OUT:
        return judged
    moment = judged.occurred_at
    if judged.outcome is Outcome.STANDS:
        known = any(before.moment == moment for before in said)
    elif moment is not None:
        known = any(before.moment >= moment for before in said)
    else:
        known = any(b.undated and (row.since is None or b.moment >= row.since) for b in said)
    return Judged(judged.place, judged.outcome, not known, moment)
