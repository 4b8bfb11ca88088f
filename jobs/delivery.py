"""Sending: one message or a batch, by the same code."""

from __future__ import annotations

from jobs.app import job
from webapp.core.queue import jobs
from webapp.delivery.engine import deliver


@job
def send(message_id: int) -> None:
    """Send one message, if it may leave now."""
    deliver([message_id])


@job
def send_many(message_ids: list[int]) -> None:
    """Send those of a batch that may leave now."""
    deliver(message_ids)


@job
def forget(job_ids: list[str]) -> None:
    """Take the jobs of cancelled messages out of RQ; their rows have decided already."""
    jobs().cancel(job_ids)
