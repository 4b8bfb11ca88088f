"""The dry run of a list: what recording it would do, with nothing done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Any

from webapp.accounts.rules import Actor
from webapp.contacts.addresses import key_of
from webapp.contacts.rules import Channel
from webapp.core.db import transaction
from webapp.imports import stores
from webapp.imports.going import Going, Part
from webapp.imports.lists import Reading
from webapp.imports.opening import opened
from webapp.imports.people import foreseen, owners_of
from webapp.imports.rules import OptOut
from webapp.imports.standing import Judged, Outcome, judge
from webapp.imports.turns import count_all, under_way
from webapp.tasks import files
from webapp.tasks.rules import DRAFT
from webapp.tasks.work import Step, Work

KIND = "imports.check"
TWICE = "twice"  # what a row does whose all another row says: one above it, or later than it
# What a check counts of its plan.
COUNTED = (
    *("contacts", "later", *Outcome),
    *(f"{channel}_{name}" for channel in Channel for name in ("cancelled", *Outcome)),
)

# The check of this process whose turn was over last: it goes on without reading all again.
_kept: dict[int, Going] = {}


def run(work: Work) -> None:
    """Read the list of a task and count what it would change; writes its plan and its refusals.

    Goes on where its last step ended. Raises Invalid for what is no list.
    """
    found = opened(work, Reading.of)
    with under_way(_kept, work, lambda: Going(work, found)) as going:
        count_all(work, going, partial(_count, work.task_id, work.actor))
        if work.result.get("overtaken") and not work.position.get("latest"):
            _keep_latest(work, going)


def _count(task_id: int, actor: Actor, part: Part) -> Step:
    """Write a part down, and count what it would change as things stand."""
    files.append(files.file_of(task_id, stores.PLAN).id, stores.plan_bytes(part.fresh))
    files.append(files.file_of(task_id, stores.REFUSED).id, stores.refused_bytes(part.refused))
    counts, what = _come_to(part.fresh, actor, _numbers(part.shown))
    counts.update(refused=len(part.refused), twice=part.twice, overtaken=part.overtaken)
    counts["undated"] = sum(opt_out.undated for opt_out in part.fresh)
    facts = {"shown": _told(part.shown, what)} if part.shown else {}
    return Step(part.rows, {"row": part.last}, counts, facts)


def _keep_latest(work: Work, going: Going) -> None:
    """Write the plan anew without what a later row has overtaken, and count what is left.

    Only now it is known which row is an address's last. What a crash cut off is begun anew.
    """
    plan = transaction(lambda: files.file_of(work.task_id, stores.PLAN).id)
    draft = transaction(lambda: stores.begin_plan(work.task_id, DRAFT))
    counts: Counter[str] = Counter()
    shown, what = work.result.get("shown", []), dict[int, Outcome]()
    for part in going.latest(plan):
        more, said = transaction(partial(_come_to, part, work.actor, _numbers(shown)))
        counts += more
        what |= said
        work.note(partial(_append, draft, part))

    def swap() -> Step:
        files.publish(plan, DRAFT)
        files.publish(draft, stores.PLAN)
        facts = {**{name: counts[name] for name in COUNTED}, "shown": _told(shown, what)}
        return Step(position={**work.position, "latest": True}, facts=facts)

    work.note(swap)


def _append(file_id: int, part: Sequence[OptOut]) -> Step:
    files.append(file_id, stores.plan_bytes(part))
    return Step()


def _numbers(shown: Sequence[Mapping[str, Any]]) -> set[int]:
    return {row["row"] for row in shown}


def _told(
    shown: Sequence[Mapping[str, Any]], what: Mapping[int, Outcome]
) -> list[Mapping[str, Any]]:
    """Give shown rows with `what` each comes to, but for those that are refused."""
    return [
        row if "problem" in row else {**row, "what": what.get(row["row"], TWICE)} for row in shown
    ]


def _come_to(
    opt_outs: Sequence[OptOut], actor: Actor, shown: Collection[int]
) -> tuple[Counter[str], dict[int, Outcome]]:
    """Count what opt-outs would change as things stand, by the names in COUNTED.

    Says of those in `shown`, by the number of their row, what they come to.
    """
    keys = [key_of(opt_out.address) for opt_out in opt_outs]
    judged = judge(opt_outs, keys, actor)
    counts = outcomes(judged)
    people = owners_of(opt_outs, keys)
    counts["contacts"] = sum(
        key in people
        for key, each in zip(keys, judged, strict=True)
        if outcome_of(each) is Outcome.OUT
    )
    out = [j.place for each in judged for j in each if j.outcome is Outcome.OUT]
    for channel, cancelled in foreseen(out, people).items():
        counts[f"{channel}_cancelled"] += cancelled
    found = zip(opt_outs, judged, strict=True)
    return counts, {o.row: outcome_of(each) for o, each in found if o.row in shown}


def outcomes(judged: Sequence[Sequence[Judged]]) -> Counter[str]:
    """Count what rows come to, each once, and each of their channels.

    `later` are those of the rows that are out already whose own opt-out is kept beside.
    """
    counts: Counter[str] = Counter(str(outcome_of(each)) for each in judged)
    counts["later"] = sum(
        outcome_of(each) is Outcome.ALREADY and any(j.records for j in each) for each in judged
    )
    counts.update(f"{j.place[0]}_{j.outcome}" for each in judged for j in each)
    return counts


def outcome_of(row: Sequence[Judged]) -> Outcome:
    """Say what a row comes to as a whole: it changes something if one of its channels does."""
    found = {judged.outcome for judged in row}
    return next(o for o in (Outcome.OUT, Outcome.STANDS, Outcome.ALREADY) if o in found)
