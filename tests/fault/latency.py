"""How long an opt-out takes to be acknowledged, alone and beside a campaign that is being sent.

An acknowledgement waits, where a request to the same address has been claimed, until that can no
longer begin: `begin_by` at most. The rest of what it takes longer is the machine's being busy.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import ceil
from random import Random

from tests.fault.aftermath import OPEN, count_messages, sending
from tests.fault.crowd import EMAIL, PASSWORD, Crowd, Wanted, settle_in, write_chunk
from tests.fault.doors import Door, Doors, Person
from tests.fault.machine import NUMBER_ID, SECRET, Machine, machine
from tests.fault.run import folder_for_servers
from tests.servers import wait_until
from webapp.core import clock
from webapp.outbox.service import BEGIN_WITHIN

PROVIDER = (0.05, 0.05)  # seconds
A_SECOND = 15  # opt-outs
CALLERS = 8
WARM = 30
PER_PERSON = 20  # messages of the campaign
CHUNK = 2500
PATIENCE = 60.0
WORKERS = 2  # as Heed comes
TIMES = 3


@dataclass(frozen=True)
class Latency:
    """What was measured on one database, in seconds: by door, without load and beside it.

    `left` is how many messages of the campaign still waited at the end.
    """

    database: str
    alone: dict[Door, list[float]]
    beside: dict[Door, list[float]]
    left: int

    @property
    def limit(self) -> float:
        """`begin_by`, and three times what it takes without load (99th percentiles)."""
        return BEGIN_WITHIN.total_seconds() + TIMES * self.slow(self.alone)

    @property
    def met(self) -> bool:
        """True where it is kept, and the campaign was sent all the time."""
        return self.slow(self.beside) <= self.limit and self.left > 0

    @staticmethod
    def slow(times: dict[Door, list[float]]) -> float:
        """Give what 99 of 100 stay within, whatever the door."""
        return percentile([took for some in times.values() for took in some], 0.99)

    @property
    def lines(self) -> Iterator[str]:
        """Say it, a line each."""
        yield f"{self.database}: acknowledgement of opt-outs, milliseconds (p50 / p99 / samples)"
        for name, times in (("alone", self.alone), ("beside a campaign", self.beside)):
            doors = {**{str(door): some for door, some in times.items()}}
            doors["all"] = [took for some in times.values() for took in some]
            told = ", ".join(
                f"{door} {percentile(some, 0.5) * 1000:.1f} / {percentile(some, 0.99) * 1000:.1f}"
                f" / {len(some)}"
                for door, some in doors.items()
            )
            yield f"  {name}: {told}"
        verdict = "kept" if self.met else "MISSED"
        yield (
            f"  p99 beside a campaign {self.slow(self.beside) * 1000:.1f} ms, at most"
            f" {self.limit * 1000:.1f} ms: {verdict} ({self.left:,} messages still waited)"
        )


def percentile(times: Sequence[float], part: float) -> float:
    """Give the nearest rank."""
    return sorted(times)[max(0, ceil(len(times) * part) - 1)]


def measure(
    database: str, seed: int, samples: int = 600, say: Callable[[str], None] = print
) -> Latency:
    """Measure `samples` opt-outs of each kind, through all doors. Raises Missing."""
    with folder_for_servers() as folder:
        crowds: list[Crowd] = []
        with machine(
            folder,
            database,
            WORKERS,
            seed,
            prepare=lambda config: crowds.append(settle_in(config, 3 * (samples + WARM))),
            latency=PROVIDER,
            fates=False,
        ) as running:
            return _measured(running, crowds[0], database, seed, samples, say)


def _measured(
    running: Machine,
    crowd: Crowd,
    database: str,
    seed: int,
    samples: int,
    say: Callable[[str], None],
) -> Latency:
    doors = Doors(running.port, crowd.token, SECRET, NUMBER_ID)
    doors.sign_in(EMAIL, PASSWORD)
    random = Random(seed)
    third = len(crowd.people) // 3
    say(f"{database}: {samples} opt-outs alone")
    alone = _opt_outs(doors, crowd.people[:third], random)
    # To those who opt out, and to as many who do not, so that it goes on to the end.
    people = crowd.people[third : 2 * third]
    wanted = [Wanted(one, clock.now()) for _ in range(PER_PERSON) for one in crowd.people[third:]]
    for begin in range(0, len(wanted), CHUNK):
        write_chunk(crowd.engine, wanted[begin : begin + CHUNK])
    wait_until(lambda: sending(crowd.engine) > 0, "the campaign")
    say(f"{database}: {samples} opt-outs beside {len(wanted):,} messages")
    beside = _opt_outs(doors, people, random)
    count = count_messages(crowd.engine)
    crowd.engine.dispose()
    return Latency(database, alone, beside, sum(count.get(status, 0) for status in OPEN))


def _opt_outs(doors: Doors, people: Sequence[Person], random: Random) -> dict[Door, list[float]]:
    """Opt everybody out, at an even pace; the first few do not count."""
    found: dict[Door, list[float]] = {door: [] for door in Door}

    def out(person: Person, door: Door, counts: bool) -> None:
        said = doors.opt_out(person, door, patience=PATIENCE)
        if counts:
            found[door].append(said.acknowledged - said.sent)

    with ThreadPoolExecutor(CALLERS) as callers:
        begun, running = time.monotonic(), []
        for number, person in enumerate(people):
            time.sleep(max(0.0, begun + number / A_SECOND - time.monotonic()))
            door = random.choice(list(Door))
            running.append(callers.submit(out, person, door, number >= WARM))
        for one in running:
            one.result()
    return found
