"""What the page of an upload shows: how it stands, what it comes to, how it was read."""

from __future__ import annotations

from datetime import datetime

from flask import url_for

from webapp.consent.foreseen import exempts
from webapp.consent.queries import policy
from webapp.contacts.rules import Channel
from webapp.core.words import listed
from webapp.imports import checking, queries, recording
from webapp.imports.lists import Reading
from webapp.imports.uploads import check_of
from webapp.pages import task_words
from webapp.pages.imports_forms import column_choices
from webapp.pages.task_files import is_mine
from webapp.pages.task_words import Line, Words
from webapp.pages.upload_view import UploadView
from webapp.tasks.models import Task

COUNTS = ("out", "already", "stands", "cancelled")


class Upload(UploadView):
    """An upload of opt-outs."""

    recorded_by = recording.KIND
    endpoint = "imports.upload"

    @property
    def worth(self) -> int:
        """How many rows would be recorded."""
        return self.count("out") + self.count("stands") + self.count("later")

    @property
    def refused_url(self) -> str:
        """Give the address of the refused rows as a file; empty for whoever may not have it."""
        mine = self.check is not None and is_mine(self.check)
        return url_for("imports.refused", task_id=self.task.id) if mine else ""

    @property
    def reading(self) -> Reading:
        """How the list was read, as far as that is known."""
        return Reading.of(self.said)

    @property
    def columns(self) -> list[tuple[str, str]]:
        """The list's columns, for a choice."""
        return column_choices(self.reading, [row["cells"] for row in self.shown])

    def by_channel(self) -> list[tuple[Channel, dict[str, int]]]:
        """Give what the list comes to on each channel that it speaks for."""
        return self._channels(COUNTS, "_")

    def cancelled(self) -> int:
        """Give how many waiting messages a recording would cancel."""
        return sum(self.count(f"{channel}_cancelled") for channel in Channel)

    def staying(self) -> str:
        """Name the channels on which order updates and codes still go out."""
        channels = [channel for channel, _ in self.by_channel() if exempts(policy(channel))]
        return listed([channel.label for channel in channels])


def upload(task: Task) -> Upload:
    """Give an upload as its page shows it."""
    check = check_of(task)
    done = check is not None and check.result.get("refused")
    return Upload(task, check, queries.refused_rows(check.id) if check and done else [])


def moment_of(text: str | None) -> datetime | None:
    """Give a moment that a task's result holds as a text."""
    return datetime.fromisoformat(text) if text else None


def _lines(task: Task) -> list[Line]:
    """Tell what a task of an upload came to."""
    recorded = task.kind == recording.KIND
    excluded = url_for("exclusions.show", source="import") if recorded else ""
    words = {
        "out": ("Opted out" if recorded else "To be opted out", excluded),
        "cancelled": ("Waiting messages cancelled", ""),
        "already": ("Opted out before", ""),
        "stands": ("Agreed again later: stay opted in", ""),
        "twice": ("Twice in the file", ""),
        "refused": ("Refused", ""),
    }
    said = [(task.result.get(name, 0), *word) for name, word in words.items()]
    return [Line(number, text, url) for number, text, url in said if number]


def _back(task: Task) -> str:
    return url_for("imports.upload", task_id=task.id)


task_words.tell(checking.KIND, Words(_lines, _back))
task_words.tell(recording.KIND, Words(_lines, _back))
