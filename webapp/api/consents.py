"""PUT and GET /consents: the state of an address on a channel."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from apiflask import APIBlueprint
from pydantic import Field, StringConstraints

from webapp.accounts.access import actor, ensure, requires
from webapp.accounts.rules import Actor, Right
from webapp.api.addresses import address_on, any_address
from webapp.api.moments import Moment, earliest, parse_day_or_moment
from webapp.api.schemas import Answer, Body, ConsentState, Query
from webapp.consent.preferences import preferences_of
from webapp.consent.service import change, settle
from webapp.consent.wishes import Change, Wish
from webapp.contacts.rules import Channel, Source, State
from webapp.core.db import transaction
from webapp.core.errors import Invalid

blueprint = APIBlueprint("consents", __name__, tag="Consents")

LARGEST_EVIDENCE = 20_000  # characters, as Python writes it

Line = Annotated[str, StringConstraints(max_length=320)]
Note = Annotated[str, StringConstraints(max_length=2000)]
Evidence = dict[str, Any] | Annotated[str, StringConstraints(max_length=LARGEST_EVIDENCE)]


class ConsentIn(Body):
    """A wish. `evidence` says how, when, where and with which wording the person agreed."""

    channel: Channel
    address: Line
    state: Literal["opted_in", "opted_out"]
    evidence: Evidence | None = None
    reason: Note | None = None
    occurred_at: Moment | None = None


class ConsentOut(Answer):
    """What a wish came to; `superseded` where something newer stands against it.

    `cancelled_messages` counts the waiting messages that it cancelled.
    """

    state: State
    changed: bool
    superseded: bool
    event_id: int
    cancelled_messages: int


class ConsentQuery(Query):
    """Whose consent: an email address, a phone number or a WhatsApp id."""

    address: Annotated[Line, Field(min_length=1)]


class ConsentList(Answer):
    """The four channels in their order."""

    items: list[ConsentState]


@blueprint.put("/consents")
@requires(Right.OPT_OUT)
@blueprint.input(ConsentIn, arg_name="said")
@blueprint.output(ConsentOut)
def put(said: ConsentIn) -> ConsentOut:
    """Opt an address in or out on a channel

    Answered only when nothing can leave any more that the change forbids. Opting in needs
    evidence; a repeat changes nothing and is recorded all the same.
    """
    wish = wish_of(said, actor())
    result = transaction(lambda: change(wish))
    settle([result])
    return outcome(result)


@blueprint.get("/consents")
@requires(Right.SEE)
@blueprint.input(ConsentQuery, location="query", arg_name="asked")
@blueprint.output(ConsentList)
def get(asked: ConsentQuery) -> dict[str, Any]:
    """The consent of whoever has an address, on all four channels"""
    return {"items": preferences_of(any_address(asked.address))}


def wish_of(said: ConsentIn, who: Actor) -> Wish:
    """Give a call's wish to the room that records it. Raises Invalid or Forbidden."""
    asked = State(said.state)
    if asked is State.OPTED_IN:
        ensure(Right.OPT_IN)
    evidence = evidence_of(said.evidence)
    return Wish(
        said.channel,
        address_on(said.channel, said.address),
        asked,
        Source.API,
        who,
        occurred_at=said.occurred_at,
        evidence=evidence,
        evidence_at=_when(evidence),
        reason=(said.reason or "").strip(),
    )


def outcome(result: Change) -> ConsentOut:
    """Give a recorded change as calls are answered."""
    return ConsentOut(
        state=result.state,
        changed=result.changed,
        superseded=result.superseded,
        event_id=result.event_id,
        cancelled_messages=len(result.all_cancelled),
    )


def evidence_of(given: dict[str, Any] | str | None) -> dict[str, Any]:
    """Give evidence as it is kept: a text is the how; an object in which nothing is said is none.

    Numbers and yes alone say nothing that could be shown to anybody. Raises Invalid if too long.
    """
    evidence = {"how": given} if isinstance(given, str) else given or {}
    if len(repr(evidence)) > LARGEST_EVIDENCE:
        raise Invalid(f"Evidence has {LARGEST_EVIDENCE:,} characters at most.", field="evidence")
    return _as_kept(evidence) if _says_something(evidence) else {}


def _as_kept(value: Any) -> Any:
    """Write fractions as text: a database may give 1e16 back as a whole number, and the chain
    would not hold."""
    if isinstance(value, dict):
        return {name: _as_kept(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_as_kept(inner) for inner in value]
    return str(value) if isinstance(value, float) else value


def _says_something(value: Any) -> bool:
    if isinstance(value, str):
        return bool(value.strip())
    if isinstance(value, dict):
        return any(_says_something(part) for part in value.values())
    return isinstance(value, list) and any(_says_something(part) for part in value)


def _when(evidence: dict[str, Any]) -> datetime | None:
    """Give when the evidence was given, by its `when`: the moment of a day is its very first.

    Raises Invalid where it cannot be read: an undated yes could lift a later no.
    """
    given = evidence.get("when")
    if given is None or given == "":
        return None
    try:
        return earliest(parse_day_or_moment(given))
    except ValueError as error:
        raise Invalid(f"The evidence's “when” {error}.", field="evidence") from None
