"""The bench's frame: turns that alternate, ratios that are marked, a table that is not edited."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from bench.figures import Figure, Target, as_json
from bench.floors import consent, export, reads, stop
from bench.report import BEGIN, END, cell, table, with_table
from bench.scenarios import TARGETS
from bench.timing import Times, Work, interleaved
from webapp.core.config import ROOT


def figure(heed: float, target: Target, **more: Any) -> dict[str, Any]:
    values = {"name": "page", "database": "sqlite", "contacts": 10_000, "unit": "ms", **more}
    return {"title": target.title, **as_json(Figure(heed=heed, floor=2.0, **values), target)}


def run_of(*figures: dict[str, Any]) -> dict[str, Any]:
    return {
        "date": "2026-11-22T05:00:00+00:00",
        "commit": "0123456789abcdef",
        "machine": {"cores": 2, "processor": "One"},
        "versions": {"python": "3.11", "sqlite": "3.40"},
        "settings": {"postgresql": {"server_version": "15.1 (Debian)"}},
        "figures": list(figures),
    }


def test_the_statements_of_the_floors_are_written_down() -> None:
    told = " ".join((ROOT / "bench" / "README.md").read_text().split())
    statements = [reads.SHOWN, reads.PAGE, export.LISTED]
    for each in (reads.TAGS, reads.FILTER, reads.SEARCH, reads.WORD, reads.NUMBER):
        statements += each.values()
    for room, names in (
        (consent, ("LOCK", "STATE", "EVENT", "DETAIL", "STORE", "COPY", "CANCEL")),
        (stop, ("RAW", "CONVERSATION", "INBOUND")),
    ):
        statements += [getattr(room, name) for name in names]
    for statement in statements:
        assert " ".join(statement.split()) in told, statement


def test_every_measure_is_explained() -> None:
    told = (ROOT / "bench" / "README.md").read_text()
    assert [name for name in TARGETS if f"**{name}**" not in told] == []


def test_a_missed_target_says_so() -> None:
    most, least = Target("Page", 2.5), Target("Export", 0.5, at_least=True)
    assert cell(figure(5.0, most)) == "2.50 (5.00 ms)"
    assert cell(figure(5.2, most)) == "**2.60 (5.20 ms) missed**"
    assert cell(figure(1.0, least)) == "0.50 (1.00 ms)"
    assert cell(figure(0.9, least)) == "**0.45 (0.90 ms) missed**"
    assert "missed" not in cell(figure(90.0, Target("Only told", None)))


def test_a_target_may_be_of_the_largest_size_alone():
    target = Target("Search", 5.0, largest_only=True)
    assert target.among(10_000, 1_000_000).met(9.0) is None
    assert target.among(1_000_000, 1_000_000).met(9.0) is False


def test_the_table_names_the_size_for_which_a_target_holds():
    target = Target("Search", 5.0, largest_only=True)
    found = [
        figure(18.0, target.among(size, 1_000_000), contacts=size) for size in (10_000, 1_000_000)
    ]
    assert "| ≤ 5 at 1M |" in table({"figures": found})


def test_a_line_has_a_cell_for_each_database_and_size() -> None:
    target = Target("Page of 50", 2.5)
    found = [
        figure(3.0, target),
        figure(4.0, target, contacts=1_000_000),
        figure(4.0, target, database="postgresql"),
        figure(1.0, Target("Deep", None), name="deep", contacts=1_000_000),
    ]
    head, _, first, second = table({"figures": found}).splitlines()
    assert head == "|  | target | PostgreSQL 10k | SQLite 10k | SQLite 1M |"
    assert first == "| Page of 50 | ≤ 2.5 | 2.00 (4.00 ms) | 1.50 (3.00 ms) | 2.00 (4.00 ms) |"
    assert second == "| Deep | – |  |  | 0.50 (1.00 ms) |"


def test_the_table_takes_the_place_of_the_one_before() -> None:
    results = run_of(figure(3.0, Target("Page", 2.5)))
    once = with_table(f"Before\n{BEGIN}\nold\n{END}\nAfter", results)
    assert once.startswith(f"Before\n{BEGIN}\n|")
    assert once.endswith(f"Python 3.11.\n{END}\nAfter")
    assert "old" not in once
    assert with_table(once, results) == once


def test_a_readme_without_marks_is_not_touched() -> None:
    with pytest.raises(ValueError, match="bench: begin"):
        with_table("Nothing here", {"figures": []})


def test_works_take_turns_and_none_is_always_first() -> None:
    order: list[str] = []

    def noting(name: str) -> Work:
        return Work(lambda turn: partial(order.append, f"{name}{turn}"), expect_nothing)

    times = interleaved({name: noting(name) for name in "ab"}, turns=3, warm=1)
    assert order == ["a0", "b0", "b1", "a1", "a2", "b2", "b3", "a3"]
    assert {name: len(found.seconds) for name, found in times.items()} == {"a": 3, "b": 3}


def test_a_turn_that_did_not_do_its_work_ends_the_bench() -> None:
    work = Work(lambda _turn: partial(int, "1"), expect_nothing)
    with pytest.raises(AssertionError):
        interleaved({"a": work}, turns=1)


def test_medians_and_rates_come_from_the_turns() -> None:
    times = Times((0.010, 0.030, 0.020, 0.040))
    assert times.middle == pytest.approx(25.0)
    assert times.slow == pytest.approx(40.0)
    assert times.rate == pytest.approx(40.0)  # a second, of 25 ms each


def expect_nothing(_turn: int, result: object) -> None:
    assert result is None
