"""The dry run of a list of contacts: what recording it would do, with nothing done."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Generator, Iterable, Sequence
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any

from webapp.contacts.addresses import key_of
from webapp.contacts.definitions import definitions
from webapp.contacts.rules import Address, AddressKind
from webapp.contacts.tags import unknown_tags
from webapp.core.apart import map_apart
from webapp.core.db import db, transaction
from webapp.imports import stores
from webapp.imports.contact_judging import TWICE, Judgement, judge
from webapp.imports.contact_matching import keyed
from webapp.imports.contact_reading import ContactReading
from webapp.imports.contact_rows import (
    ContactRow,
    Understanding,
    Understood,
    plan_line,
    understood,
)
from webapp.imports.contact_seen import People
from webapp.imports.opening import Opened, opened
from webapp.imports.rules import clean
from webapp.imports.turns import count_all, under_way
from webapp.tasks import files
from webapp.tasks.work import Step, Work

KIND = "imports.contacts.check"
UPLOADED = "uploaded"  # the parameter that says when the list came (ISO 8601)
NOBODY = 0  # whose a refused row is
LOOK = "look"  # a parameter of a check that only looks what the columns may hold
TOGETHER = 1000  # rows a step
WORTH_A_PROCESS = 20_000  # rows that are understood by another one
SHOWN, SHOWN_OUT = 8, 50  # rows that are shown as they were understood, and that stay opted out
SHOWN_CELLS, SHOWN_CHANGES = 6, 10
MOST_REASONS = 40
MOST_NEW_TAGS = 50
OTHER = "Other reasons"
QUOTED = re.compile(r"(?:^|(?<=\. ))“[^”]*”(:?) ")  # the cell that a sentence begins with

# The check of this process whose turn was over last: it goes on without reading all again.
_kept: dict[int, Going] = {}


def run(work: Work) -> None:
    """Read the list of a task and count what it would do; writes its plan and its refusals.

    One that is only to look ends once it is known what the columns may hold. Goes on where its
    last step ended. Raises Invalid for what is no list.
    """
    found = opened(work, ContactReading.of)
    if work.params.get(LOOK):
        return
    with under_way(_kept, work, lambda: Going(work, found)) as going:
        count_all(work, going, partial(_count, work, going))


class Part:
    """Some rows of a list as they were understood; those in `rows` have their keys."""

    def __init__(self, found: Understood) -> None:
        self.cells, self.refused, self.lost = found.cells, found.refused, found.lost
        self.last = max(found.cells)
        self.rows = keyed(found.rows)
        db.session.rollback()  # a keyring with several keys has asked the database


class Going:
    """A check under way: whom the list has named so far, and the rows that are still to come.

    `done` is the number of the last row that was counted.
    """

    def __init__(self, work: Work, found: Opened[ContactReading]) -> None:
        self.done: int = work.position["row"]
        self.reading = found.reading
        self.seen = People()
        if self.done:
            self._remember(files.file_of(work.task_id, stores.PLAN).id)
        self._parts = self._read(found, left=(work.total or 0) - self.done)
        self._next: Part | None = None

    def part(self) -> Part | None:
        """Give the rows that come next, the same until they are counted."""
        if self._next is None:
            found = next(self._parts, None)
            self._next = Part(found) if found else None
        return self._next

    def counted(self) -> None:
        """Go on to the rows after these."""
        assert self._next is not None
        self.seen.keep()
        self.done, self._next = self._next.last, None

    def close(self) -> None:
        """Read no more, and let the scratch table go."""
        self._parts.close()
        self.seen.close()

    def _read(self, found: Opened[ContactReading], left: int) -> Generator[Understood, None, None]:
        act = partial(understood, Understanding(found.reading, transaction(definitions)))
        rows = found.rows(after=self.done)
        parts = iter(lambda: dict(islice(rows, TOGETHER)), {})
        yield from map(act, parts) if left < WORTH_A_PROCESS else map_apart(act, parts)

    def _remember(self, plan: int) -> None:
        for line in stores.read_lines(plan):
            if line[1] == NOBODY:
                continue
            addresses = ((AddressKind.PHONE, line[3]), (AddressKind.EMAIL, line[4]))
            keys = [key_of(Address(kind, value)) for kind, value in addresses if value]
            self.seen.add(keys, line[1])
        self.seen.keep()
        db.session.rollback()


def _count(work: Work, going: Going, part: Part) -> Step:
    """Write a part down, and count what it would do as things stand."""
    going.seen.begin()
    reading = going.reading
    since = datetime.fromisoformat(work.params[UPLOADED])
    said = judge(part.rows, going.seen, work.actor, overwrite=reading.overwrite, since=since)
    taken = [one.row for one in part.rows if one.row.row in said.people]
    nos = [one.row for one in part.rows if one.row.refused] + list(said.nos.values())
    refused = {**part.refused, **said.refused}
    plan = files.file_of(work.task_id, stores.PLAN).id
    files.append(plan, plan_bytes(sorted((*taken, *nos), key=lambda row: row.row), said))
    again = [
        (number, () if number in said.erased else part.cells[number], refused[number])
        for number in sorted(refused)
    ]
    files.append(files.file_of(work.task_id, stores.REFUSED).id, stores.refused_bytes(again))
    counts = said.counts + _asked([*taken, *nos])
    counts.update(rows=len(taken), refused=len(refused), nos=len(nos), nos_lost=part.lost)
    return Step(len(part.cells), {"row": part.last}, counts, _facts(work, part, said, refused))


def plan_bytes(rows: Iterable[ContactRow], said: Judgement) -> bytes:
    """Write rows down as lines of the plan, each with what is said of its person."""
    people, changed = said.people, said.changed
    lines = (
        plan_line(row, people.get(row.row, NOBODY), again=changed.get(row.row) == TWICE)
        for row in rows
    )
    return "".join(f"{_written(line)}\n" for line in lines).encode()


_written = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _asked(rows: Sequence[ContactRow]) -> Counter[str]:
    """Count what the rows themselves say, whatever stands."""
    counts: Counter[str] = Counter()
    for row in rows:
        if row.asks or row.unproven:
            counts.update(f"asks.{state}" for state in row.asks.values())
            counts["unproven"] += bool(row.unproven)
            counts.update(f"{channel}.unproven" for channel in row.unproven)
    return counts


def _facts(work: Work, part: Part, said: Judgement, refused: dict[int, str]) -> dict[str, Any]:
    """Give what the page shows beside the counts: first rows, reasons, what is new."""
    before = work.result
    facts: dict[str, Any] = {}
    shown, out = list(before.get("shown", [])), list(before.get("stay_out", []))
    understood = {one.row.row: one.row for one in part.rows if not one.row.refused}
    for number in sorted(part.cells)[: max(SHOWN - len(shown), 0)]:
        shown.append(_shown(number, part.cells[number], understood.get(number), said, refused))
    for number in sorted(said.out)[: max(SHOWN_OUT - len(out), 0)]:
        row = understood[number]
        out.append([number, row.name or row.phone or row.email, list(said.out[number])])
    if refused:
        facts["reasons"] = _reasons(dict(before.get("reasons", {})), refused.values())
    names = {name for row in understood.values() for name in row.tags}
    known = set(before.get("tags_met", []))
    if fresh := sorted(names - known)[:MOST_NEW_TAGS]:
        new = [*before.get("new_tags", []), *unknown_tags(fresh)]
        facts |= {"tags_met": sorted(known | set(fresh))[:500], "new_tags": new[:MOST_NEW_TAGS]}
    return {**facts, "shown": shown, "stay_out": out}


def _shown(
    number: int,
    cells: Sequence[str],
    row: ContactRow | None,
    said: Judgement,
    refused: dict[int, str],
) -> dict[str, Any]:
    """Give a row for show: its cells, and what was understood, or why it was not taken."""
    plain = () if number in said.erased else cells[:SHOWN_CELLS]
    show: dict[str, Any] = {"row": number, "cells": [clean(c)[:60] for c in plain]}
    if number in refused or row is None:
        return {**show, "problem": refused.get(number, "")}
    return {
        **show,
        "name": row.name,
        "addresses": [a.value for a in row.addresses()],
        "attributes": dict(list(row.attributes.items())[:SHOWN_CELLS]),
        "tags": list(row.tags)[:SHOWN_CELLS],
        "asks": dict(row.asks),
        "what": said.changed[number],
        **_changes(number, said),
        "out": list(said.out.get(number, [])),
    }


def _changes(number: int, said: Judgement) -> dict[str, Any]:
    """Give what a shown row changes in a contact, and in whom.

    What stands there now is not kept: nobody who is erased later would be found by it.
    """
    change = said.changes.get(number)
    if change is None:
        return {}
    some = dict(list(change.items())[:SHOWN_CHANGES])
    if "tags" in some:
        some["tags"] = some["tags"][:SHOWN_CELLS]
    return {"contact_id": said.people[number], "changes": some, "more": len(change) - len(some)}


def _reasons(before: dict[str, int], refused: Iterable[str]) -> dict[str, int]:
    """Count refusals by what is wrong, without the cell that they quote."""
    for reason in refused:
        plain = _plain(reason)
        word = plain if plain in before or len(before) < MOST_REASONS else OTHER
        before[word] = before.get(word, 0) + 1
    return before


def _plain(reason: str) -> str:
    return QUOTED.sub(lambda cell: "" if cell[1] else "A value ", reason)
