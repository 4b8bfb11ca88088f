"""What the rows of a list of contacts would do as things stand, row by row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from webapp.accounts.rules import Actor
from webapp.consent.rows import Place
from webapp.contacts.rules import Channel
from webapp.imports.contact_fields import ATTRIBUTE
from webapp.imports.contact_matching import TWO_PEOPLE, Keyed, Known, Matches, changes, look
from webapp.imports.contact_rows import ContactRow
from webapp.imports.contact_seen import People
from webapp.imports.contact_wishes import Speaker, judge_no, judge_yes
from webapp.imports.rules import Refused

TWICE = "twice"  # what a row does whose person stands in a row above too


@dataclass
class Judgement:
    """What some rows come to: the people of those that can be taken, by row; the others' reasons.

    `counts` are what the check counts. `changes` has what rows put into contacts that are there,
    by the names of the parts, `attr.` before an attribute's; of tags the new ones. `out` says of
    rows on which channels their people stay opted out. `nos` is what is left of refused rows that
    say no; of those in `erased` nothing but the reason may be kept.
    """

    people: dict[int, int] = field(default_factory=dict)
    refused: dict[int, str] = field(default_factory=dict)
    erased: set[int] = field(default_factory=set)
    nos: dict[int, ContactRow] = field(default_factory=dict)
    changed: dict[int, str] = field(default_factory=dict)
    changes: dict[int, dict[str, Any]] = field(default_factory=dict)
    out: dict[int, list[Channel]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)


def judge(
    rows: Sequence[Keyed], seen: People, actor: Actor, *, overwrite: bool, since: datetime
) -> Judgement:
    """Say what rows come to, in the open transaction; remembers whom they name in `seen`.

    Of rows that are refused already, only what becomes of their no. The list came at `since`.
    """
    found, said = look(rows, since), Judgement()
    speakers: list[Speaker] = []
    people: list[tuple[Keyed, Known | None]] = []
    for one in rows:
        try:
            known = None if one.row.refused else _judge(one, found, seen, said, overwrite=overwrite)
        except Refused as error:
            speakers += _refuse(one, str(error), found, said)
            continue
        if one.row.asks:
            after = known.after(one, overwrite=overwrite) if known else None
            speakers.append(Speaker(one, after, known.owner if known else None))
        if not one.row.refused:
            people.append((one, known))
    yes, no = judge_yes(speakers, actor), judge_no(speakers, actor)
    said.counts += yes.counts + no.counts
    for one, known in people:
        out = found.staying_out(one, known)
        _stay_out(one, [c for c, keys in out.items() if _left(c, keys, yes.lifts)], said)
    return said


def _refuse(one: Keyed, why: str, found: Matches, said: Judgement) -> list[Speaker]:
    """Refuse a row; gives who speaks in it where it says no."""
    said.refused[one.row.row] = why
    if not found.erased.isdisjoint(one.keys):
        said.erased.add(one.row.row)
    left = one.as_refused()
    if left is None:
        return []
    said.nos[one.row.row] = left.row
    return [Speaker(left)]


def _left(channel: Channel, keys: Collection[bytes], lifts: Collection[Place]) -> bool:
    return any((channel, key) not in lifts for key in keys)


def _judge(
    one: Keyed, found: Matches, seen: People, said: Judgement, *, overwrite: bool
) -> Known | None:
    """Say what a row does to its contact, who is given; None where it is a new one."""
    known, before = found.contact_of(one), seen.of(one.keys)
    if before is not None and known is not None and known.owner.id != before:
        raise Refused(TWO_PEOPLE)
    person = before or (known.owner.id if known else -one.row.row)
    number = one.row.row
    change = _change(one.row, known, found, overwrite=overwrite) if known else {}
    if before is not None:
        what = TWICE
    elif known is None:
        what = "created"
    else:
        what = "updated" if change else "unchanged"
    seen.add(_held(one, known, overwrite=overwrite), person)
    said.people[number], said.changed[number] = person, what
    said.counts[what] += 1
    said.counts.update(f"changes.{part}" for part in change)
    if what == "updated":
        said.changes[number] = change
    said.counts["second"] += bool(one.row.further)
    return known


def _stay_out(one: Keyed, channels: list[Channel], said: Judgement) -> None:
    said.counts["stays"] += bool(channels)
    said.counts.update(f"stays.{channel}" for channel in channels)
    if channels:
        said.out[one.row.row] = channels


def _change(row: ContactRow, known: Known, found: Matches, *, overwrite: bool) -> dict[str, Any]:
    """Give what a row would put into a contact, as `Judgement.changes` has it."""
    draft = changes(known, row, found.tags.get(known.owner.id, set()), overwrite=overwrite)
    if draft is None:
        return {}
    parts: dict[str, Any] = {"name": draft.name, "phone": draft.phone, "email": draft.email}
    parts |= {f"{ATTRIBUTE}{name}": value for name, value in (draft.attributes or {}).items()}
    parts["tags"] = list(draft.tags) if draft.tags else None
    return {name: value for name, value in parts.items() if value is not None}


def _held(one: Keyed, known: Known | None, *, overwrite: bool) -> list[bytes]:
    """Give the keys of a row that its person will have."""
    if known is None or overwrite:
        return one.keys
    after = known.after(one, overwrite=overwrite)
    return [key for key in one.keys if key in (after.phone_key, after.email_key)]
