"""Recording a checked list: opt-outs in steps, each address once, however often it is begun."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from webapp.accounts.acting import ensure_still
from webapp.accounts.rules import Right
from webapp.audit.service import record as audit
from webapp.consent.locks import lock_keys
from webapp.consent.rows import Place
from webapp.consent.service import change_many, settle
from webapp.consent.wishes import Change, Wish
from webapp.contacts.addresses import key_of
from webapp.contacts.rules import Source, State
from webapp.imports import stores
from webapp.imports.checking import outcomes
from webapp.imports.people import owners_of, reached
from webapp.imports.rules import OptOut
from webapp.imports.standing import Judged, Outcome, judge
from webapp.tasks import files
from webapp.tasks.work import Commit, Step, Work

KIND = "imports.record"
TOGETHER = 100  # channels and addresses a step: a lock for each, and others want their turn


def run(work: Work) -> None:
    """Opt out everybody in the plan of a task; goes on where its last step ended.

    After each step it waits until nothing more can leave for those it opted out. Raises Forbidden
    where who started it may no longer do so; what is done stays done.
    """
    line = work.position.get("line", 0)
    plan = files.file_of(work.task_id, stores.PLAN).id
    # What had to be read again first may have taken the whole turn: a step is always done.
    commit = work.note
    for part in _parts(stores.read_plan(plan, skip=line)):
        line += len(part)
        _step(work, part, line, commit)
        commit = work.step
    if not work.position.get("told"):
        work.note(lambda: _tell(work))


def _parts(opt_outs: Iterator[OptOut]) -> Iterator[list[OptOut]]:
    part: list[OptOut] = []
    places = 0
    for opt_out in opt_outs:
        if places + len(opt_out.channels) > TOGETHER:
            yield part
            part, places = [], 0
        part.append(opt_out)
        places += len(opt_out.channels)
    if part:
        yield part


def _step(work: Work, part: list[OptOut], line: int, commit: Commit) -> None:
    changes: list[Change] = []
    stood: set[Place] = set()

    def effect() -> Step:
        nonlocal changes, stood
        ensure_still(work.actor, Right.OPT_OUT)
        # Before anything is read: of two who record the same list, one sees what the other did.
        keys = [key_of(opt_out.address) for opt_out in part]
        lock_keys(keys)
        judged = judge(part, keys, work.actor)
        changes = change_many(_wishes(work, part, judged))
        stood = _stood(part, keys, judged)
        counts = outcomes(judged)
        counts["cancelled"] = len({m for change in changes for m in change.all_cancelled})
        return Step(len(part), {"line": line}, counts)

    commit(effect)
    settle(changes, also=stood)


def _stood(
    part: list[OptOut], keys: Sequence[bytes], judged: Sequence[Sequence[Judged]]
) -> set[Place]:
    """Give what an opt-out of somebody who is out already reached: it may not have settled yet."""
    places = [j.place for row in judged for j in row if j.outcome is Outcome.ALREADY]
    return reached(places, owners_of(part, keys)) if places else set()


def _wishes(work: Work, part: list[OptOut], judged: Sequence[Sequence[Judged]]) -> list[Wish]:
    return [
        Wish(
            each.place[0],
            opt_out.address,
            State.OPTED_OUT,
            Source.IMPORT,
            work.actor,
            each.occurred_at,
            {"list": work.params["file"], "row": str(opt_out.row)},
            reason=work.params["note"],
        )
        for opt_out, row in zip(part, judged, strict=True)
        for each in row
        if each.records
    ]


def _tell(work: Work) -> Step:
    """Note in the audit log, once, what the list came to; tasks are not kept for ever."""
    said = {name: work.result.get(name, 0) for name in (*Outcome, "cancelled")}
    audit(work.actor, "opt_outs.imported", task_id=work.task_id, file=work.params["file"], **said)
    return Step(position={**work.position, "told": True})
