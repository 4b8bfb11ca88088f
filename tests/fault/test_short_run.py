"""The short form of `make fault`: real processes, harmed, and nothing leaves after no."""

from __future__ import annotations

import sys
from dataclasses import replace

import pytest

from tests.fault.mutated import EPOCH, LOCK, SLOW, WAIT
from tests.fault.run import Report, run
from tests.fault.scenes import play
from tests.fault.sizes import SHORT, Size
from tests.servers import Missing, needs

pytestmark = [
    pytest.mark.slow,
    # One after the other: each keeps both cores busy.
    pytest.mark.xdist_group("main job by its processes"),
    pytest.mark.skipif(sys.platform != "linux", reason="asks Linux when bytes arrived"),
]

SEED = 1
# Without harm; every opt-out is soon followed by an opt-in and another opt-out.
UNHARMED = replace(SHORT, messages=2000, opt_outs=100, again=50, harms=())
# SQLite's writers come one by one: there is no lock that could be missing.
LOCKED: dict[str, list[str]] = {"sqlite": [], "postgres": ["lock"]}


def ran(db_kind: str, size: Size, mutation: str = "") -> Report:
    try:
        report = run(database(db_kind), size, SEED, mutation=mutation)
    except Missing as error:
        needs(error)
    print("\n".join(report.lines))
    return report


def played(db_kind: str, mutation: str = "") -> dict[str, set[str]]:
    """Give the kinds of violations that each scene found."""
    try:
        scenes = play(database(db_kind), mutation=mutation)
    except Missing as error:
        needs(error)
    return {one.name: {line.partition(":")[0] for line in one.violations} for one in scenes}


def database(db_kind: str) -> str:
    return "postgresql" if db_kind == "postgres" else "sqlite"


def test_each_part_of_the_exact_stop_holds_its_scene(db_kind: str):
    found = played(db_kind)
    assert list(found) == ["wait", "epoch", *LOCKED[db_kind]]
    assert not any(found.values()), found


def test_without_a_part_its_scene_finds_what_left(db_kind: str):
    found = played(db_kind, f"{LOCK},{EPOCH},{WAIT}")
    assert "AFTER NO" in found.pop("wait")
    assert "OLD EPOCH" in found.pop("epoch")
    assert all("AFTER NO" in found[name] for name in LOCKED[db_kind])


def test_nothing_leaves_after_no_whatever_is_done_to_heed(db_kind: str):
    assert ran(db_kind, SHORT).violations == []


def test_without_the_wait_and_the_epoch_the_run_finds_what_left():
    found = ran("sqlite", UNHARMED, f"{SLOW},{WAIT},{EPOCH}").violations
    # Which of the two, and how often, is the machine's affair.
    assert [line for line in found if line.startswith(("AFTER NO", "OLD EPOCH"))]
