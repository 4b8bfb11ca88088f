"""Recording one event and everything that follows from it; only consent.service calls this.

The caller holds the lock of the channel and key, and commits.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import insert

from webapp.consent import queries
from webapp.consent.chain import commitment, link, public_fields
from webapp.consent.copies import refresh_copy
from webapp.consent.holds import end_hold
from webapp.consent.models import ConsentEvent, ConsentEventDetail, ConsentState
from webapp.consent.rows import new_state_row
from webapp.consent.rules import (
    SELF_EVIDENT,
    Entry,
    Rule,
    Standing,
    advance,
    fold,
)
from webapp.consent.wishes import Change, Target, Wish
from webapp.contacts.activities import note
from webapp.contacts.rules import Channel, State
from webapp.core.db import db
from webapp.core.dialect import database_now
from webapp.events.service import publish
from webapp.outbox import queries as outbox_queries
from webapp.outbox import service as outbox
from webapp.outbox.rules import Reason, Status

NOT_YET = 2**63 - 1  # stands for the id of the event that is about to be written


def record(target: Target, undoes_id: int | None = None) -> Change:
    """Write one event and everything that follows from it; the key is locked."""
    wish, key = target.wish, target.key
    now = database_now(db.session())
    row = queries.state_row(wish.channel, key) or new_state_row(wish.channel, key)
    before, standing = row.state, queries.standing_of(row)
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
        after = fold([*queries.entries(wish.channel, key), entry])
    event_id = _append(target, row, entry, before, after.state)
    _store(row, after, before, event_id, entry)
    cancelled = _cancel_forbidden(wish.channel, key, after.state, row.event_id or event_id)
    if after.state is State.OPTED_OUT or _lifts_hold(wish, after.state):
        end_hold(row, wish.actor, after.state)
    db.session.flush()
    _tell(target, event_id, before, after.state, cancelled)
    return Change(
        wish.channel,
        key,
        event_id,
        before,
        after.state,
        superseded=undoes_id is None and after.state is not wish.asked,
        cancelled=tuple(cancelled),
        contact_id=target.contact.id if target.contact else None,
    )


def effective_at(wish: Wish, now: datetime, head_at: datetime | None) -> datetime:
    """Give when a wish counts from: never the future; a signed-in person's comes after the head."""
    if wish.actor.signed_in and wish.occurred_at is None and wish.evidence_at is None:
        return max(now, head_at + timedelta(microseconds=1)) if head_at else now
    moments = [now, wish.occurred_at or now]
    if wish.asked is State.OPTED_IN and wish.evidence_at is not None:
        moments.append(wish.evidence_at)
    return min(moments)


def _append(target: Target, row: ConsentState, entry: Entry, before: State, after: State) -> int:
    """Add the event to the ledger and its chain, and its detail beside it; gives its id."""
    wish = target.wish
    salt = secrets.token_bytes(16)
    evidence = {**wish.evidence, **({"reason": wish.reason} if wish.reason else {})}
    commits = commitment(salt, target.address, wish.said, evidence)
    public = public_fields(
        wish.channel, target.key, row.head_seq + 1, entry, before, after, wish.occurred_at
    )
    hashed = link(row.head_hash, commits, public)
    event_id = db.session.scalars(
        insert(ConsentEvent)
        .values(**public, commitment=commits, prev=row.head_hash, hash=hashed)
        .returning(ConsentEvent.id)
    ).one()
    db.session.execute(
        insert(ConsentEventDetail).values(
            event_id=event_id, salt=salt, address=target.address, said=wish.said, evidence=evidence
        )
    )
    row.head_seq += 1
    row.head_hash = hashed
    return event_id


def _store(row: ConsentState, after: Standing, before: State, event_id: int, entry: Entry) -> None:
    """Write the fold into the state row, and count the epoch."""
    row.state, row.since, row.source = after.state, after.since, after.source
    row.event_id = event_id if after.event_id == NOT_YET else after.event_id
    row.head_at = after.head_at
    if entry.asked is State.OPTED_OUT and entry.undoes_id is None:
        row.out_event_id = event_id
    if after.state is State.OPTED_OUT and before is not State.OPTED_OUT:
        row.epoch += 1
    db.session.flush()


def _cancel_forbidden(channel: Channel, key: bytes, state: State, event_id: int) -> list[int]:
    """Cancel what waits for this key and may never leave now; gives the message ids."""
    if state is State.OPTED_IN:
        return []
    waiting = outbox_queries.waiting_on(channel, key)
    reason, rule = (
        (Reason.OPTED_OUT, Rule.OPTED_OUT)
        if state is State.OPTED_OUT
        else (Reason.NO_RECORDED_OPT_IN, Rule.NEEDS_OPT_IN)
    )
    return outbox.end_waiting(
        waiting & queries.may_never_leave(),
        Status.CANCELLED,
        reason,
        rule=rule,
        event_id=event_id,
    )


def _tell(target: Target, event_id: int, before: State, after: State, cancelled: list[int]) -> None:
    """Write the copy, the timeline and the event row that follow from a recorded event."""
    wish, contact = target.wish, target.contact
    if contact:
        refresh_copy(contact, wish.channel)
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
            cancelled=len(cancelled),
        )
    publish(
        "consent.changed" if before is not after or cancelled else "consent.recorded",
        consent_event_id=event_id,
        channel=wish.channel,
        contact_id=contact.id if contact else None,
        state=after,
    )


def _lifts_hold(wish: Wish, state: State) -> bool:
    """Tell whether the person's own opt-in answers what their held reply meant."""
    return state is State.OPTED_IN and wish.source in SELF_EVIDENT
