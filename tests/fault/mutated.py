"""Heed with a part taken out, or that dies at a named point: how the fault tests are proven.

`python -m tests.fault.mutated WORDS up|web|worker …` patches this process before it becomes
Heed's. WORDS are mutations with commas, of which `gates=SECONDS:FOLDER` lets it wait at gates
(`tests/fault/gates.py`), or `crash=FOLDER`: then the process kills itself with -9 when it comes to
a point whose name is a file in the folder, and takes the file away. Nothing that runs in
production knows of any of this.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from random import uniform
from typing import Any

from tests.fault import gates

# Three parts of the exact stop, and a slowness that it must bear: up to most of `begin_by` between
# a claim and its first byte.
LOCK, EPOCH, WAIT, SLOW = ("no-lock", "no-epoch", "no-wait", "slow-begin")
SLOWNESS = 0.18  # seconds
CRASH, GATES = "crash=", "gates="

BEFORE_CLAIM = "before the claim"
IN_CLAIM = "before the claim's commit"
AFTER_CLAIM = "after the claim"
AFTER_ANSWER = "after the answer"
IN_RECORD = "before the record's commit"
KEPT_WEBHOOK = "after keeping the webhook"
IN_EFFECT = "before the effect's commit"
AFTER_EFFECT = "after the effect"
# Where each point is: before or after which function of which module.
POINTS: dict[str, tuple[str, str, bool]] = {
    BEFORE_CLAIM: ("webapp.delivery.engine", "claim", False),
    IN_CLAIM: ("webapp.delivery.claims", "_claim", True),
    AFTER_CLAIM: ("webapp.delivery.engine", "claim", True),
    AFTER_ANSWER: ("webapp.delivery.engine", "record", False),
    IN_RECORD: ("webapp.delivery.outcomes", "_record_all", True),
    KEPT_WEBHOOK: ("webapp.webhooks.whatsapp", "process", False),
    IN_EFFECT: ("webapp.webhooks.whatsapp", "_take", True),
    AFTER_EFFECT: ("webapp.webhooks.whatsapp", "process", True),
}
# At these there has been an answer. A claim that came too late to begin is recorded without one.
ANSWERED = (AFTER_ANSWER, IN_RECORD)


def apply(words: str) -> None:
    """Patch this process; to be called before anything else of Heed is imported."""
    if words.startswith(CRASH):
        for point, (module, name, after) in POINTS.items():
            file = Path(words.removeprefix(CRASH)) / point
            _die_at(file, module, name, after=after, answered=point in ANSWERED)
        return
    mutations = [word for word in words.split(",") if not word.startswith(GATES)]
    # The reads before those who read, so that each finds what was taken out.
    for word in sorted(mutations, key=list(_TAKE_OUT).index):
        _TAKE_OUT[word]()
    for word in set(words.split(",")) - set(mutations):
        gates.build(word.removeprefix(GATES))


def _no_lock() -> None:
    from webapp.consent import locks

    locks.lock = lambda *_args, **_kwargs: None  # type: ignore[attr-defined]


def _no_epoch() -> None:
    from sqlalchemy import false

    from webapp.consent import queries

    queries.stale = lambda: false()


def _no_wait() -> None:
    from webapp.consent import service

    service.settle = lambda *_args, **_kwargs: None


def _slow_begin() -> None:
    from webapp.delivery import engine
    from webapp.delivery.claims import Claim

    send = engine._Run._send

    async def later(self: engine._Run, claimed: Claim) -> engine.Result:
        await asyncio.sleep(uniform(0.0, SLOWNESS))
        return await send(self, claimed)

    engine._Run._send = later  # type: ignore[method-assign]


_TAKE_OUT: dict[str, Callable[[], None]] = {
    LOCK: _no_lock,
    EPOCH: _no_epoch,
    WAIT: _no_wait,
    SLOW: _slow_begin,
}


def _die_at(file: Path, module: str, name: str, *, after: bool, answered: bool) -> None:
    from importlib import import_module

    place = import_module(module)
    work = getattr(place, name)

    def dies(*args: Any, **kwargs: Any) -> Any:
        here = not answered or any(answer is not None for _claim, answer in args[0])
        if here and not after:
            _die(file)
        result = work(*args, **kwargs)
        if here and after:
            _die(file)
        return result

    setattr(place, name, dies)


def _die(file: Path) -> None:
    """Die here, if somebody asked for it, and only once."""
    try:
        file.unlink()
    except FileNotFoundError:
        return
    os.kill(os.getpid(), signal.SIGKILL)


def _up(words: str) -> None:
    """Let the children be mutated too."""
    from webapp import up

    def own(*more: str) -> list[str]:
        return [sys.executable, "-m", "tests.fault.mutated", words, *more]

    heed = up._heed
    up._worker = lambda queues: own("jobs.worker", *queues)
    up._heed = lambda *more: own(*more) if more == ("web",) else heed(*more)


def main(words: str, what: str, rest: Sequence[str]) -> None:
    """Become Heed's program."""
    apply(words)
    if what == "jobs.worker":
        from jobs.worker import main as work

        work(rest)
        return
    if what == "up":
        _up(words)
    from webapp.cli import main as heed

    sys.argv = ["heed", what, *rest]
    heed()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
