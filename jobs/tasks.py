"""Long work: each kind by name, on a queue of its own."""

from __future__ import annotations

from collections.abc import Mapping

from jobs.app import job
from webapp.tasks import service

# What runs a task, by its kind.
RUNNERS: Mapping[str, service.Runner] = {}


@job
def run(task_id: int) -> None:
    """Go on with a task for one turn."""
    service.run(task_id, RUNNERS)
