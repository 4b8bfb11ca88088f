"""Enforcing a policy that became stricter: what waits and is forbidden now ends, then the answer.

Nothing that the policy forbids begins to leave after `enforce` has come back, and that does not
rest on the cancelling. A claim asks the policy in the statement that takes the message. One that
begins after the policy's commit reads it. One that began before may have read the old policy, and
take the message after the commit; but it set its limit (`begin_by`) before that statement, so the
limit passes within `BEGIN_WITHIN` of the commit, and a worker begins no request past its limit.
The door waits that long, without looking for claims: one that has not committed cannot be seen.
An opt-out need not wait where none is under way, since its lock keeps claims on the key out; a
policy has no lock that every claim of a channel would have to take.

A message that is admitted under the old policy, or given back by a worker, is refused by its
claim, and ended by it or by the sweep (`delivery.forbidden`).
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, Connection, func, select

from webapp.accounts.rules import Actor
from webapp.audit.service import record
from webapp.consent import queries as consent
from webapp.consent.rules import Policy, Rule
from webapp.contacts.rules import Channel
from webapp.core import clock
from webapp.core.db import transaction
from webapp.core.dialect import word
from webapp.core.queue import after_commit
from webapp.core.reading import reading
from webapp.events.service import publish
from webapp.outbox import service as outbox
from webapp.outbox.models import Message
from webapp.outbox.rules import Reason, Status, job_id
from webapp.outbox.waiting import COUNT_AT_MOST

AT_ONCE = 2000  # messages that one transaction ends: nobody waits long for its locks
ANSWER_WITHIN = 8.0  # seconds; the rest of a very long queue is a job's
NEVER = consent.may_never_leave()


def foresee(wanted: Mapping[Channel, Policy], channels: Sequence[Channel]) -> int:
    """Give how many waiting messages of these channels the policies would cancel.

    Not counted on above `COUNT_AT_MOST`, as `foreseen.at_most` says it.
    """
    if not channels:
        return 0
    forbidden = consent.would_never_leave({channel: wanted[channel] for channel in channels})
    some = select(Message.id).where(_waiting(channels), forbidden).limit(COUNT_AT_MOST + 1)
    with reading() as connection:
        return connection.scalar(select(func.count()).select_from(some.subquery())) or 0


def enforce(channels: Sequence[Channel], actor: Actor) -> tuple[int, bool]:
    """End what waits on these channels and may never leave, after the policy's commit.

    Gives how many were cancelled, and whether that is all: what is left of a very long queue is
    ended by a job, and cannot leave either. Commits by itself, some messages at a time, each of
    which still waits and is still forbidden. Comes back when nothing forbidden can begin to leave.
    """
    if not channels:
        return 0, True
    committed = clock.elapsed()
    ended, whole = end_forbidden(channels, committed + ANSWER_WITHIN)

    def note() -> None:
        record(actor, "consent_policy.enforced", channels=list(channels), cancelled=ended)
        if not whole:
            after_commit("jobs.consent.enforce", [channel.value for channel in channels])

    transaction(note)
    wait_out(committed)
    return ended, whole


def wait_out(committed: float) -> None:
    """Wait until no claim that read the policy before it was committed may begin its request."""
    until = committed + outbox.BEGIN_WITHIN.total_seconds()
    while (left := until - clock.elapsed()) > 0:
        time.sleep(left)


def end_forbidden(channels: Sequence[Channel], until: float) -> tuple[int, bool]:
    """End what waits on these channels and may never leave, until a moment of `clock.elapsed()`.

    Gives how many were ended, and whether that is all.
    """
    ended, last = 0, 0
    while clock.elapsed() < until:
        with reading() as connection:
            found = _next(connection, channels, last)
        if found:
            ended += len(transaction(lambda some=found: _end(some)))  # type: ignore[misc]
        if len(found) < AT_ONCE:
            return ended, True
        last = found[-1]
    return ended, False


def _next(connection: Connection, channels: Sequence[Channel], after: int) -> list[int]:
    beyond = _waiting(channels) & (Message.id > after)
    some = select(Message.id).where(beyond, NEVER).order_by(Message.id).limit(AT_ONCE)
    return list(connection.scalars(some))


def _waiting(channels: Sequence[Channel]) -> ColumnElement[bool]:
    waits = Message.status == word(Status.SCHEDULED)
    return waits & Message.channel.in_([word(channel) for channel in channels])


def _end(found: Sequence[int]) -> list[int]:
    """Cancel those of these messages that wait and may never leave, each with what decided."""
    these, says = Message.id.in_(found), consent.receipt()
    unknown = these & consent.says(Rule.NEEDS_OPT_IN)
    out = these & consent.says(Rule.OPTED_OUT, Rule.STALE_EPOCH)
    ended = outbox.end_waiting(
        unknown, Status.CANCELLED, Reason.NO_RECORDED_OPT_IN, rule=Rule.NEEDS_OPT_IN
    )
    ended += outbox.end_waiting(out, Status.CANCELLED, Reason.OPTED_OUT, **says)
    if ended:
        publish("messages.moved", message_ids=ended)
        after_commit("jobs.delivery.forget", [job_id(message_id) for message_id in ended])
    return ended
