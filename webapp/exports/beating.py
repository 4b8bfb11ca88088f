"""What takes long in one piece, done in a thread while its task says that it goes on."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TypeVar

from webapp.tasks.work import Work

BEAT = 10.0  # seconds; a task that is silent for a minute is taken for dead
Result = TypeVar("Result")


def beating(work: Work, act: Callable[[], Result]) -> Result:
    """Call `act`, which knows neither database nor app, and beat until it has ended.

    Gives its result or raises its error. Raises NoLongerOurs, once it has ended, where the task
    was cancelled or taken over meanwhile.
    """
    with ThreadPoolExecutor(1) as pool:
        acting = pool.submit(act)
        while not wait([acting], BEAT).done:
            work.beat()
        return acting.result()
