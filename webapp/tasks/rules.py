"""What a task may be in; pure."""

from __future__ import annotations

import enum

DRAFT = "draft"  # the role of a file that is still being made: nobody is shown it
NAMELESS = ""  # the name of a file that is for the task's own work: nobody is shown it either
WHILE_AT_WORK = "while_at_work"  # under this name a task's params hold what is forgotten at its end


class TaskStatus(enum.StrEnum):
    """A task waits, runs, and ends in one of three ways."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        """True where nothing more will happen."""
        return self not in (TaskStatus.WAITING, TaskStatus.RUNNING)
