"""The one writer of consent.

`change` locks the channel and key, writes the event, the state, the read copy, the activity and
the cancellations in the caller's transaction; it never commits and never waits. A door that
acknowledges an opt-out commits and then calls `settle`, after which nothing can begin to leave.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert

from webapp.accounts import settings
from webapp.accounts.rules import Actor
from webapp.consent import queries
from webapp.consent.chain import commitment, link, public_fields
from webapp.consent.copies import refresh_copy
from webapp.consent.holds import end_hold, reopen
from webapp.consent.locks import lock_keys
from webapp.consent.models import ConsentEvent, ConsentEventDetail, ConsentState
from webapp.consent.rows import new_state_row
from webapp.consent.rules import (
    SELF_EVIDENT,
    UNDO_WITHIN,
    Entry,
    Rule,
    Standing,
    advance,
    fold,
    goes_along,
)
from webapp.contacts.activities import note
from webapp.contacts.addresses import address_by_key, contact_by_key, key_of
from webapp.contacts.models import Contact
from webapp.contacts.rules import Address, Channel, Source, State, provider_address
from webapp.core.db import db
from webapp.core.dialect import database_now
from webapp.core.errors import Conflict, Invalid, NotFound
from webapp.events.service import publish
from webapp.outbox import queries as outbox_queries
from webapp.outbox import service as outbox
from webapp.outbox.rules import Reason, Status

SETTING = "consent"
FUTURE_TOLERANCE = timedelta(seconds=5)
NOT_YET = 2**63 - 1  # stands for the id of the event that is about to be written


@dataclass(frozen=True)
class Wish:
    """A change somebody asks for. `evidence` says how, when, where, and with which wording.

    `evidence_at` is when the evidence was given; an opt-in takes effect no later than that.
    `said` is the person's own text, `reason` a note by whoever recorded it.
    """

    channel: Channel
    address: Address
    asked: State
    source: Source
    actor: Actor
    occurred_at: datetime | None = None
    evidence: dict[str, Any] = field(default_factory=dict)
    evidence_at: datetime | None = None
    said: str = ""
    reason: str = ""

    @property
    def proven(self) -> bool:
        """True where something is shown for it."""
        return any(str(value).strip() for value in self.evidence.values())


@dataclass(frozen=True)
class Change:
    """What a wish came to. `superseded` where something newer stands against it.

    `cancelled` are message ids. `along` are the changes on the person's other addresses and
    channels that the same wish reached.
    """

    channel: Channel
    key: bytes
    event_id: int
    before: State
    state: State
    superseded: bool
    cancelled: tuple[int, ...] = ()
    contact_id: int | None = None
    along: tuple[Change, ...] = ()

    @property
    def all_cancelled(self) -> tuple[int, ...]:
        """Every message that the wish cancelled, on whichever address."""
        return self.cancelled + tuple(m for change in self.along for m in change.cancelled)

    @property
    def changed(self) -> bool:
        """True where the stored state is another one now."""
        return self.before is not self.state


@dataclass(frozen=True)
class _Target:
    wish: Wish
    key: bytes
    address: str
    contact: Contact | None


def change(wish: Wish) -> Change:
    """Record one wish in the open transaction; see `change_many`."""
    return change_many([wish])[0]


def change_many(wishes: Sequence[Wish]) -> list[Change]:
    """Record wishes in the open transaction, in order; gives what each came to.

    An opt-out also reaches the other address of the same person on the channel, and every
    channel where the account says so. Raises Invalid for an opt-in without evidence or from the
    future. Effects: events, states, copies, activities, cancelled messages; after the commit a
    job takes the cancelled messages' RQ jobs away.
    """
    for wish in wishes:
        check(wish)
    reached = _reach_and_lock(wishes)
    results: list[Change] = []
    covered: dict[tuple[Channel, bytes], Change] = {}
    for own, *others in reached:
        place = (own.wish.channel, own.key)
        before = covered.pop(place, None)
        if before is not None and before.state is own.wish.asked:
            # Another address of the same person, named in the same call: it went along already.
            results.append(before)
            continue
        first = _record(own)
        along = tuple(_record(other) for other in others)
        covered.update(((change.channel, change.key), change) for change in along)
        results.append(replace(first, along=along))
    return results


def settle(
    changes: Iterable[Change],
    *,
    also: Iterable[tuple[Channel, bytes]] = (),
    at_most: float = 2.0,
) -> None:
    """Wait, after the commit, until no claim on the opted-out keys can still begin its request.

    Lasts at most `begin_by` (200 ms) in practice and never for a provider's answer; `at_most`
    seconds bounds it whatever the clocks do. `also` are channels and keys that the answer calls
    opted out although nothing changed: a repeat is acknowledged like the first, and the first
    may still be waiting.
    """
    everything = [each for change in changes for each in (change, *change.along)]
    targets = {(c.channel, c.key) for c in everything if c.state is not State.OPTED_IN}
    targets |= set(also)
    deadline = time.monotonic() + at_most
    while targets and time.monotonic() < deadline:
        until = outbox_queries.in_flight_until(list(targets))
        now = database_now(db.session()) if until else None
        db.session.rollback()
        if until is None or now is None:
            return
        time.sleep(min(max((until - now).total_seconds(), 0.001), 0.02))


def undo(event_id: int, actor: Actor) -> Change:
    """Take back the actor's own last change within 60 seconds; cancelled messages stay so.

    Raises NotFound, or Conflict with the reason why it can no longer be undone.
    """
    event = db.session.get(ConsentEvent, event_id)
    detail = db.session.get(ConsentEventDetail, event_id)
    if event is None or detail is None:
        raise NotFound("That change is not there.")
    lock_keys([(event.channel, event.key)])
    row = queries.state_row(event.channel, event.key)
    own = (event.actor_kind, event.actor_id) == (actor.kind, actor.id) and actor.signed_in
    if not own or event.source is Source.CORRECTION:
        raise Conflict("Only your own change can be undone.")
    if row is None or row.head_seq != event.seq:
        raise Conflict("Something changed after it, so it stays.")
    if database_now(db.session()) - event.recorded_at > UNDO_WITHIN:
        raise Conflict("A change can be undone for one minute.")
    contact = contact_by_key(event.key)
    wish = Wish(
        event.channel,
        provider_address(detail.address),
        event.from_state,
        Source.CORRECTION,
        actor,
        reason=f"Undoes event {event_id}",
    )
    target = _Target(wish, event.key, detail.address, contact)
    undone = _record(target, undoes_id=event_id)
    if event.asked is State.OPTED_OUT:
        reopen(event.channel, event.key, actor, event.recorded_at)
        if contact:
            refresh_copy(contact, event.channel)
    return undone


def check(wish: Wish) -> None:
    """Raise Invalid for a wish that no change may come of; `change_many` asks it first of all."""
    if wish.asked is State.UNKNOWN:
        raise Invalid("A consent is opted in or opted out.", field="state")
    if wish.asked is not State.OPTED_IN or wish.source in SELF_EVIDENT | {Source.PROVIDER}:
        return
    if not wish.proven:
        raise Invalid(
            "Opting in needs its evidence: how, when and where the person agreed, and to what.",
            field="evidence",
        )
    latest = database_now(db.session()) + FUTURE_TOLERANCE
    for moment, name in ((wish.occurred_at, "occurred_at"), (wish.evidence_at, "evidence")):
        if moment is not None and moment > latest:
            raise Invalid("An opt-in cannot be dated in the future.", field=name)


def _reach_and_lock(wishes: Sequence[Wish]) -> list[list[_Target]]:
    """Give what each wish reaches, all of it locked.

    Whoever edits an address holds the locks of the old and the new one. While we waited for
    them the person's keys may have become others, so they are read again under the lock, and
    the person stays the one whom the wish met first.
    """
    people = [contact_by_key(key_of(wish.address)) for wish in wishes]
    known = [contact.id if contact else None for contact in people]
    locked: set[tuple[Channel, bytes]] = set()
    while True:
        reached = [_reach(wish, who) for wish, who in zip(wishes, known, strict=True)]
        wanted = {(t.wish.channel, t.key) for targets in reached for t in targets}
        if wanted <= locked:
            return reached
        lock_keys(wanted)
        locked |= wanted


def _reach(wish: Wish, contact_id: int | None) -> list[_Target]:
    """Give the keys that a wish changes: its own first, then those that go along."""
    key = key_of(wish.address)
    contact = contact_by_key(key)
    if contact is None and contact_id is not None:
        contact = db.session.get(Contact, contact_id, populate_existing=True)
    targets = [_Target(wish, key, wish.address.value, contact)]
    if wish.asked is not State.OPTED_OUT or contact is None:
        return targets
    channels = [wish.channel]
    if settings.read(SETTING).get("stop_on_one_stops_all"):
        channels += [channel for channel in Channel if channel is not wish.channel]
    for channel in channels:
        for other in contact.keys(channel):
            if (channel, other) != (wish.channel, key):
                value = address_by_key(contact, other)
                along = Wish(
                    channel,
                    provider_address(value),
                    wish.asked,
                    wish.source,
                    wish.actor,
                    wish.occurred_at,
                    said=wish.said,
                    reason=goes_along(wish.channel, wish.address.value),
                )
                targets.append(_Target(along, other, value, contact))
    return targets


def _record(target: _Target, undoes_id: int | None = None) -> Change:
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


def _append(target: _Target, row: ConsentState, entry: Entry, before: State, after: State) -> int:
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


def _tell(
    target: _Target, event_id: int, before: State, after: State, cancelled: list[int]
) -> None:
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
