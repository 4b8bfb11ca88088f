"""The short form of `make fault`: real processes, harmed, and nothing leaves after no."""

from __future__ import annotations

import sys
from dataclasses import replace

import pytest

from tests.fault.mutated import EPOCH, SLOW, WAIT
from tests.fault.run import Report, run
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


def ran(db_kind: str, size: Size, mutation: str = "") -> Report:
    database = "postgresql" if db_kind == "postgres" else "sqlite"
    try:
        report = run(database, size, SEED, mutation=mutation)
    except Missing as error:
        needs(error)
    print("\n".join(report.lines))
    return report


def test_nothing_leaves_after_no_whatever_is_done_to_heed(db_kind: str):
    assert ran(db_kind, SHORT).violations == []


def test_without_the_wait_and_the_epoch_the_run_finds_what_left():
    found = ran("sqlite", UNHARMED, f"{SLOW},{WAIT},{EPOCH}").violations
    # Which of the two, and how often, is the machine's affair.
    assert [line for line in found if line.startswith(("AFTER NO", "OLD EPOCH"))]
