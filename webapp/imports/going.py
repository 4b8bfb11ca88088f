"""A list under way: its rows read part after part, and what it has named so far."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from webapp.core import clock
from webapp.imports import stores
from webapp.imports.lists import Reading
from webapp.imports.opening import Opened
from webapp.imports.rules import OptOut, Refused, clean
from webapp.imports.seen import Seen
from webapp.tasks import files
from webapp.tasks.work import Work

TOGETHER = 1000  # rows a step
SHOWN = 8  # rows that are shown as they were understood
SHOWN_CELLS = 6


@dataclass
class Part:
    """Some rows of a list as they were read. `last` is the number of the last one.

    `fresh` is what the plan gets of them; `overtaken` counts those with a later moment for what a
    row above them named.
    """

    last: int = 0
    rows: int = 0
    twice: int = 0
    overtaken: int = 0
    fresh: list[OptOut] = field(default_factory=list)
    refused: list[tuple[int, Sequence[str], str]] = field(default_factory=list)
    shown: list[dict[str, Any]] = field(default_factory=list)


class Going:
    """A check under way: what the list has named so far, and the rows that are still to come.

    `done` is the number of the last row that was counted.
    """

    def __init__(self, work: Work, found: Opened[Reading]) -> None:
        self.done = work.position["row"]
        self._seen = Seen()
        plan = files.file_of(work.task_id, stores.PLAN).id
        for opt_out in stores.read_plan(plan) if self.done else ():
            self._seen.fresh(opt_out)
        self._parts = self._read(found, SHOWN if not self.done else 0)
        self._next: Part | None = None

    def part(self) -> Part | None:
        """Give the rows that come next, the same until they are counted."""
        if self._next is None:
            self._next = next(self._parts, None)
        return self._next

    def counted(self) -> None:
        """Go on to the rows after these."""
        assert self._next is not None
        self.done, self._next = self._next.last, None

    def latest(self, plan: int) -> Iterator[list[OptOut]]:
        """Give what the plan, a file, says last of each address and channel, part after part."""
        kept = filter(None, map(self._seen.latest, stores.read_plan(plan)))
        while some := list(islice(kept, TOGETHER)):
            yield some

    def close(self) -> None:
        """Let the scratch table go."""
        self._seen.close()

    def _read(self, found: Opened[Reading], show: int) -> Iterator[Part]:
        rows = found.rows(after=self.done)
        while some := list(islice(rows, TOGETHER)):
            yield _read(some, found.reading, self._seen, show)
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
            part.fresh += [fresh.opt_out] if fresh.opt_out else []
            part.twice += not fresh.first
            part.overtaken += fresh.overtakes
        if len(part.shown) < show:
            part.shown.append(_shown(number, cells, said))
    return part


def _shown(number: int, cells: Sequence[str], said: OptOut | str) -> dict[str, Any]:
    """Give a row for show: its cells, and what was understood, or why it was not."""
    row: dict[str, Any] = {"row": number, "cells": [clean(c)[:60] for c in cells[:SHOWN_CELLS]]}
    if isinstance(said, str):
        return {**row, "problem": said}
    moment = said.occurred_at
    past = (
        moment.isoformat() if moment and moment <= clock.now() else None
    )  # else it is recorded as now
    return {**row, "address": said.address.value, "channels": list(said.channels), "at": past}
