"""A pure function's results come from another process, in order, and the process goes away."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool

import pytest

from webapp.core.apart import AHEAD, map_apart


def halved(number: int) -> tuple[float, int]:
    """Give half of an even number, and the process that said so."""
    if number % 2:
        raise ValueError(f"{number} is odd")
    return number / 2, os.getpid()


def ended(_item: int) -> None:
    """End the process at once."""
    os.kill(os.getpid(), signal.SIGKILL)


def test_results_come_in_order_and_are_made_elsewhere():
    found = list(map_apart(halved, range(0, 40, 2)))
    assert [half for half, _ in found] == list(range(20))
    assert len({process for _, process in found}) == 1
    assert found[0][1] != os.getpid()


def test_items_are_read_only_a_little_ahead():
    read: list[int] = []

    def items() -> Iterator[int]:
        for item in range(0, 1000, 2):
            read.append(item)
            yield item

    results = map_apart(halved, items())
    next(results)
    next(results)
    assert len(read) <= 2 + AHEAD
    results.close()


def test_an_error_of_the_function_is_raised_where_its_result_would_come():
    results = map_apart(halved, [2, 3])
    assert next(results)[0] == 1
    with pytest.raises(ValueError, match="3 is odd"):
        next(results)


def test_the_process_ends_with_whoever_reads_no_more():
    results = map_apart(halved, range(0, 1000, 2))
    _, process = next(results)
    results.close()
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_a_killed_process_is_an_error_and_nobody_waits_for_it():
    with pytest.raises(BrokenProcessPool):
        next(map_apart(ended, [1]))
