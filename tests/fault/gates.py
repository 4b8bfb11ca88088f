"""Gates in a running Heed: files of a folder; while one is there, nobody passes it.

`BEGIN` holds marketing between its claim and its request, `COMMIT` an opt-out in its transaction.
Both with conditions instead of luck: what must not happen is given all the time that it needs.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

BEGIN, COMMIT = "begin", "commit"
LOOK_EVERY = 0.005  # seconds
PATIENCE = 60.0  # seconds that a door waits at most for a claim, in place of 2
_HERE = "here-"


class Gates:
    """The gates of one Heed, from outside."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()

    @contextmanager
    def closed(self, name: str) -> Iterator[None]:
        """Keep a gate closed until the block ends."""
        gate = self.folder / name
        gate.touch()
        try:
            yield
        finally:
            gate.unlink()

    def waiting(self) -> int:
        """Count the opt-outs that have come to the gate of their commit."""
        return len(list(self.folder.glob(f"{_HERE}*")))


def build(told: str) -> None:
    """Build both gates into this process; `told` is `begin_by` in seconds and the folder."""
    seconds, _, folder = told.partition(":")
    _lengthen(float(seconds))
    _hold_requests(Path(folder) / BEGIN)
    _hold_opt_outs(Path(folder) / COMMIT)


def _lengthen(seconds: float) -> None:
    """Let claims begin for longer: a busy machine must not close the door before the gate opens."""
    from webapp.consent import service
    from webapp.outbox import service as outbox

    outbox.BEGIN_WITHIN = timedelta(seconds=seconds)
    if service.settle.__kwdefaults__:  # unless it was taken out
        service.settle.__kwdefaults__["at_most"] = PATIENCE


def _hold_requests(gate: Path) -> None:
    from webapp.delivery import engine
    from webapp.delivery.claims import Claim

    send = engine._Run._send

    async def later(self: engine._Run, claimed: Claim) -> engine.Result:
        while claimed.outgoing.marketing and gate.exists():
            await asyncio.sleep(LOOK_EVERY)
        return await send(self, claimed)

    engine._Run._send = later  # type: ignore[method-assign]


def _hold_opt_outs(gate: Path) -> None:
    from webapp.consent import service

    change: Callable[..., Any] = service.change_many

    def held(*args: Any, **kwargs: Any) -> Any:
        result = change(*args, **kwargs)
        if gate.exists():
            (gate.parent / f"{_HERE}{uuid4().hex}").touch()
        while gate.exists():
            time.sleep(LOOK_EVERY)
        return result

    service.change_many = held
