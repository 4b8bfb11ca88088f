"""What the pages of both kinds of upload show: how it stands, and the numbers of what it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from flask import url_for

from webapp.contacts.rules import Channel
from webapp.pages.task_files import is_mine
from webapp.tasks.models import Task
from webapp.tasks.rules import TaskStatus


@dataclass(frozen=True)
class UploadView:
    """An upload: the task that has it now, and the check that said what it comes to.

    `refused` are the first rows that cannot be taken: number, reason, cells. A kind of upload
    says what records it, and the endpoint of its page.
    """

    recorded_by: ClassVar[str]
    endpoint: ClassVar[str]

    task: Task
    check: Task | None
    refused: list[list[str]]

    @property
    def url(self) -> str:
        """Give the address of its page."""
        return url_for(self.endpoint, task_id=self.task.id)

    @property
    def recording(self) -> bool:
        """True where it has been confirmed."""
        return self.task.kind == self.recorded_by

    @property
    def looking(self) -> bool:
        """True while its columns are only looked at, before a check."""
        return False

    @property
    def looked(self) -> bool:
        """True where its columns wait to be told what they hold."""
        return self.looking and self.task.status is TaskStatus.DONE

    @property
    def checked(self) -> bool:
        """True where the check is done and waits for a yes."""
        done = self.task.status is TaskStatus.DONE
        return done and not self.recording and not self.looking

    @property
    def mine(self) -> bool:
        """True where whoever asks may stop it: who started it, or an admin."""
        return is_mine(self.task)

    @property
    def said(self) -> dict[str, Any]:
        """How the list was read, as far as that is known, as a task has it."""
        task = self.check or self.task
        return task.result.get("reading") or task.params

    @property
    def shown(self) -> list[dict[str, Any]]:
        """The first rows as they were understood."""
        return list(self.check.result.get("shown", ())) if self.check else []

    def count(self, name: str) -> int:
        """Give a number of the result of what has it."""
        return int(self.task.result.get(name, 0))

    def check_number(self, name: str) -> int:
        """Give a number of the check's result."""
        return int(self.check.result.get(name, 0)) if self.check else 0

    def checked_count(self, name: str) -> int:
        """Give a number of the check's result, with what came to it since."""
        return self.check_number(name)

    def _channels(self, names: Iterable[str], joint: str) -> list[tuple[Channel, dict[str, int]]]:
        """Give numbers by channel, of those that have any; `joint` stands between both names."""
        words = tuple(names)
        found = [(c, {name: self.count(f"{c}{joint}{name}") for name in words}) for c in Channel]
        return [(channel, counts) for channel, counts in found if any(counts.values())]
