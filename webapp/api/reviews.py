"""/reviews: replies that read like a request to stop, and what somebody decided they meant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from apiflask import APIBlueprint
from flask import Response
from pydantic import Field

from webapp.accounts.access import actor, ensure, requires
from webapp.accounts.rules import Right
from webapp.api.idempotency import answer_once
from webapp.api.schemas import Answer, Body, Items, Paged
from webapp.consent.review_lines import Line
from webapp.consent.review_list import Tab, review_line, review_page
from webapp.consent.review_scenes import Decided, Decision
from webapp.consent.reviews import RIGHTS, dismiss_review, opt_out_review
from webapp.consent.rows import Place
from webapp.consent.service import settle
from webapp.contacts.rules import Channel, State
from webapp.core import clock
from webapp.core.errors import Conflict

blueprint = APIBlueprint("reviews", __name__, tag="Consents")


class ReviewQuery(Paged):
    """Which replies: those that are `open`, oldest deadline first, or `decided`, newest first."""

    status: Tab = Tab.OPEN
    channel: Channel | None = None


class ReviewOut(Answer):
    """A held reply. `text` is what was said, `because` which words and rule held it.

    It came at `received_at` and must be decided by the end of the day `decide_by` (ten business
    days). `state` is the consent of whoever replied now, `waiting_messages` the marketing that
    waits for the decision.
    """

    id: int
    status: Tab
    channel: Channel
    address: str | None
    contact_id: int | None
    text: str
    because: dict[str, Any]
    received_at: datetime
    decide_by: date
    overdue: bool
    state: State
    opted_in_at: datetime | None = Field(
        description="Since when they are opted in; null where `state` is another."
    )
    opted_in_since_reply: bool = Field(
        description="Whether they opted in after the reply, so that an opt-out for it changes"
        " nothing."
    )
    waiting_messages: int
    decision: Decision | None
    decided_at: datetime | None
    decided_by: str | None


class ReviewList(Items):
    """A page of held replies."""

    items: list[ReviewOut]


class DecisionIn(Body):
    """What the reply meant."""

    decision: Literal["opted_out", "dismissed"] = Field(description="`opted_out` or `dismissed`")


class DecisionOut(ReviewOut):
    """The reply as it stands, and what deciding it came to.

    `superseded` where they opted in after the reply, so that the opt-in stands; `still_held`
    where another reply of theirs keeps marketing on the channel waiting.
    """

    cancelled_messages: int
    superseded: bool
    still_held: bool


@blueprint.get("/reviews")
@requires(Right.SEE)
@blueprint.input(ReviewQuery, location="query", arg_name="asked")
@blueprint.output(ReviewList)
def index(asked: ReviewQuery) -> dict[str, Any]:
    """The replies that wait for review, or were decided"""
    page = review_page(asked.status, asked.channel, asked.cursor, asked.limit)
    items = [ReviewOut(**_fields(line)) for line in page.items]
    return {"items": items, "next_cursor": page.next_cursor}


@blueprint.get("/reviews/<id:review_id>")
@requires(Right.SEE)
@blueprint.output(ReviewOut)
def show(review_id: int) -> ReviewOut:
    """One held reply"""
    return ReviewOut(**_fields(review_line(review_id)))


@blueprint.post("/reviews/<id:review_id>/decide")
@requires(Right.WORK)
@blueprint.input(DecisionIn, arg_name="said")
@blueprint.output(DecisionOut)
def decide(review_id: int, said: DecisionIn) -> Response:
    """Decide what a reply meant

    Answered only when nothing can leave any more that the decision forbids. Deciding the same
    again changes nothing; deciding otherwise what is decided is a conflict.
    """
    wanted = Decision(said.decision)
    ensure(RIGHTS[wanted])
    made: list[Decided] = []

    def work() -> tuple[DecisionOut, int]:
        made[:] = [_decided(review_id, wanted)]
        return _outcome(made[0]), 200

    response = answer_once(work)
    changes = [change for done in made for change in done.changes]
    settle(changes, also=_places(review_id, wanted, made))
    return response


def _places(review_id: int, said: Decision, made: Sequence[Decided]) -> list[Place]:
    """Give what the answer calls opted out, also where it is a kept one that is given again."""
    if made or said is not Decision.OPTED_OUT:
        return [place for done in made for place in done.places]
    review = review_line(review_id).review
    return [(review.channel, review.key)]


def _decided(review_id: int, wanted: Decision) -> Decided:
    run = opt_out_review if wanted is Decision.OPTED_OUT else dismiss_review
    done = run(review_id, actor())
    if done.decision is not wanted:
        raise Conflict(f"This reply was decided before: {done.decision}.")
    return done


def _outcome(done: Decided) -> DecisionOut:
    line = review_line(done.review_id)
    return DecisionOut(
        **_fields(line),
        cancelled_messages=done.cancelled,
        superseded=done.superseded or _was_superseded(done, line),
        still_held=done.waits,
    )


def _was_superseded(done: Decided, line: Line) -> bool:
    """Tell whether an opt-out that was decided before changed nothing, as it was said then."""
    is_out = done.again and done.decision is Decision.OPTED_OUT
    since, at = line.opted_in_at, line.review.decided_at
    return bool(is_out and since and at and since <= at)


def _fields(line: Line) -> dict[str, Any]:
    review, zone = line.review, ZoneInfo("UTC")
    due = line.due(clock.now().astimezone(UTC).date(), zone)
    is_open = review.decided_at is None
    return {
        "id": review.id,
        "status": Tab.OPEN if is_open else Tab.DECIDED,
        "channel": review.channel,
        "address": review.address or None,
        "contact_id": line.owner.id if line.owner else None,
        "text": review.said,
        "because": review.because,
        "received_at": line.came_at,
        "decide_by": due.last,
        "overdue": is_open and due.over,
        "state": line.state,
        "opted_in_at": line.since if line.state is State.OPTED_IN else None,
        "opted_in_since_reply": line.opted_in_at is not None,
        "waiting_messages": line.waiting,
        "decision": review.decision,
        "decided_at": review.decided_at,
        "decided_by": line.who or None,
    }
