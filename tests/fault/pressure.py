"""What goes on while Heed is harmed: opt-outs, opt-ins, new messages, all by one seed."""

from __future__ import annotations

import heapq
import threading
import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from random import Random

from sqlalchemy.exc import DBAPIError

from tests.fault.crowd import Crowd, Wanted, write_chunk
from tests.fault.doors import Door, Doors, Person, Unanswered
from tests.fault.findings import Spell
from tests.fault.sizes import Size
from webapp.core import clock

CALLERS = 8
PATIENCE = 60.0  # seconds until a wish must be acknowledged, whatever is done to Heed
APART = 1.2  # seconds between an opt-out and an opt-in: WhatsApp tells whole seconds
CHUNK = 250
# Seconds around a person's opt-out in which most of their messages are due. What has no job of its
# own is found one second later, and a backlog makes it leave later still.
CLOSE = (-4.0, 1.0)
CALLED = 0.04  # the part of all messages that comes by API
AHEAD = 0.5  # the part that waits before the first opt-out


@dataclass(frozen=True, order=True)
class Wish:
    """One wish of a person's, planned for a moment; what follows it comes with its answer."""

    at: float
    order: int
    person: Person = field(compare=False)
    door: Door = field(compare=False)
    opts_in: bool = field(default=False, compare=False)
    then: tuple[str, ...] = field(default=(), compare=False)


