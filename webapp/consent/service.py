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

from webapp.accounts.rules import Actor
from webapp.consent.holds import reopen
from webapp.consent.locks import lock_keys
from webapp.consent.models import ConsentEvent, ConsentEventDetail
from webapp.consent.reach import Target, reach
from webapp.consent.recording import copy_states, record
from webapp.consent.rows import Place
from webapp.consent.rules import SELF_EVIDENT, UNDO_WITHIN, was_carried
from webapp.consent.scenes import scene_of_key
from webapp.consent.wishes import Change, Wish
from webapp.contacts.owners import Owner
from webapp.contacts.rules import Source, State, provider_address
from webapp.core.db import db
from webapp.core.dialect import database_now
from webapp.core.errors import Conflict, Invalid, NotFound
from webapp.outbox import queries as outbox_queries

FUTURE_TOLERANCE = timedelta(seconds=5)


def change(wish: Wish) -> Change:
    """Record one wish in the open transaction; see `change_many`."""
    return change_many([wish])[0]


def change_many(
    wishes: Sequence[Wish], *, met: Sequence[Owner | None] | None = None
) -> list[Change]:
    """Record wishes in the open transaction, in order; gives what each came to.

    An opt-out also reaches the other address of the same person on the channel, and every
    channel where the account says so. `met` are the owners of the addresses, where the caller has
    just read them. Raises Invalid for an opt-in without evidence or from the future. Effects:
    events, states, copies, activities, cancelled messages; after the commit a job takes the
    cancelled messages' RQ jobs away.
    """
    for wish in wishes:
        check(wish)
    db.session.flush()  # what follows goes past the ORM
    return record_all(reach(wishes, met))


def record_all(reached: Sequence[Sequence[Target]]) -> list[Change]:
    """Record what wishes reach, each with its own key first, all of it locked."""
    results: list[Change] = []
    covered: dict[Place, tuple[Wish, Change]] = {}
    for own, *others in reached:
        before = covered.pop(own.place, None)
        if before is not None and _says_no_more(own.wish, before[0]):
            # Another address of the same person, named in the same call: it went along already.
            results.append(before[1])
            continue
        if own.wish.asked is not State.OPTED_OUT:
            covered.clear()  # it may lift what went along
        first = record(own)
        along = tuple(record(other) for other in others)
        covered.update(((change.channel, change.key), (own.wish, change)) for change in along)
        results.append(replace(first, along=along))
    copy_states(target for targets in reached for target in targets)
    return results


def _says_no_more(wish: Wish, before: Wish) -> bool:
    """Tell whether a wish is the one before it over again, for another address of the person."""
    return replace(before, channel=wish.channel, address=wish.address, reason=wish.reason) == wish


def settle(
    changes: Iterable[Change],
    *,
    also: Iterable[Place] = (),
    at_most: float = 2.0,
) -> None:
    """Wait, after the commit, until no claim on the opted-out keys can still begin its request.

    Each change knows, from under its lock, whether such a claim was under way; where none was,
    there is nothing to wait for. Lasts at most `begin_by` (200 ms) in practice and never for a
    provider's answer; `at_most` seconds bounds it whatever the clocks do. `also` are channels and
    keys that the answer calls opted out although nothing changed: a repeat is acknowledged like
    the first, and the first may still be waiting.
    """
    everything = [each for change in changes for each in (change, *change.along)]
    targets = set(also) - {(change.channel, change.key) for change in everything}
    targets |= {
        (change.channel, change.key)
        for change in everything
        if change.state is not State.OPTED_IN and change.in_flight_until is not None
    }
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
    address = provider_address(detail.address)
    lock_keys([event.key])
    scene = scene_of_key(address.kind, event.key, event.channel)
    own = (event.actor_kind, event.actor_id) == (actor.kind, actor.id) and actor.signed_in
    if not own or event.source is not Source.MANUAL or was_carried(detail.evidence.get("reason")):
        raise Conflict("Only your own change can be undone.")
    if scene.row(event.channel, event.key).head_seq != event.seq:
        raise Conflict("Something changed after it, so it stays.")
    if scene.now - event.recorded_at > UNDO_WITHIN:
        raise Conflict("A change can be undone for one minute.")
    wish = Wish(
        event.channel,
        address,
        event.from_state,
        Source.CORRECTION,
        actor,
        reason=f"Undoes event {event_id}",
    )
    target = Target(wish, event.key, detail.address, scene)
    undone = record(target, undoes_id=event_id)
    if event.asked is State.OPTED_OUT:
        reopen(target.row, actor, event.recorded_at)
    copy_states([target])
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
    dated = ((wish.occurred_at, "occurred_at"), (wish.evidence_at, "evidence"))
    given = [(moment, name) for moment, name in dated if moment is not None]
    latest = database_now(db.session()) + FUTURE_TOLERANCE if given else None
    for moment, name in given:
        if latest is not None and moment > latest:
            raise Invalid("An opt-in cannot be dated in the future.", field=name)
