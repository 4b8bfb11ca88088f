"""A supervisor: starts programs in order, keeps them alive, stops them in reverse order."""

from __future__ import annotations

import os
import selectors
import signal
import sys
import time
from collections.abc import Callable, Mapping
from typing import Self

from webapp.core.child import Child, Program

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
CRASHES_AT_START = 3
WRONG_SETTING = 2  # the exit code by which a program says that trying again is no use
HURRIED_GRACE = 1.0  # seconds, after a second signal
TURN = 0.2  # seconds


class Stopped(Exception):
    """Somebody asked us to stop."""


class StartFailed(Exception):
    """A program does not start; `code` is the exit code to pass on."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


class Supervisor:
    """Runs programs as children of this process; a context, for the main thread.

    The children are in sessions of their own, so that the terminal's Ctrl-C reaches us alone and
    the order is ours. On Linux none outlives us, even when we are killed.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = {**environment, "PYTHONUNBUFFERED": "1"}
        self._stages: list[list[Child]] = []
        self._signals = 0
        self._settled = False
        self._selector = selectors.DefaultSelector()

    def __enter__(self) -> Self:
        """Take over the signals; each also ends a wait for output."""
        self._wake, wake = os.pipe()
        for end in (self._wake, wake):
            os.set_blocking(end, False)
        self._selector.register(self._wake, selectors.EVENT_READ)
        signal.set_wakeup_fd(wake)
        for number in STOP_SIGNALS:
            signal.signal(number, self._asked_to_stop)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        return self

    def __exit__(self, *_: object) -> None:
        """Stop whatever still runs."""
        self.stop()

    def start(self, *programs: Program) -> None:
        """Start programs that belong together; stopping takes these calls in reverse."""
        self._begin([Child(program) for program in programs])

    def run(self, program: Program) -> None:
        """Run a program to its end. Raises StartFailed unless it exits with 0, or Stopped."""
        child = Child(program, once=True)
        self._begin([child])
        self.wait_for(lambda: child.process is None)
        self._stages.pop()
        if child.code:
            raise StartFailed(f"{program.name} failed; its lines above say why", abs(child.code))

    def wait_for(self, condition: Callable[[], bool]) -> None:
        """Keep the programs going until the condition holds. Raises Stopped or StartFailed."""
        while not condition():
            self.wait()

    def settle(self) -> None:
        """From now on a crash is no reason to give up, however often it happens."""
        self._settled = True

    def wait(self) -> None:
        """Pass on output and start again what crashed, for a moment. Raises as `wait_for`."""
        self._listen()
        for child in [child for stage in self._stages for child in stage]:
            if child.again_at and time.monotonic() >= child.again_at:
                self._launch(child)
            if self._ended(child) and not child.once:
                self._crashed(child)
        if self._signals:
            raise Stopped

    def stop(self) -> None:
        """Stop all programs, those that were started last first."""
        while self._stages:
            stage = self._stages[-1]
            asked = time.monotonic()
            for child in stage:
                child.signal(signal.SIGTERM)
            while any(child.process for child in stage):
                self._listen()
                for child in stage:
                    if not self._ended(child) and time.monotonic() > asked + self._grace(child):
                        child.signal(signal.SIGKILL)
            self._stages.pop()

    def say(self, name: str, text: str) -> None:
        """Print a line under the name of the process that it comes from."""
        try:
            print(f"{name:<10}| {text}", flush=True)
        except OSError:
            # Nobody reads any more (a closed pipe or terminal): stop, in silence.
            self._signals += 1
            sys.stdout = open(os.devnull, "w")  # noqa: SIM115

    def _asked_to_stop(self, *_: object) -> None:
        self._signals += 1

    def _grace(self, child: Child) -> float:
        return child.program.grace if self._signals < 2 else HURRIED_GRACE

    def _begin(self, stage: list[Child]) -> None:
        self._stages.append(stage)
        for child in stage:
            self._launch(child)

    def _launch(self, child: Child) -> None:
        child.launch(self._environment)
        self._selector.register(child.output, selectors.EVENT_READ, child)

    def _listen(self) -> None:
        """Wait for output, an exit or a signal, for a moment, and print the output."""
        for key, _ in self._selector.select(TURN):
            if key.data is None:
                os.read(self._wake, 4096)
                continue
            for line in key.data.lines():
                self.say(key.data.program.name, line)

    def _ended(self, child: Child) -> bool:
        """Tell, once, that a child has ended; its last lines are printed."""
        if not child.reap():
            return False
        self._selector.unregister(child.output)
        for line in child.last_words():
            self.say(child.program.name, line)
        return True

    def _crashed(self, child: Child) -> None:
        """Plan the next start, or give up where the programs do not even start."""
        pause = child.plan_restart()
        fatal = child.code == WRONG_SETTING or child.crashes == CRASHES_AT_START
        if fatal and not self._settled:
            why = f"{child.program.name} does not start; its lines above say why"
            raise StartFailed(why, abs(child.code) or 1)
        how = f"was killed by signal {-child.code}" if child.code < 0 else f"ended ({child.code})"
        self.say(child.program.name, f"{how}; starts again in {pause:.0f} s")
