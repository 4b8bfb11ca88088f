"""Holds: a reply that reads like a request to stop keeps marketing waiting for a decision."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, select, update

from webapp.accounts.rules import Actor
from webapp.consent.copies import refresh_copy
from webapp.consent.locks import lock_keys
from webapp.consent.models import Review
from webapp.consent.rows import StateRow, read_row, store_row
from webapp.contacts.activities import note
from webapp.contacts.addresses import contact_by_key, key_of
from webapp.contacts.owners import Owner
from webapp.contacts.rules import Address, Channel, State
from webapp.conversations.models import InboundMessage
from webapp.core.db import db
from webapp.core.dialect import database_now
from webapp.events.service import publish
from webapp.outbox import service as outbox
from webapp.outbox.queries import waiting_on
from webapp.outbox.rules import Reason

DISMISSED = "dismissed"
_WRITTEN_AT = (
    select(InboundMessage.occurred_at)
    .where(InboundMessage.id == Review.inbound_id)
    .scalar_subquery()
)
# When a reply was written, as far as it is known; else when it was held.
CAME_AT = case((Review.opened_at > _WRITTEN_AT, _WRITTEN_AT), else_=Review.opened_at)


def hold(
    channel: Channel,
    address: Address,
    said: str,
    because: dict[str, Any],
    *,
    actor: Actor,
    inbound_id: int | None = None,
) -> Review:
    """Hold a channel's marketing for a person until somebody decides what they meant.

    In the open transaction: the hold, its review, the copy, the activity. Does nothing to the
    state, and opens a second review where one is open, since each reply is judged by itself.
    Every address of the person on the channel is held: marketing may go to another than the one
    that the reply came from.
    """
    key = key_of(address)
    contact = contact_by_key(key)
    keys = list(dict.fromkeys([key, *(contact.keys(channel) if contact else [])]))
    lock_keys(keys)
    for held in keys:
        hold_also(channel, held)
    review = Review(
        channel=channel,
        key=key,
        address=address.value,
        contact_id=contact.id if contact else None,
        inbound_id=inbound_id,
        said=said,
        because=because,
    )
    db.session.add(review)
    db.session.flush()
    if contact:
        refresh_copy(contact, channel)
        note(contact.id, "held", actor, channel=channel, said=said, review_id=review.id)
    publish("review.opened", review_id=review.id, contact_id=contact.id if contact else None)
    return review


def hold_also(channel: Channel, key: bytes) -> None:
    """Hold another address of somebody who is held already; the key is locked."""
    _set_held(read_row(channel, key), True)


def _set_held(row: StateRow, held: bool) -> None:
    row.held = held
    store_row(row)


def release(channel: Channel, keys: Iterable[bytes]) -> None:
    """Let the marketing on these locked keys go on; nothing waits for a decision there any more."""
    release_rows(read_row(channel, key) for key in keys)


def release_rows(rows: Iterable[StateRow]) -> None:
    """Let the marketing on the keys of these locked rows go on, as `release`."""
    for row in rows:
        if row.held:
            _set_held(row, False)
            outbox.wake(waiting_on(row.channel, row.key), Reason.HELD_FOR_REVIEW)


def close(where: ColumnElement[bool], decision: str, actor: Actor) -> int:
    """Decide the open reviews that fulfil `where`; gives how many. Their keys are locked."""
    closed = db.session.scalars(
        update(Review)
        .where(where, Review.decided_at.is_(None))
        .values(
            decided_at=database_now(db.session()),
            decision=decision,
            actor_kind=actor.kind,
            actor_id=actor.id,
        )
        .returning(Review.id)
    )
    return len(list(closed))


def end_hold(row: StateRow, owner: Owner | None, actor: Actor) -> None:
    """Close what is open on a locked row because the person was opted out there.

    What another wrote who had the address before stays open, and holds theirs. The caller stores
    the row.
    """
    if row.held:
        close(_written_by(owner, row), State.OPTED_OUT, actor)
        row.held = is_open_on(row.channel, [row.key], [])


def answer_hold(
    row: StateRow, others: Sequence[StateRow], owner: Owner | None, actor: Actor, at: datetime
) -> None:
    """End a hold where the person opted in by themselves at a moment: it answers what came before.

    Closes the replies from the row's own key until then. The row is let go where nothing that
    they wrote since waits; the `others`, their other keys on the channel, where nothing waits at
    all. All rows are locked; the caller stores `row`.
    """
    channel = row.channel
    keys = [row.key, *(other.key for other in others)]
    ids = [owner.id] if owner else []
    if row.held:
        close(_written_by(owner, row) & (at >= CAME_AT), State.OPTED_IN, actor)
        row.held = is_open_on(channel, keys, ids, after=at)
    if any(other.held for other in others) and not is_open_on(channel, keys, ids):
        release_rows(others)


def _written_by(owner: Owner | None, row: StateRow) -> ColumnElement[bool]:
    """Select the replies from a row's key that are its owner's, as far as it is known whose."""
    here = (Review.channel == row.channel) & (Review.key == row.key)
    if owner is None:
        return here
    return here & (Review.contact_id.is_(None) | (Review.contact_id == owner.id))


def is_open_on(
    channel: Channel,
    keys: Sequence[bytes],
    contact_ids: Sequence[int],
    *,
    after: datetime | None = None,
) -> bool:
    """Tell whether any reply from these keys or contacts on the channel waits for a decision.

    With `after` only those which came after that moment.
    """
    found = select(Review.id).where(
        Review.channel == channel,
        Review.key.in_(keys) | Review.contact_id.in_(contact_ids),
        Review.decided_at.is_(None),
    )
    if after is not None:
        found = found.where(after < CAME_AT)
    return db.session.scalar(found.limit(1)) is not None


def adopt(contact_id: int, keys: Iterable[bytes]) -> None:
    """Say of the open replies from locked keys which nobody had whose they are now.

    So they are found as this contact's also once the address is another.
    """
    unowned = Review.key.in_(list(keys)) & Review.contact_id.is_(None)
    db.session.execute(
        update(Review)
        .where(unowned, Review.decided_at.is_(None))
        .values(contact_id=contact_id)
        .execution_options(synchronize_session="fetch")
    )


def reopen(row: StateRow, actor: Actor, since: datetime) -> None:
    """Open again what an opt-out that is being undone had decided; the row is locked."""
    reopened = db.session.scalars(
        update(Review)
        .where(
            Review.channel == row.channel,
            Review.key == row.key,
            Review.decision == State.OPTED_OUT,
            Review.actor_kind == actor.kind,
            Review.actor_id == actor.id,
            Review.decided_at >= since,
        )
        .values(decided_at=None, decision=None, actor_kind=None, actor_id=None)
        .returning(Review.id)
    ).all()
    if reopened:
        _set_held(row, True)