class Pressure:
    """Runs the plan of one seed against Heed's doors and tables, and keeps what came of it."""

    def __init__(self, size: Size, seed: int, crowd: Crowd, doors: Doors) -> None:
        self.size, self.crowd, self.doors = size, crowd, doors
        self.random = Random(seed)
        self.spells: list[Spell] = []
        self.admitted: dict[int, float] = {}
        self.counts: dict[str, int] = {}
        self.latest: dict[str, bool] = {}
        self.troubles: list[str] = []
        self.start = 0.0
        self.given_up = False
        self._open: dict[str, tuple[float, float]] = {}
        self._lock = threading.Lock()
        self._order = 0
        self.wishes = self._wishes()
        self._first = sorted((wish.at, wish.order, wish.person) for wish in self.wishes)

    def _wishes(self) -> list[Wish]:
        """Plan the opt-outs: `again` of them are opted in again later, and out once more."""
        people = list(self.crowd.people)
        self.random.shuffle(people)
        once = self.size.opt_outs - self.size.again
        assert self.size.again <= once <= len(people)
        wishes = []
        for number in range(once):
            then = ("in", "out") if number < self.size.again else ()
            last = 0.75 if then else 1.0
            at = self.random.uniform(0.02, last) * self.size.seconds
            door = self.random.choice(list(Door))
            person = people[number]
            wishes.append(Wish(at, number, person, door, then=then))
        self._order = once
        heapq.heapify(wishes)
        return wishes

    def load(self) -> None:
        """Write the messages that wait from before: most are due around their person's opt-out."""
        count = int(self.size.messages * AHEAD)
        now = clock.now()
        wanted = []
        for _ in range(count):
            at, _, person = self.random.choice(self._first)
            if self.random.random() < 0.4:
                person = self.random.choice(self.crowd.people)
                at = self.random.uniform(0, self.size.seconds)
            at += self.random.uniform(*CLOSE)
            wanted.append(Wanted(person, now + timedelta(seconds=max(at, 0.0))))
        for begin in range(0, count, CHUNK * 10):
            self._write(wanted[begin : begin + CHUNK * 10], 0.0)

    def run(self) -> None:
        """Let everything come in its time; returns when all of it was acknowledged."""
        self.start = clock.elapsed()
        writers = [
            threading.Thread(target=self.kept, args=(work,))
            for work in (self._campaign, self._calls)
        ]
        for writer in writers:
            writer.start()
        with ThreadPoolExecutor(CALLERS) as callers:
            running: set[Future[None]] = set()
            while not self.given_up:
                with self._lock:
                    ready = self.wishes and self.wishes[0].at <= self.passed
                    wish = heapq.heappop(self.wishes) if ready else None
                if wish is not None:
                    running.add(callers.submit(self.kept, partial(self._say, wish)))
                    continue
                running = {one for one in running if not one.done()}
                if not running and not self.wishes:
                    break
                time.sleep(0.005)
        for writer in writers:
            writer.join()
        for number, (sent, acknowledged) in self._open.items():
            self.spells.append(Spell(number, sent, acknowledged))

    @property
    def passed(self) -> float:
        """Seconds since the beginning."""
        return clock.elapsed() - self.start

    @property
    def part(self) -> float:
        """How far it is, from 0 to 1."""
        return self.passed / self.size.seconds if self.start else 0.0

    def give_up(self) -> None:
        """Let everything end that still goes on: nobody waits for it any more."""
        self.given_up = self.doors.closed = True

    def kept(self, work: Callable[[], None]) -> None:
        """Do a piece of work; what it raises is a trouble of the run."""
        if self.given_up:
            return
        try:
            work()
        except Exception as error:
            self.troubles.append(f"{type(error).__name__}: {error}")

    def _say(self, wish: Wish) -> None:
        number = wish.person.number
        if wish.opts_in:
            with self._lock:
                sent, acknowledged = self._open.pop(number)
                # Before the first try: from here on a new message may leave.
                self.spells.append(Spell(number, sent, acknowledged, clock.elapsed()))
            said = self.doors.opt_in(wish.person, wish.door, patience=PATIENCE)
        else:
            said = self.doors.opt_out(wish.person, wish.door, patience=PATIENCE)
            with self._lock:
                # Said over again, it is the first that counts from when on nothing may leave.
                self._open.setdefault(number, (said.sent, said.acknowledged))
        with self._lock:
            self.latest[number] = wish.opts_in
            name = f"{'opt-in' if wish.opts_in else 'opt-out'} by {wish.door}"
            self.counts[name] = self.counts.get(name, 0) + 1
            self.counts["tries"] = self.counts.get("tries", 0) + said.tries
            if wish.then:
                self._order += 1
                at = self.passed + self.random.uniform(APART, APART * 3)
                door = wish.door if wish.then[0] == "in" else self.random.choice(list(Door))
                heapq.heappush(
                    self.wishes,
                    Wish(at, self._order, wish.person, door, wish.then[0] == "in", wish.then[1:]),
                )

    def _soon(self, random: Random) -> Person:
        """Give somebody whose first opt-out comes about now, or anybody."""
        low = bisect_left(self._first, (self.passed - CLOSE[1],))
        high = bisect_right(self._first, (self.passed - CLOSE[0],))
        if low < high and random.random() < 0.6:
            return self._first[random.randrange(low, high)][2]
        return random.choice(self.crowd.people)

    def _campaign(self) -> None:
        """Write chunks all the time, some with a pause between reading and writing."""
        random = Random(self.random.random())
        count = self.size.messages - int(self.size.messages * AHEAD)
        count -= int(self.size.messages * CALLED)
        chunk = min(CHUNK, max(1, count // 20))
        written = 0
        while written < count and not self.given_up:
            due = written / count * self.size.seconds
            time.sleep(max(0.0, due - self.passed))
            some = min(chunk, count - written)
            soon = [self._soon(random) for _ in range(some)]
            wanted = [Wanted(one, self._some_time(random)) for one in soon]
            self._write(wanted, random.choice((0.0, 0.0, random.uniform(0, 0.3))))
            written += some

    def _some_time(self, random: Random) -> datetime:
        """Give now, or a moment soon: what came too late to be cancelled may wait for an opt-in."""
        return clock.now() + timedelta(seconds=max(0.0, random.uniform(-5.0, 5.0)))

    def _write(self, wanted: Sequence[Wanted], pause: float) -> None:
        """Write a chunk; where the database went away in between, again from the beginning."""
        while not self.given_up:
            try:
                written = write_chunk(self.crowd.engine, wanted, partial(time.sleep, pause))
            except DBAPIError:
                time.sleep(0.3)
                continue
            self.admitted.update(dict.fromkeys(written.ids, written.admitted))
            return

    def _calls(self) -> None:
        """Send messages by API, half of them some seconds ahead: these have jobs of their own."""
        count = int(self.size.messages * CALLED)
        with ThreadPoolExecutor(CALLERS) as callers:
            for number in range(count):
                time.sleep(max(0.0, number / count * self.size.seconds - self.passed))
                callers.submit(self.kept, partial(self._call, Random(self.random.random())))

    def _call(self, random: Random) -> None:
        """Send one message; where no answer comes, another."""
        while not self.given_up:
            later = clock.now() + timedelta(seconds=random.uniform(1, 6))
            at = later.isoformat() if random.random() < 0.5 else None
            with suppress(Unanswered):
                reply = self.doors.send(self._soon(random), "Ten percent off", at)
                if reply.status == 202:
                    self.admitted[reply.json["id"]] = reply.answered
                    return
            time.sleep(0.2)
