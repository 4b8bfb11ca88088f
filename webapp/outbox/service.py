"""Writing message rows: the only place that moves one from a status to another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, bindparam, case, insert, literal, null, or_, select, update

from webapp.contacts.addresses import KEY_COLUMNS
from webapp.contacts.models import Contact
from webapp.core import clock
from webapp.core.db import db, table_of
from webapp.core.dialect import now_after, word
from webapp.core.prepared import Prepared
from webapp.core.queue import after_commit
from webapp.events.service import publish
from webapp.outbox.models import ChannelPause, Message
from webapp.outbox.rules import Origin, Reason, Status, job_id, sources_of

# How long a claim may take to begin its request; an acknowledging door waits no longer.
BEGIN_WITHIN = timedelta(milliseconds=200)

# Only what is due this soon gets an RQ job of its own; the rest is rows, which the scheduler
# tops up. So a million messages for next month are no jobs at all.
HORIZON = timedelta(minutes=15)

Condition = ColumnElement[bool]
TABLE = table_of(Message)


def move(where: Condition, target: Status, **values: Any) -> list[int]:
    """Move every message that fulfils `where` to `target`, if the transition table has the step.

    Gives the ids that moved. `values` are other columns to set; what names a person stays empty on
    a message whose person was erased. The caller commits.
    """
    moved = db.session.scalars(
        update(Message)
        .where(where, Message.status.in_(sources_of(target)))
        .values(status=target, **_forgotten(values))
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    )
    return list(moved)


def _forgotten(values: dict[str, Any]) -> dict[str, Any]:
    """Give columns to set, those that may hold a number only where the address is still there.

    An erasure (GDPR Art. 17) empties it, also while a worker waits for the provider's answer.
    """
    known = TABLE.c.address != ""
    empty: dict[str, Any] = {"detail": literal(""), "provider_message_id": null()}
    return {
        name: case((known, _typed(name, value)), else_=empty[name])
        if name in empty and value is not None
        else value
        for name, value in values.items()
    }


def _typed(name: str, value: Any) -> Any:
    return value if isinstance(value, ColumnElement) else literal(value, TABLE.c[name].type)


def end_waiting(
    where: Condition,
    target: Status,
    reason: Reason,
    *,
    rule: str | ColumnElement[str] | None = None,
    event_id: int | ColumnElement[int | None] | None = None,
) -> list[int]:
    """End waiting messages (`cancelled`, `skipped` or `failed`) with their reason; gives ids.

    `rule` and `event_id` are what decided: values, or columns where each message has its own.
    """
    return move(
        where & (Message.status == Status.SCHEDULED),
        target,
        reason=reason,
        rule=rule,
        event_id=event_id,
        ended_at=clock.now(),
    )


def cancelling(where: Condition) -> Prepared:
    """Prepare the statement with which `cancel` ends what waits and fulfils `where`.

    `where` says itself that the message waits, as `queries.waiting_on` does.
    """
    return Prepared(
        update(TABLE)
        .where(where)
        .values(
            status=word(Status.CANCELLED),
            reason=bindparam("because"),
            rule=bindparam("by_rule"),
            event_id=bindparam("by_event"),
            ended_at=bindparam("now"),
        )
        .returning(TABLE.c.id)
    )


def cancel(
    prepared: Prepared, reason: Reason, rule: str, event_id: int, now: datetime, **where: Any
) -> list[int]:
    """Cancel by a prepared statement, because of a consent event; gives the ids.

    `where` are the parameters of its condition.
    """
    values = {"because": reason, "by_rule": rule, "by_event": event_id, "now": now, **where}
    return [message_id for (message_id,) in prepared.all(values)]


def claim(
    ids: Sequence[int], token: str, where: Condition, receipt: Mapping[str, Any]
) -> list[Message]:
    """Take waiting messages for sending under `token`, where `where` holds; gives those taken.

    Knows no rule itself: consent and pauses come in as `where`, and what let the message go, its
    `rule` and `event_id`, as the columns of `receipt`. Each carries `begin_by`, set by
    the database's clock in this statement.
    """
    session = db.session()
    taken = session.scalars(
        update(Message)
        .where(
            Message.id.in_(ids),
            Message.status == Status.SCHEDULED,
            Message.not_before <= now_after(session, timedelta(0)),
            where,
        )
        .values(
            status=Status.SENDING,
            reason=None,
            claim_token=token,
            claimed_at=now_after(session, timedelta(0)),
            begin_by=now_after(session, BEGIN_WITHIN),
            attempts=Message.attempts + 1,
            **receipt,
        )
        .returning(Message)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    return list(taken)


def release(
    message_id: int, token: str, *, not_before: datetime, reason: Reason | None, detail: str = ""
) -> bool:
    """Give a claim back: the provider certainly does not have the message. Gives False if lost.

    It waits again, or ends where its person was erased meanwhile, or left the address.
    """
    values = {"not_before": not_before, "reason": reason, "detail": detail}
    found = _settle_claim(message_id, token, Status.SCHEDULED, values)
    if found is None:
        return False
    if over := _why_over(*found):
        held = (Message.id == message_id) & (Message.claim_token == token)
        end_waiting(held, Status.CANCELLED, over)
    return True


def finish(message_id: int, token: str, target: Status, **values: Any) -> bool:
    """Record what became of a claim; gives False where somebody else already recorded more."""
    return _settle_claim(message_id, token, target, values) is not None


def _why_over(address: str, contact_id: int | None, key: bytes, origin: Origin) -> Reason | None:
    """Say why a message may not wait again: an edit ends what waits, and this one did not then."""
    if address == "":
        return Reason.ERASED
    if contact_id is None or origin is Origin.CONFIRMATION:
        return None
    theirs = _STILL_THEIRS.first({"of_contact": contact_id, "of_key": key})
    return None if theirs else Reason.ADDRESS_CHANGED


_CONTACTS = table_of(Contact)
# Who edits the contact waits until this transaction is through, and then finds the message.
_STILL_THEIRS = Prepared(
    select(_CONTACTS.c.id)
    .where(
        _CONTACTS.c.id == bindparam("of_contact"),
        or_(*(column == bindparam("of_key") for column in KEY_COLUMNS.values())),
    )
    .with_for_update(read=True, key_share=True)
)


def _settle_claim(
    message_id: int, token: str, target: Status, values: Mapping[str, Any]
) -> tuple[Any, ...] | None:
    """Move a claimed message, as `move` does; None where it was not moved.

    Gives its address, contact, key and origin.
    """
    named = {f"to_{name}": value for name, value in values.items()}
    settling = _settling(target, tuple(values))
    return settling.first({"of_id": message_id, "of_token": token, **named})


@cache
def _settling(target: Status, names: tuple[str, ...]) -> Prepared:
    """Build the statement that moves one claim to `target` and sets these columns."""
    given: dict[str, Any] = {
        name: bindparam(f"to_{name}", type_=TABLE.c[name].type) for name in names
    }
    return Prepared(
        update(TABLE)
        .where(
            TABLE.c.id == bindparam("of_id"),
            TABLE.c.claim_token == bindparam("of_token"),
            TABLE.c.status.in_([word(status) for status in sources_of(target)]),
        )
        .values(status=word(target), begin_by=null(), **_forgotten(given))
        .returning(TABLE.c.address, TABLE.c.contact_id, TABLE.c.key, TABLE.c.origin)
    )


def pause_channel(channel: Any, reason: str, detail: str, until: datetime) -> None:
    """Stop a channel until a moment; a longer pause replaces a shorter one."""
    db.session.merge(ChannelPause(channel=channel, reason=reason, detail=detail, until=until))


def defer(where: Condition, not_before: datetime, reason: Reason) -> None:
    """Let waiting messages wait on until `not_before`, saying why."""
    db.session.execute(
        update(Message)
        .where(where, Message.status == Status.SCHEDULED)
        .values(not_before=not_before, reason=reason)
        .execution_options(synchronize_session=False)
    )


def wake(where: Condition, reason: Reason) -> None:
    """Let messages that waited for `reason` go on at the time they were meant for."""
    db.session.execute(
        update(Message)
        .where(where, Message.status == Status.SCHEDULED, Message.reason == reason)
        .values(not_before=Message.send_at, reason=None)
        .execution_options(synchronize_session=False)
    )


def admit(message: Message, now: datetime) -> None:
    """Add a message row; after the commit its job, if it is due soon."""
    db.session.add(message)
    db.session.flush()
    _admitted(message.id, message.status, message.not_before, now)


def admit_values(values: dict[str, Any], now: datetime) -> int:
    """Add a message row past the model, as `admit` does, from all columns that it needs.

    Gives its id.
    """
    message_id: int = _INSERT.scalar(values)
    _admitted(message_id, values["status"], values["not_before"], now)
    return message_id


_INSERT = Prepared(insert(TABLE).returning(TABLE.c.id))


def _admitted(message_id: int, status: Status, not_before: datetime, now: datetime) -> None:
    if status is Status.SCHEDULED and not_before <= now + HORIZON:
        # Enqueued now, or at its time under its stable id.
        after_commit(
            "jobs.delivery.send",
            message_id,
            at=not_before if not_before > now else None,
            job_id=job_id(message_id),
        )
    publish("messages.moved", message_ids=[message_id])
