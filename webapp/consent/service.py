"""The one writer of consent.

`change` locks the channel and key, writes the event, the state, the read copy, the activity and
the cancellations in the caller's transaction; it never commits and never waits. A door that
acknowledges an opt-out commits and then calls `settle`, after which nothing can begin to leave.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from webapp.accounts import settings
from webapp.accounts.rules import Actor
from webapp.consent import queries
from webapp.consent.copies import refresh_copy
from webapp.consent.holds import reopen
from webapp.consent.locks import lock_keys
from webapp.consent.models import ConsentEvent, ConsentEventDetail
from webapp.consent.recording import record
from webapp.consent.rules import (
    SELF_EVIDENT,
    UNDO_WITHIN,
    goes_along,
)
from webapp.consent.wishes import Change, Target, Wish
from webapp.contacts.addresses import address_by_key, contact_by_key, key_of
from webapp.contacts.models import Contact
from webapp.contacts.rules import Channel, Source, State, provider_address
from webapp.core.db import db
from webapp.core.dialect import database_now
from webapp.core.errors import Conflict, Invalid, NotFound
from webapp.outbox import queries as outbox_queries

SETTING = "consent"
FUTURE_TOLERANCE = timedelta(seconds=5)


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
        first = record(own)
        along = tuple(record(other) for other in others)
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
    target = Target(wish, event.key, detail.address, contact)
    undone = record(target, undoes_id=event_id)
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


def _reach_and_lock(wishes: Sequence[Wish]) -> list[list[Target]]:
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


def _reach(wish: Wish, contact_id: int | None) -> list[Target]:
    """Give the keys that a wish changes: its own first, then those that go along."""
    key = key_of(wish.address)
    contact = contact_by_key(key)
    if contact is None and contact_id is not None:
        contact = db.session.get(Contact, contact_id, populate_existing=True)
    targets = [Target(wish, key, wish.address.value, contact)]
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
                targets.append(Target(along, other, value, contact))
    return targets
