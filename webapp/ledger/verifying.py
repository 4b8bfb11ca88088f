"""Verifying the ledger: everything read once, at one moment, by several processes where it is long.

Nothing is written, and nobody waits. What is wrong is said in sentences that name it.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import pairwise
from multiprocessing.synchronize import Barrier
from typing import Any

from webapp.core.snapshots import Moment, Reader, nobody_writes
from webapp.ledger.chains import check_chains
from webapp.ledger.details import check_details, read_erasures
from webapp.ledger.exported import Exported
from webapp.ledger.findings import Findings
from webapp.ledger.read_copies import check_copies
from webapp.ledger.reading import check_types, ranges
from webapp.ledger.seals import check_seals

SMALL = 20_000  # events that are not worth the start of another process
MOST_PROCESSES = 4
PARTS = 4  # of the keys and of the ids; each part of the keys reads the tables once
START = 120.0  # seconds that the processes may take to begin
Task = tuple[Callable[..., Findings], tuple[Any, ...]]
Told = Callable[[int, int], None]


@dataclass(frozen=True)
class Verified:
    """What verifying came to: what was looked at, and what is wrong."""

    events: int
    seals: int
    last_event_id: int
    sealed_to: int
    findings: Findings

    @property
    def whole(self) -> bool:
        """True where nothing is wrong."""
        return not self.findings.count


def verify(
    url: str,
    exported: Sequence[Exported] = (),
    *,
    told: Told = lambda done, of: None,
    processes: int | None = None,
) -> Verified:
    """Check the whole ledger of a database; `exported` are seals that it must have.

    `told` hears how many parts are done, and of how many. Raises what the driver raises.
    """
    with closing(Reader(Moment(url))) as reader:
        last = reader.value("SELECT max(id) FROM consent_events") or 0
        count = processes or (1 if last < SMALL else min(MOST_PROCESSES, os.cpu_count() or 1))
        if count == 1:
            return _verified(reader, exported, told, lambda work: map(_in(reader), work))
    with _several(url, count) as (reader, results):
        return _verified(reader, exported, told, results)


def _verified(
    reader: Reader,
    exported: Sequence[Exported],
    told: Told,
    results: Callable[[Sequence[Task]], Iterator[Findings]],
) -> Verified:
    findings = Findings()
    last = reader.value("SELECT max(id) FROM consent_events") or 0
    tasks = plan(last, exported, read_erasures(reader))
    for done, found in enumerate(results(tasks), start=1):
        findings.join(found)
        told(done, len(tasks))
    return Verified(
        reader.value("SELECT count(*) FROM consent_events"),
        reader.value("SELECT count(*) FROM ledger_seals"),
        last,
        reader.value("SELECT max(last_event_id) FROM ledger_seals") or 0,
        findings,
    )


def plan(last: int, exported: Sequence[Exported], erased: Any) -> list[Task]:
    """Give the parts of verifying, the longest first, so that all processes end together."""
    parts = 1 if last < SMALL else PARTS
    seals: list[Task] = [(check_seals, (tuple(exported),))]
    chains: list[Task] = [(check_chains, (within,)) for within in ranges(parts)]
    edges = [last * part // parts for part in range(parts + 1)]
    details: list[Task] = [(check_details, (above, to, erased)) for above, to in pairwise(edges)]
    return [*chains, (check_copies, ()), *seals, *details, (check_types, ())]


def _in(reader: Reader) -> Callable[[Task], Findings]:
    return lambda task: task[0](reader, *task[1])


@contextmanager
def _several(
    url: str, count: int
) -> Iterator[tuple[Reader, Callable[[Sequence[Task]], Iterator[Findings]]]]:
    """Open readers of one moment in so many processes, and one here."""
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(count + 1)
    with (
        closing(_Opening(url)) as opening,
        context.Pool(count, _begin, (opening.moment, barrier)) as pool,
    ):
        barrier.wait(START)
        with nobody_writes(url):
            reader = opening.reader()
            barrier.wait(START)  # they begin
            barrier.wait(START)  # they have begun
        yield reader, lambda tasks: pool.imap(_work, tasks)


class _Opening:
    """The reader of this process: PostgreSQL's names the moment before the others start, SQLite's
    begins with theirs."""

    def __init__(self, url: str) -> None:
        self._reader: Reader | None = Reader(Moment(url))
        self.moment = self._reader.name_it()
        if not self._reader.postgres:
            self._reader.close()
            self._reader = None

    def reader(self) -> Reader:
        """Give the reader."""
        self._reader = self._reader or Reader(self.moment)
        return self._reader

    def close(self) -> None:
        """Close it."""
        if self._reader is not None:
            self._reader.close()


_reader: Reader | None = None


def _begin(moment: Moment, barrier: Barrier) -> None:
    """Begin in another process, at the moment of the first."""
    global _reader
    barrier.wait(START)
    barrier.wait(START)
    _reader = Reader(moment)
    barrier.wait(START)


def _work(task: Task) -> Findings:
    assert _reader is not None
    return _in(_reader)(task)
