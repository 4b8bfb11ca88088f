"""Deciding what a held reply meant: each by itself, once, whoever decides first."""

from __future__ import annotations

from dataclasses import replace

from webapp.accounts.rules import Actor, Right
from webapp.consent import holds
from webapp.consent.by_key import change_by_key, nameless
from webapp.consent.models import Review
from webapp.consent.review_scenes import Decided, Decision, Scene, came_at, locked_scene
from webapp.consent.rows import read_row
from webapp.consent.rules import UNDO_WITHIN
from webapp.consent.service import change_many
from webapp.consent.wishes import Change, Wish
from webapp.contacts.addresses import key_of
from webapp.contacts.rules import AddressKind, Channel, Source, State, provider_address
from webapp.core.db import db
from webapp.core.dialect import database_now
from webapp.core.errors import Conflict

# What it takes to decide so. A dismissal opts nobody in; where a marketer may only report, what
# was reported is an admin's.
RIGHTS = dict.fromkeys((Decision.OPTED_OUT, Decision.DISMISSED), Right.OPT_OUT)


def opt_out_review(review_id: int, actor: Actor) -> Decided:
    """Decide that a reply was a request to stop, in the open transaction. Raises NotFound.

    The opt-out counts from when the reply came (47 CFR 64.1200(a)(10): from receipt), so an
    opt-in that the person gave after it stands by the fold. Where they are out, all their open
    replies on the channel are closed with it.
    """
    scene = locked_scene(review_id)
    if scene.review.decided_at is not None:
        return scene.decided(again=True)
    changes = _opt_out(scene, actor)
    # Where something newer stands, the hold did not end with the change.
    holds.close(Review.id == review_id, Decision.OPTED_OUT, actor)
    waits = scene.waits()
    scene.tell("review.closed")
    return scene.decided(changes=changes, waits=waits)


def dismiss_review(review_id: int, actor: Actor) -> Decided:
    """Decide that a reply was no request to stop, in the open transaction. Raises NotFound.

    Marketing goes on, unless another reply of the same person on the channel still waits: each is
    judged by itself, and nothing is said about other people's.
    """
    scene = locked_scene(review_id)
    if scene.review.decided_at is not None:
        return scene.decided(again=True)
    holds.close(Review.id == review_id, Decision.DISMISSED, actor)
    waits = scene.waits()
    scene.tell("review.closed", "hold_dismissed", actor)
    return scene.decided(waits=waits)


def reopen_review(review_id: int, actor: Actor) -> Decided:
    """Take back one's own dismissal of the last minute: it waits again, and marketing with it.

    In the open transaction; what left in between is gone. A second click does no harm. An opt-out
    is not taken back here, since opting in needs its evidence. Raises NotFound, or Conflict with
    the reason.
    """
    scene = locked_scene(review_id)
    review = scene.review
    if review.decided_at is None:
        return scene.decided(again=True)
    _check_reopening(scene, actor)
    review.decided_at = review.decision = review.actor_kind = review.actor_id = None
    db.session.flush()
    for key in [*scene.keys, *scene.left]:
        holds.hold_also(review.channel, key)
    scene.refresh()
    scene.tell("review.reopened", "held", actor, said=review.said)
    return scene.decided(waits=True)


def _check_reopening(scene: Scene, actor: Actor) -> None:
    review = scene.review
    own = (review.actor_kind, review.actor_id) == (actor.kind, actor.id)
    if review.decision != Decision.DISMISSED or not own:
        raise Conflict("Only your own dismissal can be undone. Opting in needs its evidence.")
    if review.decided_at and database_now(db.session()) - review.decided_at > UNDO_WITHIN:
        raise Conflict("A dismissal can be undone for one minute.")
    if any(read_row(review.channel, key).state is State.OPTED_OUT for key in scene.keys):
        raise Conflict(f"{scene.name} has been opted out since, so there is nothing to decide.")


def _opt_out(scene: Scene, actor: Actor) -> list[Change]:
    """Opt out the address that replied, and the person where it is theirs no more.

    Their other addresses go along by themselves. It is the review's own key that is opted out,
    also where its address does not lead to it: after an erasure, or under another account key.
    """
    review = scene.review
    address = provider_address(review.address)
    wish = Wish(
        review.channel,
        address,
        State.OPTED_OUT,
        Source.REVIEW,
        actor,
        came_at(review),
        said=review.said,
        reason=f"Review {review.id}",
    )
    has_it = next((o for o in scene.owners if review.key in o.keys(review.channel)), None)
    met = has_it or next(iter(scene.owners), None)
    if review.address and key_of(address) == review.key:
        changes = change_many([wish], met=[met])
    else:
        kind = AddressKind.EMAIL if review.channel is Channel.EMAIL else AddressKind.PHONE
        of_key = replace(wish, address=nameless(kind))
        changes, met = change_by_key([of_key], kind, review.key), has_it
    for owner in scene.owners:
        keys = owner.keys(review.channel)
        if owner is not met and keys:
            other = replace(wish, address=provider_address(owner.address_of(keys[0])))
            changes += change_many([other], met=[owner])
    return changes
