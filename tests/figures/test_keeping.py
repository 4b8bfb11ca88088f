"""Kept figures: counted by one asker at a time, again when they moved and have rested."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from time_machine import travel

from webapp.core import clock
from webapp.core.db import transaction
from webapp.figures import service as figures
from webapp.figures.service import Counted, Figure

NAME = "how many"


class Counter:
    """Something to count, and how often it was counted."""

    def __init__(self, rows: int) -> None:
        self.rows, self.number, self.calls, self.meanwhile = rows, 1, 0, lambda: None

    def count(self) -> Counted:
        self.calls += 1
        self.meanwhile()
        return Counted({"found": self.number}, self.rows)


@pytest.fixture(params=["few rows", "many rows"])
def counter(request: pytest.FixtureRequest) -> Counter:
    return Counter(figures.SMALL + (request.param == "many rows"))


@pytest.fixture
def many() -> Counter:
    return Counter(figures.SMALL + 1)


def ask(app: Flask, counter: Counter, about: str = "") -> Figure | None:
    """Ask as a request does."""
    with app.test_request_context("/"):
        return figures.up_to_date(NAME, lambda: str(counter.number), counter.count, about=about)


def glance(app: Flask, counter: Counter, about: str = "") -> Figure | None:
    """Ask without waiting, as a whole page does."""
    with app.test_request_context("/"):
        return figures.at_once(NAME, str(counter.number), counter.count, about=about)


def found(figure: Figure | None) -> Any:
    return figure and figure.value["found"]


def test_nothing_is_counted_at_a_glance_until_somebody_asked(app: Flask, counter: Counter) -> None:
    assert glance(app, counter) is None
    assert counter.calls == 0
    assert found(ask(app, counter)) == 1
    assert found(glance(app, counter)) == 1


def test_few_rows_are_counted_at_every_asking(app: Flask) -> None:
    few = Counter(figures.SMALL)
    ask(app, few)
    few.number = 2
    shown = glance(app, few)
    assert found(shown) == found(ask(app, few)) == 2
    assert shown
    assert shown.exact


def test_many_rows_are_counted_again_when_they_moved_and_have_rested(
    app: Flask, many: Counter
) -> None:
    with travel(clock.now(), tick=False) as time:
        ask(app, many)
        many.number = 2
        kept = ask(app, many)
        assert kept
        assert (found(kept), kept.exact, many.calls) == (1, False, 1)
        time.shift(figures.REST + timedelta(seconds=1))
        glanced = glance(app, many)
        assert glanced
        assert (found(glanced), glanced.exact, many.calls) == (1, False, 1)
        fresh = ask(app, many)
        assert fresh
        assert (found(fresh), fresh.exact, many.calls) == (2, True, 2)


def test_what_did_not_move_is_looked_at_now_and_then(app: Flask, many: Counter) -> None:
    with travel(clock.now(), tick=False) as time:
        ask(app, many)
        time.shift(figures.REST * 2)
        ask(app, many)
        assert many.calls == 1
        time.shift(figures.UNTOLD)
        ask(app, many)
        assert many.calls == 2


def test_a_change_while_the_rows_are_read_is_noticed(app: Flask, many: Counter) -> None:
    many.meanwhile = lambda: setattr(many, "number", many.number + 1)
    ask(app, many)
    kept = glance(app, many)
    assert kept
    assert not kept.exact


def test_two_askers_at_once_count_once(app: Flask, counter: Counter) -> None:
    others: list[Figure | None] = []

    def another() -> None:
        thread = threading.Thread(target=lambda: others.append(ask(app, counter)))
        thread.start()
        thread.join()

    counter.meanwhile = another
    assert found(ask(app, counter)) == 1
    assert others == [None]
    assert counter.calls == 1


def test_an_asker_gets_what_is_kept_while_another_counts(app: Flask, many: Counter) -> None:
    ask(app, many)
    others: list[Figure | None] = []

    def another() -> None:
        many.number = 3
        thread = threading.Thread(target=lambda: others.append(ask(app, many)))
        thread.start()
        thread.join()

    many.number, many.meanwhile = 2, another
    with travel(clock.now() + figures.REST * 2, tick=False):
        ask(app, many)
    assert [found(other) for other in others] == [1]
    assert many.calls == 2


def test_a_count_that_failed_does_not_keep_others_from_counting(
    app: Flask, counter: Counter
) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    counter.meanwhile = fail
    with pytest.raises(ZeroDivisionError):
        ask(app, counter)
    counter.meanwhile = lambda: None
    assert found(ask(app, counter)) == 1


def test_a_count_whose_process_died_is_taken_over(app: Flask, counter: Counter) -> None:
    with app.test_request_context("/"):
        transaction(lambda: figures._take(NAME))
    assert ask(app, counter) is None
    with travel(clock.now() + figures.LOST * 2, tick=False):
        assert found(ask(app, counter)) == 1


def test_a_figure_about_another_day_is_no_figure(app: Flask, counter: Counter) -> None:
    ask(app, counter, "Monday")
    assert glance(app, counter, "Tuesday") is None
    assert found(ask(app, counter, "Tuesday")) == 1
    assert glance(app, counter, "Monday") is None


def test_what_becomes_many_rows_is_kept_from_then_on(app: Flask) -> None:
    growing = Counter(figures.SMALL)
    ask(app, growing)
    growing.rows += 1
    ask(app, growing)
    calls = growing.calls
    assert found(glance(app, growing)) == 1
    assert growing.calls == calls


def test_what_nobody_asks_for_is_forgotten(app: Flask, many: Counter) -> None:
    ask(app, many)
    with app.app_context(), travel(clock.now() + figures.KEPT * 2, tick=False):
        transaction(figures.forget_old)
    assert glance(app, many) is None
