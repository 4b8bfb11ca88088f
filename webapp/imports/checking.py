"""The dry run of a list: what recording it would do, with nothing done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Any

from webapp.accounts.rules import Actor
from webapp.contacts.addresses import key_of
from webapp.imports import stores
from webapp.imports.lists import Reading
from webapp.imports.opening import Opened, opened
from webapp.imports.rules import OptOut, Refused, clean
from webapp.imports.seen import Seen
from webapp.imports.standing import Judged, Outcome, foreseen, judge, owners_of
from webapp.tasks import files
from webapp.tasks.work import Step, Work

KIND = "imports.check"
TOGETHER = 1000  # rows a step
SHOWN = 8  # rows that are shown as they were understood
SHOWN_CELLS = 6


@dataclass
class Part:
    """Some rows of a list as they were read. `last` is the number of the last one."""

    last: int = 0
    rows: int = 0
    twice: int = 0
    fresh: list[OptOut] = field(default_factory=list)
    refused: list[tuple[int, Sequence[str], str]] = field(default_factory=list)
    shown: list[dict[str, Any]] = field(default_factory=list)


def run(work: Work) -> None:
    """Read the list of a task and count what it would change; writes its plan and its refusals.

    Goes on where its last step ended. Raises Invalid for what is no list.
    """
    found = opened(work)
    done = work.position["row"]
    plan = files.file_of(work.task_id, stores.PLAN).id
    with closing(Seen()) as seen:
        for opt_out in stores.read_plan(plan) if done else ():
            seen.fresh(opt_out)
        for part in _parts(found, done, seen):
            work.step(partial(_count, work.task_id, part, work.actor))


def _parts(found: Opened, done: int, seen: Seen) -> Iterator[Part]:
    rows = found.rows(after=done)
    show = SHOWN if not done else 0
    while some := list(islice(rows, TOGETHER)):
        yield _read(some, found.reading, seen, show)
        show = 0


def _read(
    rows: Sequence[tuple[int, Sequence[str]]], reading: Reading, seen: Seen, show: int
) -> Part:
    part = Part(last=rows[-1][0], rows=len(rows))
    for number, cells in rows:
        said: OptOut | str
        try:
            said = reading.understand(number, cells)
        except Refused as error:
            said = str(error)
            part.refused.append((number, cells, said))
        else:
            fresh = seen.fresh(said)
            part.fresh += [fresh] if fresh else []
            part.twice += fresh is None
        if len(part.shown) < show:
            part.shown.append(_shown(number, cells, said))
    return part


def _shown(number: int, cells: Sequence[str], said: OptOut | str) -> dict[str, Any]:
    """Give a row for show: its cells, and what was understood, or why it was not."""
    row: dict[str, Any] = {"row": number, "cells": [clean(c)[:60] for c in cells[:SHOWN_CELLS]]}
    if isinstance(said, str):
        return {**row, "problem": said}
    moment = said.occurred_at.isoformat() if said.occurred_at else None
    return {**row, "address": said.address.value, "channels": list(said.channels), "at": moment}


def _count(task_id: int, part: Part, actor: Actor) -> Step:
    """Write a part down, and count what it would change as things stand."""
    files.append(files.file_of(task_id, stores.PLAN).id, stores.plan_bytes(part.fresh))
    files.append(files.file_of(task_id, stores.REFUSED).id, stores.refused_bytes(part.refused))
    judged = judge(part.fresh, actor)
    counts: Counter[str] = Counter(refused=len(part.refused), twice=part.twice)
    counts["undated"] = sum(opt_out.undated for opt_out in part.fresh)
    counts += outcomes(judged)
    people = owners_of(part.fresh)
    counts["contacts"] = sum(
        key_of(opt_out.address) in people
        for opt_out, each in zip(part.fresh, judged, strict=True)
        if outcome_of(each) is Outcome.OUT
    )
    out = [j.place for each in judged for j in each if j.outcome is Outcome.OUT]
    for channel, cancelled in foreseen(out, people).items():
        counts[f"{channel}_cancelled"] += cancelled
    facts = {"shown": part.shown} if part.shown else {}
    return Step(part.rows, {"row": part.last}, counts, facts)


def outcomes(judged: Sequence[Sequence[Judged]]) -> Counter[str]:
    """Count what rows come to, each once, and each of their channels."""
    counts: Counter[str] = Counter(str(outcome_of(each)) for each in judged)
    counts.update(f"{j.place[0]}_{j.outcome}" for each in judged for j in each)
    return counts


def outcome_of(row: Sequence[Judged]) -> Outcome:
    """Say what a row comes to as a whole: it changes something if one of its channels does."""
    found = {judged.outcome for judged in row}
    return next(o for o in (Outcome.OUT, Outcome.STANDS, Outcome.ALREADY) if o in found)
