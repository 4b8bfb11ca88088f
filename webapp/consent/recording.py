"""Recording one event and everything that follows from it; only consent.service calls this.

The caller holds the lock of the channel and key, and commits.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import bindparam, insert

from webapp.consent import queries
from webapp.consent.chain import commitment, link, public_fields
from webapp.consent.copies import copy_of
from webapp.consent.holds import answer_hold, end_hold
from webapp.consent.models import ConsentEvent, ConsentEventDetail
from webapp.consent.reach import Target
from webapp.consent.rows import StateRow, store_row
from webapp.consent.rules import (
    SELF_EVIDENT,
    Entry,
    Rule,
    Standing,
    advance,
    fold,
)
from webapp.consent.wishes import Change, Wish
from webapp.contacts.activities import note
from webapp.contacts.copies import Copy, write_copies
from webapp.contacts.rules import Channel, State
from webapp.core.db import table_of
from webapp.core.last_rows import add_last
from webapp.core.prepared import Prepared
from webapp.events.service import publish
from webapp.outbox import queries as outbox_queries
from webapp.outbox import service as outbox
from webapp.outbox.rules import Reason

NOT_YET = 2**63 - 1  # stands for the id of the event that is about to be written
_EVENTS = table_of(ConsentEvent)
_DETAILS = table_of(ConsentEventDetail)
_APPEND = Prepared(insert(_EVENTS).returning(_EVENTS.c.id))
_CANCEL = outbox.cancelling(
    outbox_queries.waiting_on(bindparam("to_channel"), bindparam("to_key"))
    & queries.may_never_leave()
)


def record(target: Target, undoes_id: int | None = None) -> Change:
    """Write one event and what follows from it, but the copy; the key is locked."""
    wish, row, now = target.wish, target.row, target.scene.now
    before, standing = row.state, row.standing
    entry = Entry(
        NOT_YET,
        wish.asked,
        wish.source,
        effective_at(wish, now, standing.head_at),
        now,
        wish.proven,
        wish.actor,
        undoes_id,
    )
    after = advance(standing, entry)
    if after is None:
        after = fold([*queries.entries(row.channel, row.key), entry])
    event_id = _append(target, entry, before, after.state)
    _put(row, after, before, event_id, entry)
    if after.state is State.OPTED_OUT:
        end_hold(row, target.contact, wish.actor)
    elif _answers_hold(wish, after.state):
        others = [other for other in target.scene.known(row.channel) if other.key != row.key]
        answer_hold(row, others, target.contact, wish.actor, entry.effective_at)
    store_row(row)
    # Under the lock: nothing that the table forbids can be claimed on this key any more.
    busy = target.scene.open and row.state is not State.OPTED_IN
    cancelled = _cancel_forbidden(row, event_id, now) if busy else []
    _tell(target, event_id, before, len(cancelled))
    return Change(
        row.channel,
        row.key,
        event_id,
        before,
        after.state,
        superseded=undoes_id is None and after.state is not wish.asked,
        cancelled=tuple(cancelled),
        contact_id=target.contact.id if target.contact else None,
        in_flight_until=outbox_queries.begins_until(row.channel, row.key) if busy else None,
    )


def copy_states(targets: Iterable[Target]) -> None:
    """Write the copies beside the contacts of recorded targets, each channel's together."""
    copies: dict[Channel, dict[int, Copy]] = {}
    for target in targets:
        if target.contact is not None:
            known = target.scene.known(target.wish.channel)
            ours = copies.setdefault(target.wish.channel, {})
            ours[target.contact.id] = copy_of(target.contact.id, known)
    for channel, some in copies.items():
        write_copies(channel, list(some.values()))


def effective_at(wish: Wish, now: datetime, head_at: datetime | None) -> datetime:
    """Give when a wish counts from: never the future; a signed-in person's comes after the head."""
    if wish.actor.signed_in and wish.occurred_at is None and wish.evidence_at is None:
        return max(now, head_at + timedelta(microseconds=1)) if head_at else now
    moments = [now, wish.occurred_at or now]
    if wish.asked is State.OPTED_IN and wish.evidence_at is not None:
        moments.append(wish.evidence_at)
    return min(moments)


def _append(target: Target, entry: Entry, before: State, after: State) -> int:
    """Add the event to the ledger and its chain, and its detail beside it; gives its id."""
    wish, row = target.wish, target.row
    salt = secrets.token_bytes(16)
    evidence = {**wish.evidence, **({"reason": wish.reason} if wish.reason else {})}
    commits = commitment(salt, target.address, wish.said, evidence)
    public = public_fields(
        row.channel, row.key, row.head_seq + 1, entry, before, after, wish.occurred_at
    )
    hashed = link(row.head_hash, commits, public)
    chained = {**public, "commitment": commits, "prev": row.head_hash, "hash": hashed}
    event_id: int = _APPEND.scalar(chained)
    add_last(
        _DETAILS,
        {
            "event_id": event_id,
            "salt": salt,
            "address": target.address,
            "said": wish.said,
            "evidence": evidence,
        },
    )
    row.head_seq += 1
    row.head_hash = hashed
    return event_id


def _put(row: StateRow, after: Standing, before: State, event_id: int, entry: Entry) -> None:
    """Put the fold into the state row, and count the epoch."""
    row.state, row.since, row.source = after.state, after.since, after.source
    row.event_id = event_id if after.event_id == NOT_YET else after.event_id
    row.head_at = after.head_at
    if entry.asked is State.OPTED_OUT and entry.undoes_id is None:
        row.out_event_id = event_id
    if after.state is State.OPTED_OUT and before is not State.OPTED_OUT:
        row.epoch += 1


def _cancel_forbidden(row: StateRow, event_id: int, now: datetime) -> list[int]:
    """Cancel what waits for this key and may never leave now; gives the message ids."""
    reason, rule = (
        (Reason.OPTED_OUT, Rule.OPTED_OUT)
        if row.state is State.OPTED_OUT
        else (Reason.NO_RECORDED_OPT_IN, Rule.NEEDS_OPT_IN)
    )
    because = row.event_id or event_id
    return outbox.cancel(
        _CANCEL, reason, rule, because, now, to_channel=row.channel, to_key=row.key
    )


def _tell(target: Target, event_id: int, before: State, cancelled: int) -> None:
    """Write the line of the timeline and the event row that follow from a recorded event."""
    wish, contact, after = target.wish, target.contact, target.row.state
    if contact:
        note(
            contact.id,
            "consent",
            wish.actor,
            channel=wish.channel,
            before=before,
            after=after,
            asked=wish.asked,
            source=wish.source,
            event_id=event_id,
            cancelled=cancelled,
        )
    publish(
        "consent.changed" if before is not after or cancelled else "consent.recorded",
        handled=not cancelled,
        consent_event_id=event_id,
        channel=wish.channel,
        contact_id=contact.id if contact else None,
        state=after,
        **({"cancelled_by": target.row.event_id or event_id} if cancelled else {}),
    )


def _answers_hold(wish: Wish, state: State) -> bool:
    """Tell whether the person's own opt-in answers what their held reply meant."""
    return state is State.OPTED_IN and wish.source in SELF_EVIDENT
