"""Recording a checked list of contacts: in steps, each row once, however often it is begun."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from contextlib import closing
from datetime import datetime
from itertools import islice

from webapp.accounts.acting import ensure_still
from webapp.accounts.rules import Actor, Right
from webapp.audit.service import record as audit
from webapp.consent.service import settle
from webapp.contacts.new_attributes import define
from webapp.contacts.rules import State
from webapp.core.ahead import read_ahead
from webapp.core.db import db
from webapp.core.dialect import writes_alone
from webapp.core.errors import NotFound
from webapp.imports import stores
from webapp.imports.contact_checking import UPLOADED
from webapp.imports.contact_judging import TWICE
from webapp.imports.contact_matching import Keyed, keyed, keyed_now
from webapp.imports.contact_parting import SLOW
from webapp.imports.contact_reading import ContactReading
from webapp.imports.contact_rows import planned
from webapp.imports.contact_taking import Clash, How, Taken, take
from webapp.imports.opening import opened_before
from webapp.tasks import files
from webapp.tasks.queries import task_of
from webapp.tasks.work import Commit, Step, Work

KIND = "imports.contacts.record"
TOGETHER = 800  # rows a step, with a lock or two each
TOGETHER_ALONE = 400  # where everybody else waits for a step, not only who has one of its addresses
TOLD = ("created", "updated", "unchanged", TWICE, "refused", "stays")


def run(work: Work) -> None:
    """Add and update everybody in the plan of a task; goes on where its last step ended.

    After each step it waits until nothing more can leave for those it opted out. Raises Forbidden
    where who started it may no longer do so; what is done stays done.
    """
    reading = ContactReading.of(work.params["reading"])
    line = work.position.get("line", 0)
    if not line:
        work.note(lambda: _define(reading))
    plan = files.file_of(work.task_id, stores.PLAN).id
    db.session.rollback()  # what has read holds SQLite's lock
    # What had to be read again first may have taken the whole turn: a step is always done.
    commit = work.note
    with closing(read_ahead(_read(plan, line))) as parts:
        for rows in _Window(parts):
            taken = _step(work, rows.some, line, reading, commit)
            rows.took(taken.count)
            line += taken.count
            commit = work.step
    if not work.position.get("told"):
        work.note(lambda: _tell(work))


def _read(plan: int, line: int) -> Iterator[list[Keyed]]:
    """Give the rows of a plan from a line on, as many at once as no step takes more of."""
    rows = map(planned, stores.read_lines(plan, skip=line))
    while some := keyed(islice(rows, TOGETHER)):
        yield some


class _Window:
    """The rows that come next; as many at once as the last step could take about twice over."""

    def __init__(self, parts: Iterator[list[Keyed]]) -> None:
        self._parts = parts
        self._limit = TOGETHER_ALONE if writes_alone(db.session()) else TOGETHER
        self._most = self._limit
        self._rest: list[Keyed] = []

    def __iter__(self) -> Iterator[_Window]:
        while True:
            if len(self._rest) < self._most:
                self._rest += next(self._parts, [])
            if not self._rest:
                return
            yield self

    @property
    def some(self) -> list[Keyed]:
        """The rows for the next step."""
        return self._rest[: self._most]

    def took(self, count: int) -> None:
        """Go on after so many rows."""
        self._most = min(max(2 * count, SLOW), self._limit)
        del self._rest[:count]


def _step(
    work: Work, rows: Sequence[Keyed], line: int, reading: ContactReading, commit: Commit
) -> Taken:
    taken = Taken()
    since = datetime.fromisoformat(work.params[UPLOADED])
    how = How(work.params["file"], since, work.actor, reading.overwrite)

    def effect(*, one_by_one: bool) -> Step:
        nonlocal taken
        ensure_still(work.actor, Right.WORK)
        _ensure_consent(work.actor, rows)
        taken = take(keyed_now(rows), how, one_by_one=one_by_one)
        _refuse(work, taken.refused, taken.erased)
        return Step(taken.count, {"line": line + taken.count}, taken.counts)

    try:
        commit(lambda: effect(one_by_one=False))
    except Clash:
        commit(lambda: effect(one_by_one=True))
    settle(taken.changes, also=taken.consent.stood)
    return taken


def _ensure_consent(actor: Actor, rows: Sequence[Keyed]) -> None:
    asked = {state for one in rows for state in one.row.asks.values()}
    if State.OPTED_IN in asked:
        ensure_still(actor, Right.OPT_IN)
    if State.OPTED_OUT in asked:
        ensure_still(actor, Right.OPT_OUT)


def _define(reading: ContactReading) -> Step:
    """Define the attributes that the list brings, in the open transaction."""
    new = {
        name: (reading.title_of(place), kind) for place, name, kind in reading.attributes() if kind
    }
    define(new)
    return Step()


def _refuse(work: Work, refused: Mapping[int, str], erased: Set[int]) -> None:
    """Add rows to the file of refused ones, as they stand in the list, in the open transaction.

    Of who was erased nothing but the reason is written down.
    """
    if not refused:
        return
    cells = _cells(work, refused.keys() - erased) if refused.keys() - erased else {}
    rows = [(number, cells.get(number, []), refused[number]) for number in sorted(refused)]
    files.append(files.file_of(work.task_id, stores.REFUSED).id, stores.refused_bytes(rows))


def _cells(work: Work, numbers: Collection[int]) -> dict[int, list[str]]:
    """Read rows of the list again; none of them where it is not there any more."""
    wanted, last = set(numbers), max(numbers)
    try:
        check = task_of(work.params["check"])
        found = opened_before(check.id, check.result, ContactReading.of)
    except NotFound:
        return {}
    cells: dict[int, list[str]] = {}
    for number, row in found.rows_within():
        if number in wanted:
            cells[number] = row
        if number >= last:
            break
    return cells


def _tell(work: Work) -> Step:
    """Note in the audit log, once, what the list came to; tasks are not kept for ever."""
    said = {name: work.result.get(name, 0) for name in TOLD}
    audit(work.actor, "contacts.imported", task_id=work.task_id, file=work.params["file"], **said)
    return Step(position={**work.position, "told": True})
