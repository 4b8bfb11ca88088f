"""The turns of a check: what it holds in memory waits for its next turn, and is not read again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, Protocol, TypeVar

from webapp.tasks.work import Step, TurnOver, Work


class UnderWay(Protocol):
    """A check under way; `done` is the number of the last row that was counted."""

    done: int

    def part(self) -> Any:
        """Give the rows that come next, the same until they are counted; None after the last."""

    def counted(self) -> None:
        """Go on to the rows after these."""

    def close(self) -> None:
        """Let go of what it holds."""


Going = TypeVar("Going", bound=UnderWay)


@contextmanager
def under_way(kept: dict[int, Going], work: Work, begin: Callable[[], Going]) -> Iterator[Going]:
    """Take up a check where it ended, or `begin` it; leaves it in `kept` when its turn is over.

    `kept` is this process's, by task: of one check at most. It is closed in whatever other way
    the check ends.
    """
    going = _take_up(kept, work) or begin()
    try:
        yield going
    except TurnOver:
        kept[work.task_id] = going
        raise
    except BaseException:
        going.close()
        raise
    going.close()


def count_all(work: Work, going: Going, count: Callable[[Any], Step]) -> None:
    """Count part after part, each in a step of its own. Raises TurnOver, but never before one.

    What had to be read again first may have taken the whole turn: a step is always done.
    """
    record = work.note
    while part := going.part():
        record(partial(count, part))
        going.counted()
        record = work.step


def _take_up(kept: dict[int, Going], work: Work) -> Going | None:
    going = kept.pop(work.task_id, None)
    for other in kept.values():
        other.close()
    kept.clear()
    if going is not None and going.done != work.position["row"]:
        going.close()
        going = None
    return going
