"""Deciding what a held reply meant: each by itself, once, whoever decides first."""

from __future__ import annotations

from dataclasses import replace

from webapp.accounts.rules import Actor, Right
from webapp.consent import holds
from webapp.consent.models import Review
from webapp.consent.review_scenes import Decided, Decision, Scene, came_at, locked_scene
from webapp.consent.rows import read_row
from webapp.consent.rules import UNDO_WITHIN
from webapp.consent.service import change_many
from webapp.consent.wishes import Wish
from webapp.contacts.owners import Owner
from webapp.contacts.rules import Source, State, provider_address
from webapp.core.db import db
from webapp.core.dialect import database_now
from webapp.core.errors import Conflict

# What it takes to decide so. Dismissing lets marketing go, so it needs the right to opt in.
RIGHTS = {Decision.OPTED_OUT: Right.OPT_OUT, Decision.DISMISSED: Right.OPT_IN}


def opt_out_review(review_id: int, actor: Actor) -> Decided:
    """Decide that a reply was a request to stop, in the open transaction. Raises NotFound.

    The opt-out counts from when the reply came (47 CFR 64.1200(a)(10): from receipt), so an
    opt-in that the person gave after it stands by the fold. Where they are out, all their open
    replies on the channel are closed with it.
    """
    scene = locked_scene(review_id)
    if scene.review.decided_at is not None:
        return scene.decided(again=True)
    wishes, met = _wishes(scene, actor)
    changes = change_many(wishes, met=met)
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
    for key in scene.keys:
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


def _wishes(scene: Scene, actor: Actor) -> tuple[list[Wish], list[Owner | None]]:
    """Give the opt-out of the address that replied, and of the person where it is theirs no more.

    With whom each was met; their other addresses go along by themselves.
    """
    review = scene.review
    first = Wish(
        review.channel,
        provider_address(review.address),
        State.OPTED_OUT,
        Source.REVIEW,
        actor,
        came_at(review),
        said=review.said,
        reason=f"Review {review.id}",
    )
    has_it = next((o for o in scene.owners if review.key in o.keys(review.channel)), None)
    wishes: list[Wish] = [first]
    met: list[Owner | None] = [has_it]
    for owner in scene.owners:
        keys = owner.keys(review.channel)
        if owner is not has_it and keys:
            # From now: what they agreed to at an address of another time was no answer to this.
            other = provider_address(owner.address_of(keys[0]))
            wishes.append(replace(first, address=other, occurred_at=None))
            met.append(owner)
    return wishes, met
