"""One program that the supervisor keeps: its process, its output, its crashes."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from webapp.core.parent import die_with_parent

LONGEST_PAUSE = 30.0  # seconds before a program that keeps crashing is started again
STEADY = 60.0  # seconds of running after which earlier crashes are forgotten


@dataclass(frozen=True)
class Program:
    """What to run, in which folder; `grace`: seconds between SIGTERM and SIGKILL."""

    name: str
    command: Sequence[str]
    folder: Path | None = None
    grace: float = 10.0


class Child:
    """A program and its present process, if any.

    `once` says that its end is expected; `code` is the exit code of the last process (negative:
    its signal). `crashes` counts the ends that were not expected; `again_at` is the moment
    (monotonic seconds) of the next start, or none.
    """

    def __init__(self, program: Program, *, once: bool = False) -> None:
        self.program = program
        self.once = once
        self.process: subprocess.Popen[bytes] | None = None
        self.output = -1
        self.code = 0
        self.crashes = 0
        self.again_at: float | None = None
        self._started = 0.0
        self._unfinished = b""

    def launch(self, environment: Mapping[str, str]) -> None:
        """Start the process, in a session of its own, its output in the pipe `output`."""
        self.output, end = os.pipe()
        try:
            self.process = subprocess.Popen(
                self.program.command,
                cwd=self.program.folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=end,
                stderr=end,
                start_new_session=True,
                # Safe here: the supervisor has no threads.
                preexec_fn=partial(die_with_parent, os.getpid()),
            )
        finally:
            os.close(end)
        os.set_blocking(self.output, False)
        self._started, self.again_at = time.monotonic(), None

    def lines(self) -> Iterator[str]:
        """Give the whole lines that lie in the pipe, without waiting for more."""
        with suppress(BlockingIOError):
            while chunk := os.read(self.output, 65536):
                *whole, self._unfinished = (self._unfinished + chunk).split(b"\n")
                yield from (line.decode(errors="replace") for line in whole)

    def reap(self) -> bool:
        """Tell, once, that the process has ended. What it left behind is killed."""
        if self.process is None or (code := self.process.poll()) is None:
            return False
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process, self.code = None, code
        return True

    def last_words(self) -> Iterator[str]:
        """Give the lines still in the pipe of an ended process, and close it."""
        yield from self.lines()
        if self._unfinished:
            yield self._unfinished.decode(errors="replace")
        self._unfinished = b""
        os.close(self.output)
        self.output = -1

    def plan_restart(self) -> float:
        """Note a crash; give the seconds until the next start, longer with each crash."""
        now = time.monotonic()
        self.crashes = 1 if now - self._started > STEADY else self.crashes + 1
        pause = min(LONGEST_PAUSE, 2.0 ** (self.crashes - 1))
        self.again_at = now + pause
        return pause

    def signal(self, number: signal.Signals) -> None:
        """Send the signal to the process, if there is one."""
        if self.process:
            self.process.send_signal(number)
