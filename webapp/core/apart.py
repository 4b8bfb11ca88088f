"""Work that another process does ahead, while this one uses what came of it before."""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from typing import TypeVar

from webapp.core.parent import die_with_parent

Item = TypeVar("Item")
Result = TypeVar("Result")
AHEAD = 2  # items that are under way at once


def map_apart(
    act: Callable[[Item], Result], items: Iterable[Item]
) -> Generator[Result, None, None]:
    """Give what a pure function makes of each item, in order; as `map`, on another processor.

    The function, the items and what comes of them are pickled. The other process is a fresh
    interpreter, which takes about a second to begin, has none of our connections, and ends with
    this generator and when we do. Raises what the function and the items raise, and
    BrokenProcessPool where the process was killed.
    """
    source = iter(items)
    ahead: deque[Future[Result]] = deque()
    with ProcessPoolExecutor(1, get_context("spawn"), _begin, (os.getpid(),)) as pool:
        while True:
            ahead += (pool.submit(act, item) for item in islice(source, AHEAD - len(ahead)))
            if not ahead:
                return
            yield ahead.popleft().result()


def _begin(parent: int) -> None:
    die_with_parent(parent)
    # A signal may reach a whole group of processes: it is the parent who decides what ends.
    for asked in (signal.SIGINT, signal.SIGTERM):
        signal.signal(asked, signal.SIG_IGN)
