"""What tasks came to, in words: each kind brings its own, all are told in one way."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from webapp.core.words import counted
from webapp.tasks.models import Task
from webapp.tasks.rules import TaskStatus

STATUS = {
    TaskStatus.WAITING: "Waiting for its turn",
    TaskStatus.RUNNING: "Running",
    TaskStatus.DONE: "Done",
    TaskStatus.FAILED: "Failed",
    TaskStatus.CANCELLED: "Cancelled",
}
GLYPHS = {
    TaskStatus.WAITING: "clock",
    TaskStatus.RUNNING: "clock",
    TaskStatus.DONE: "check",
    TaskStatus.FAILED: "alert",
    TaskStatus.CANCELLED: "close",
}
# A rate over less than this says nothing yet.
FIRST_GUESS = timedelta(seconds=5)
SELDOM = 30  # seconds


@dataclass(frozen=True)
class Line:
    """One number of a result, what it counts, and the address that shows those, or none."""

    number: int
    words: str
    url: str = ""


@dataclass(frozen=True)
class Words:
    """How tasks of a kind are told: their result line by line, and the list they came from."""

    lines: Callable[[Task], list[Line]]
    back: Callable[[Task], str] | None = None


_TOLD: dict[str, Words] = {}


def tell(prefix: str, words: Words) -> None:
    """Let the tasks whose kind begins with `prefix` be told by these words."""
    _TOLD[prefix] = words


def lines_of(task: Task) -> list[Line]:
    """Give the result of a task, line by line; counts of a kind without words by their names."""
    words = _words(task)
    if words is not None:
        return words.lines(task)
    counts = {name: value for name, value in task.result.items() if type(value) is int}
    return [Line(number, name.replace("_", " ").capitalize()) for name, number in counts.items()]


def back_of(task: Task) -> str:
    """Give the address of the list that a task came from; empty where there is none."""
    words = _words(task)
    return words.back(task) if words and words.back else ""


def percent(task: Task) -> int | None:
    """Give how much of a task is done, in whole percents; None where its size is not known yet."""
    if task.status is TaskStatus.DONE:
        return 100
    if not task.total:
        return None
    return min(99 if not task.status.ended else 100, task.done * 100 // task.total)


def poll_after(tasks: Iterable[Task], now: datetime, often: int = 2) -> int:
    """Give after how many seconds whoever looks at tasks is to look again; 0: never.

    That is seldom where each of those that go on waits for its time, which may take hours.
    """
    going_on = [task for task in tasks if not task.status.ended]
    if not going_on:
        return 0
    waits = all(task.status is TaskStatus.WAITING and task.beat_at > now for task in going_on)
    return SELDOM if waits else often


def left(task: Task, now: datetime) -> str:
    """Guess how long a running task will still take, from its pace so far; empty where unknown."""
    since = now - task.created_at
    if task.status is not TaskStatus.RUNNING or not task.total or not task.done:
        return ""
    if since < FIRST_GUESS:
        return ""
    seconds = since.total_seconds() / task.done * max(task.total - task.done, 0)
    if seconds < 60:
        return "less than a minute left"
    if seconds < 3600:
        return f"about {counted(round(seconds / 60), 'minute')} left"
    return f"about {counted(round(seconds / 3600), 'hour')} left"


def _words(task: Task) -> Words | None:
    return next((words for prefix, words in _TOLD.items() if task.kind.startswith(prefix)), None)
