"""Sending in tests: a claim that comes too late on a busy machine is taken again, as in Heed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import func, select

from tests.servers import wait_until
from webapp.core.db import db
from webapp.delivery.engine import deliver
from webapp.delivery.providers.base import Answer, Outcome
from webapp.outbox.models import Message
from webapp.outbox.rules import Status

TIME_OUTS = (0.3, 1.0, 2.5)  # seconds


def cut_short(send: Callable[[float], Answer | None]) -> Answer:
    """Send where nobody answers, under a time-out; a longer one where nothing had begun by then."""
    for seconds in TIME_OUTS:
        answer = send(seconds)
        if answer is not None and answer.outcome is not Outcome.NOT_TAKEN:
            return answer
    raise AssertionError(f"no request began within {seconds} s")


def begin_all(ids: Sequence[int]) -> int:
    """Deliver these messages until no claim of theirs came too late; gives how many requests began.

    A process that gets no processor for 200 ms between its claim and its first byte must not begin
    (`begin_by`). The message waits then, and Heed finds it within two seconds; here it is at once.
    """
    begun = 0

    def through() -> bool:
        nonlocal begun
        begun += deliver(ids)
        return came_too_late() == 0

    wait_until(through, "requests that begin in time")
    return begun


def came_too_late() -> int:
    """Count the messages that were claimed and wait again because their request had not begun.

    Whatever else lets a message wait after a claim gives it a reason.
    """
    waits = (Message.status == Status.SCHEDULED) & Message.reason.is_(None)
    tried = select(func.count()).select_from(Message).where(waits, Message.attempts > 0)
    found = db.session.scalars(tried).one()
    db.session.rollback()
    return found
