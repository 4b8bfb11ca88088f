"""Three scenes, in each of which one part of the exact stop is all that keeps a request back.

By conditions alone, with real processes: each step waits until it can be seen that the one before
has happened. So a Heed without the part fails every time, however busy the machine.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial

from sqlalchemy import func, select, text

from tests.fault.aftermath import MESSAGES, OPEN, count_messages, read_begun, read_rows
from tests.fault.crowd import EMAIL, PASSWORD, Crowd, Wanted, Written, settle_in, write_chunk
from tests.fault.doors import Door, Doors, Person
from tests.fault.findings import NEVER, Seen, Spell, violations
from tests.fault.gates import BEGIN, COMMIT, Gates
from tests.fault.machine import NUMBER_ID, SECRET, Machine, machine
from tests.fault.mutated import GATES, WAIT
from tests.fault.run import folder_for_servers
from tests.servers import wait_until
from webapp.core import clock
from webapp.outbox.rules import Status

PEOPLE = 6  # of each scene: two for each door
WORKERS = 2
PATIENCE = 30.0  # seconds until a wish must be acknowledged
# Seconds for which a claim may begin. As it comes, 0.2, an opt-out that a busy machine takes up
# late would find it over, and say nothing. Where the wait is taken out nobody waits for it.
BEGIN_WITHIN, BEGIN_WITHOUT_WAIT = 2.0, 60.0
WAITS_FOR_LOCK = text(
    "SELECT count(*) FROM pg_locks JOIN pg_database AS d ON d.oid = database"
    " WHERE d.datname = current_database() AND locktype = 'advisory' AND NOT granted"
)


@dataclass
class Scene:
    """What one scene came to: what was not kept, one line each."""

    name: str
    violations: list[str] = field(default_factory=list)


def play(database: str, *, mutation: str = "", say: Callable[[str], None] = print) -> list[Scene]:
    """Play all scenes on an empty database; the lock's on PostgreSQL alone. Raises Missing."""
    within = BEGIN_WITHOUT_WAIT if WAIT in mutation.split(",") else BEGIN_WITHIN
    with folder_for_servers() as folder:
        gates = Gates(folder / "gates")
        words = ",".join(filter(None, [mutation, f"{GATES}{within}:{gates.folder}"]))
        crowds: list[Crowd] = []
        with machine(
            folder,
            database,
            WORKERS,
            seed=1,
            mutation=words,
            prepare=lambda config: crowds.append(settle_in(config, 3 * PEOPLE)),
            fates=False,
        ) as running:
            return _Stage(running, crowds[0], gates).play(database == "postgresql", say)


class _Stage:
    """A running Heed, its gates, and what is known of each scene."""

    def __init__(self, running: Machine, crowd: Crowd, gates: Gates) -> None:
        self.running, self.crowd, self.gates = running, crowd, gates
        self.doors = Doors(running.port, crowd.token, SECRET, NUMBER_ID)
        self.doors.sign_in(EMAIL, PASSWORD)

    def play(self, has_locks: bool, say: Callable[[str], None]) -> list[Scene]:
        first, second, third = (self.crowd.people[n * PEOPLE :][:PEOPLE] for n in range(3))
        scenes = [("wait", self._wait, first), ("epoch", self._epoch, second)]
        if has_locks:
            scenes.append(("lock", self._lock, third))
        played = []
        for name, scene, people in scenes:
            begun = time.monotonic()
            spells, written = scene(people)
            played.append(Scene(name, self._look(people, spells, written)))
            count = len(played[-1].violations)
            say(f"  scene {name}: {time.monotonic() - begun:.1f} s, violations: {count}")
        self.crowd.engine.dispose()
        return played

    def _wait(self, people: Sequence[Person]) -> tuple[list[Spell], Written]:
        """An opt-out comes after a claim, and is acknowledged before its request begins."""
        with self.gates.closed(BEGIN), ThreadPoolExecutor(PEOPLE) as callers:
            written = write_chunk(self.crowd.engine, [Wanted(one, clock.now()) for one in people])
            wait_until(lambda: self._sending(written) == PEOPLE, "the claims")
            spells = list(callers.map(self._opt_out, people, list(Door) * (PEOPLE // 3)))
        return spells, written

    def _epoch(self, people: Sequence[Person]) -> tuple[list[Spell], Written]:
        """A campaign reads its people, who opt out and in again; then it writes its messages."""
        spells: list[Spell] = []

        def out_and_in() -> None:
            for one in people:
                said = self._opt_out(one, Door.API)
                spells.append(Spell(one.number, said.sent, said.acknowledged, clock.elapsed()))
                self.doors.opt_in(one, Door.API, patience=PATIENCE)

        wanted = [Wanted(one, clock.now()) for one in people]
        return spells, write_chunk(self.crowd.engine, wanted, out_and_in)

    def _lock(self, people: Sequence[Person]) -> tuple[list[Spell], Written]:
        """Messages are written and claimed while an opt-out stands before its commit."""
        with self.gates.closed(BEGIN), ThreadPoolExecutor(PEOPLE) as callers:
            with self.gates.closed(COMMIT):
                said = [callers.submit(self._opt_out, one, Door.API) for one in people]
                wait_until(lambda: self.gates.waiting() == PEOPLE, "the opt-outs before a commit")
                wanted = [Wanted(one, clock.now()) for one in people]
                written = write_chunk(self.crowd.engine, wanted)
                wait_until(partial(self._claimed_or_waits, written), "the claims, or their wait")
            return [one.result() for one in said], written

    def _opt_out(self, person: Person, door: Door) -> Spell:
        said = self.doors.opt_out(person, door, patience=PATIENCE)
        return Spell(person.number, said.sent, said.acknowledged, NEVER)

    def _sending(self, written: Written) -> int:
        query = select(func.count()).where(
            MESSAGES.c.id.in_(written.ids), MESSAGES.c.status == Status.SENDING
        )
        with self.crowd.engine.connect().execution_options(reads_only=True) as connection:
            return connection.scalar(query) or 0

    def _claimed_or_waits(self, written: Written) -> bool:
        with self.crowd.engine.connect() as connection:
            waits = connection.scalar(WAITS_FOR_LOCK)
        return bool(waits) or self._sending(written) == PEOPLE

    def _look(
        self, people: Sequence[Person], spells: Sequence[Spell], written: Written
    ) -> list[str]:
        """Wait until every message has ended, and check those of a scene."""
        wait_until(self._ended, "the end of every message")
        numbers = {one.number for one in people}
        rows = read_rows(self.crowd.engine)
        begun = [one for one in read_begun(self.running) if one.number in numbers]
        mine = {number: row for number, row in rows.items() if row.number in numbers}
        admitted = dict.fromkeys(written.ids, written.admitted)
        return violations(Seen(begun, spells, mine, admitted))

    def _ended(self) -> bool:
        count = count_messages(self.crowd.engine)
        return not any(count.get(status) for status in OPEN)
