"""What came of tasks that change tags and attributes, in words."""

from __future__ import annotations

from flask import url_for

from webapp.pages.task_words import Line, Words
from webapp.tasks.models import Task


def task_words_of(endpoint: str, words: str) -> Words:
    """Give how such tasks are told: how many contacts were changed, and the page they came from."""

    def lines(task: Task) -> list[Line]:
        return [Line(task.result.get("changed", 0), words)]

    return Words(lines, lambda _task: url_for(endpoint))
