"""The whole of Heed as an operator runs it, for the tests that need all its processes."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.servers import PATIENCE, end, free_port_row, launch, wait_until

START_PATIENCE = 3 * PATIENCE  # nine processes start one after the other


UP = ("webapp.cli", "up")


class Heed:
    """The whole of Heed, run by `heed up` as an operator would, on ports of its own.

    `lines` are what it has printed so far; `program` is the module that runs it, and its words.
    """

    def __init__(
        self,
        data: Path,
        *,
        demo: bool = False,
        settings: Mapping[str, str],
        program: Sequence[str] = UP,
    ) -> None:
        port = free_port_row(3)  # Heed's own, the sandbox's, and the sandbox's for email
        self.url = f"http://127.0.0.1:{port}"
        self.sandbox_url = f"http://127.0.0.1:{port + 1}"
        self.environment = {
            **{name: value for name, value in os.environ.items() if name[:5] != "HEED_"},
            "HEED_DATA": str(data),
            "HEED_BIND": f"127.0.0.1:{port}",
            **settings,
        }
        data.mkdir(parents=True, exist_ok=True)
        self._log = data / "up.log"
        command = [sys.executable, "-m", *program, *(["--demo"] if demo else [])]
        with self._log.open("wb") as output:
            self.process = launch(command, environment=self.environment, output=output)

    @property
    def lines(self) -> list[str]:
        """What it has printed so far."""
        return self._log.read_text(errors="replace").splitlines()

    def wait_for_line(self, part: str, times: int = 1, patience: float = PATIENCE) -> None:
        """Wait until `times` lines have this part."""

        def said() -> bool:
            ended = self.process.poll() is not None
            if sum(part in line for line in self.lines) >= times:
                return True
            assert not ended, "\n".join(self.lines)
            return False

        wait_until(said, f"a line with {part!r}", patience)

    def wait_until_ready(self) -> None:
        """Wait until it says that it is ready."""
        self.wait_for_line("Heed is ready", patience=START_PATIENCE)

    def stop(self) -> int:
        """Stop it as Ctrl-C does; gives the exit code."""
        end(self.process, signal.SIGINT)
        return self.process.returncode


@contextmanager
def running_heed(
    data: Path,
    *,
    demo: bool = False,
    settings: Mapping[str, str] | None = None,
    program: Sequence[str] = UP,
) -> Iterator[Heed]:
    """Run all of Heed on this data folder until the block ends."""
    heed = Heed(data, demo=demo, settings=settings or {}, program=program)
    try:
        heed.wait_until_ready()
        yield heed
    finally:
        if heed.process.poll() is None:
            heed.stop()
