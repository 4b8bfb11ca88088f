"""What the rows of a list of contacts would do as things stand, row by row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from webapp.accounts.rules import Actor
from webapp.consent.queries import entries
from webapp.consent.rows import StateRow
from webapp.consent.rules import Entry, advance, fold
from webapp.contacts.rules import Channel, Source, State
from webapp.core.db import db
from webapp.core.dialect import database_now
from webapp.imports.contact_matching import TWO_PEOPLE, Keyed, Known, Matches, changes, look
from webapp.imports.contact_rows import ContactRow, Evidence
from webapp.imports.contact_seen import People
from webapp.imports.rules import Refused
from webapp.imports.standing import NOT_YET


@dataclass
class Judgement:
    """What some rows come to: the people of those that can be taken, by row; the others' reasons.

    `counts` are what the check counts. `out` says of rows on which channels their people stay
    opted out.
    """

    people: dict[int, int] = field(default_factory=dict)
    refused: dict[int, str] = field(default_factory=dict)
    changed: dict[int, str] = field(default_factory=dict)
    out: dict[int, list[Channel]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)


def judge(rows: Sequence[Keyed], seen: People, actor: Actor, *, overwrite: bool) -> Judgement:
    """Say what rows come to, in the open transaction; remembers whom they name in `seen`."""
    found, said = look(rows), Judgement()
    now = database_now(db.session())
    for one in rows:
        try:
            known = _judge(one, found, seen, said, overwrite=overwrite)
        except Refused as error:
            said.refused[one.row.row] = str(error)
            continue
        lifted = _judge_consent(one, known, found, said, actor, now) if one.row.asks else ()
        _stay_out(one, [c for c in found.staying_out(one, known) if c not in lifted], said)
    return said


def _judge(
    one: Keyed, found: Matches, seen: People, said: Judgement, *, overwrite: bool
) -> Known | None:
    """Say what a row does to its contact, who is given; None where it is a new one."""
    before, known = seen.of(one.keys), found.contact_of(one)
    if before is not None and known is not None and known.owner.id != before:
        raise Refused(TWO_PEOPLE)
    person = before or (known.owner.id if known else -one.row.row)
    number = one.row.row
    change = _change(one.row, known, found, overwrite=overwrite) if known else None
    if before is not None:
        what = "twice"
    elif known is None:
        what = "created"
    else:
        what = "updated" if change else "unchanged"
    seen.add(_held(one, known, overwrite=overwrite), person)
    said.people[number], said.changed[number] = person, what
    said.counts[what] += 1
    said.counts.update(f"changes.{part}" for part in change or ())
    said.counts["second"] += one.row.second
    return known


def _stay_out(one: Keyed, channels: list[Channel], said: Judgement) -> None:
    said.counts["stays"] += bool(channels)
    said.counts.update(f"stays.{channel}" for channel in channels)
    if channels:
        said.out[one.row.row] = channels


def _change(row: ContactRow, known: Known, found: Matches, *, overwrite: bool) -> list[str]:
    """Name what a row would change in a contact: parts, and attributes by their names."""
    draft = changes(known, row, found.tags.get(known.owner.id, set()), overwrite=overwrite)
    if draft is None:
        return []
    parts: dict[str, Any] = {"name": draft.name, "phone": draft.phone, "email": draft.email}
    said = [name for name, value in parts.items() if value is not None]
    return [
        *said,
        *(f"attr.{a}" for a in draft.attributes or ()),
        *(["tags"] if draft.tags else []),
    ]


def _held(one: Keyed, known: Known | None, *, overwrite: bool) -> list[bytes]:
    """Give the keys of a row that its person will have."""
    if known is None or overwrite:
        return one.keys
    owner = known.owner
    free = [one.phone if not owner.phone else None, one.email if not owner.email else None]
    return [
        key
        for key in (*free, *(k for k in one.keys if k in (owner.phone_key, owner.email_key)))
        if key
    ]


def _judge_consent(
    one: Keyed, known: Known | None, found: Matches, said: Judgement, actor: Actor, now: datetime
) -> list[Channel]:
    """Count what becomes of the consent that a row speaks of; gives where it opts in."""
    words = {}
    for channel, asked in one.row.asks.items():
        keys = [key for c, key in one.places if c is channel]
        keys += [key for key in (known.owner.keys(channel) if known else ()) if key not in keys]
        stored = found.rows(channel, keys)
        word = "out" if asked is State.OPTED_OUT else "in"
        if not keys:
            word = "no_address"
        elif word == "out":
            word = "already" if any(row.state is asked for row in stored) else "out"
        elif len(stored) == len(keys) and all(row.state is asked for row in stored):
            word = "already"
        elif not all(_lifts(row, one.row.evidence, actor, now) for row in stored):
            word = "older"
        words[channel] = word
    said.counts.update(f"{channel}.{word}" for channel, word in words.items())
    return [channel for channel, word in words.items() if word == "in"]


def _lifts(row: StateRow, evidence: Evidence | None, actor: Actor, now: datetime) -> bool:
    """Tell whether an opt-in with this evidence would be the state, by the ledger's own fold."""
    if evidence is None:
        return False
    entry = Entry(NOT_YET, State.OPTED_IN, Source.IMPORT, evidence[1], now, True, actor)
    after = advance(row.standing, entry)
    if after is None:
        after = fold([*entries(row.channel, row.key), entry])
    return after.state is State.OPTED_IN
