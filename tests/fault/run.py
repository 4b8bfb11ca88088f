"""One run: a whole Heed, its messages, its opt-outs, and what is done to it; then the checks."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random

from tests.fault import aftermath
from tests.fault.crowd import EMAIL, PASSWORD, Crowd, settle_in
from tests.fault.doors import Doors
from tests.fault.findings import Seen, fates, margins, near, violations
from tests.fault.machine import NUMBER_ID, SECRET, Machine, machine
from tests.fault.pressure import Pressure
from tests.fault.sizes import Harm, Size
from tests.servers import wait_until
from webapp.core.config import Config
from webapp.delivery.engine import IN_FLIGHT

STOPPED_FOR = 3.0  # seconds
SENDING_WITHIN = 20.0  # seconds until a worker must be sending, so that it can be killed
BEGIN_AT_MOST = 1800.0  # seconds until all opt-outs of a run must have been said
END_AT_MOST = 1800.0  # seconds until every message must have ended

Say = Callable[[str], None]


@dataclass
class Report:
    """What a run came to. `violations` are what was not kept; empty is what is wanted."""

    database: str
    seed: int
    size: Size
    violations: list[str] = field(default_factory=list)
    numbers: dict[str, object] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def lines(self) -> Iterator[str]:
        """Say it, a line each."""
        size = self.size
        yield (
            f"{self.database}: {size.messages:,} messages, {size.contacts:,} contacts,"
            f" {size.opt_outs:,} opt-outs, {size.again:,} re-opt-ins,"
            f" {size.workers} workers, seed {self.seed}"
        )
        yield "  took " + ", ".join(f"{name} {took:.0f} s" for name, took in self.seconds.items())
        for name, value in self.numbers.items():
            yield f"  {name}: {value}"
        yield f"  violations: {len(self.violations)}"
        yield from (f"  ! {line}" for line in self.violations[:100])


def run(database: str, size: Size, seed: int, *, mutation: str = "", say: Say = print) -> Report:
    """Run it; `database` is postgresql or sqlite. Raises Missing without a PostgreSQL."""
    report = Report(database, seed, size)
    say(f"{database}: seed {seed}")
    with folder_for_servers() as folder:
        crowds: list[Crowd] = []

        def prepare(config: Config) -> None:
            crowds.append(settle_in(config, size.contacts))

        begun = time.monotonic()
        with machine(
            folder, database, size.workers, seed, mutation=mutation, prepare=prepare
        ) as running:
            report.seconds["start"] = time.monotonic() - begun
            _inside(report, running, crowds[0], say)
    return report


def _inside(report: Report, running: Machine, crowd: Crowd, say: Say) -> None:
    size = report.size
    doors = Doors(running.port, crowd.token, SECRET, NUMBER_ID)
    doors.sign_in(EMAIL, PASSWORD)
    pressure = Pressure(size, report.seed, crowd, doors)
    with _timed(report, "loading"):
        pressure.load()
    say(f"{report.database}: {len(pressure.admitted):,} messages wait; the opt-outs begin")
    with _timed(report, "opt-outs"):
        _under_pressure(report, running, pressure, say)
    if not any(harm is Harm.RESTART for _, harm in size.harms):
        # Nothing else that is done gives a door a reason to answer so.
        broken = [
            f"{count} times {said}" for said, count in doors.refused.items() if said[0] == "5"
        ]
        report.violations += [f"REFUSED: {line}" for line in broken]
    with _timed(report, "the rest"):
        before = aftermath.settle_down(running, crowd.engine, size, END_AT_MOST, say)
    with _timed(report, "checks"):
        seen = aftermath.look(running, crowd.engine, pressure, size.kills * IN_FLIGHT)
        report.violations += violations(seen)
        report.violations += [f"TROUBLE: {trouble}" for trouble in pressure.troubles]
        report.violations += aftermath.problems(running, crowd.engine, pressure)
        report.numbers |= _numbers(seen, pressure) | before
    crowd.engine.dispose()
    if report.violations:
        say(f"the provider's log and Heed's lines are in {_kept(running)}")


def _kept(running: Machine) -> Path:
    """Keep what there is to look at after a run."""
    kept = Path(tempfile.mkdtemp(prefix="heed-fault-kept-"))
    shutil.copy(running.log, kept)
    shutil.copy(running.config.data / "up.log", kept)
    return kept


def _under_pressure(report: Report, running: Machine, pressure: Pressure, say: Say) -> None:
    """Let the opt-outs come, and do what is planned to Heed meanwhile."""
    random = Random(report.seed + 2)
    thread = threading.Thread(target=pressure.run)
    thread.start()
    try:
        for part, harm in report.size.harms:
            wait_until(partial(_reached, pressure, part), f"the time of {harm}", BEGIN_AT_MOST)
            say(f"{report.database}: {pressure.passed:.1f} s: {harm}")
            pressure.kept(partial(_do, harm, running, pressure, random))
        thread.join(BEGIN_AT_MOST)
        if thread.is_alive():
            pressure.troubles.append("the opt-outs were not all acknowledged in time")
    finally:
        if thread.is_alive():
            pressure.give_up()
            thread.join()


def _reached(pressure: Pressure, part: float) -> bool:
    return pressure.part >= part


def _do(harm: Harm, running: Machine, pressure: Pressure, random: Random) -> None:
    match harm:
        case Harm.KILL:
            engine = pressure.crowd.engine
            wait_until(lambda: aftermath.sending(engine) > 0, "a claim", SENDING_WITHIN)
            running.kill(random.choice(running.workers()))
        case Harm.STOP:
            with running.stopped(random.choice(running.workers())):
                time.sleep(STOPPED_FOR)
        case Harm.WIPE:
            running.wipe()
        case Harm.RESTART:
            running.restart_database()


def _numbers(seen: Seen, pressure: Pressure) -> dict[str, object]:
    late = margins(seen)
    worst = f"{late[0] * 1000:.1f} ms" if late else "none"
    return {
        "acknowledged": dict(sorted(pressure.counts.items())),
        "tries that were not acknowledged": dict(pressure.doors.refused.most_common(5)),
        "requests begun": len(seen.begun),
        "what the provider did": fates(seen.begun),
        "messages by status": aftermath.by_status(seen.rows.values()),
        "opt-outs with a request begun in the 250 ms before their acknowledgement": near(seen),
        "the latest request, after its opt-out's acknowledgement (begin - ack)": worst,
    }


@contextmanager
def _timed(report: Report, name: str) -> Iterator[None]:
    begun = time.monotonic()
    try:
        yield
    finally:
        report.seconds[name] = time.monotonic() - begun


@contextmanager
def folder_for_servers() -> Iterator[Path]:
    """Give a folder that PostgreSQL's account can reach, for the time of a run."""
    with tempfile.TemporaryDirectory(prefix="heed-fault-") as name:
        os.chmod(name, 0o711)
        yield Path(name)
