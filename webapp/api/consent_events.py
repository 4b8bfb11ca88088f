"""GET /consent-events: the ledger."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from apiflask import APIBlueprint
from pydantic import Field

from webapp.accounts.access import requires
from webapp.accounts.rules import Right
from webapp.api.addresses import any_address
from webapp.api.consents import Line
from webapp.api.moments import DayOrMoment, since, until
from webapp.api.schemas import Answer, Doer, Items, Paged
from webapp.consent.event_list import EventFilter, event_page
from webapp.consent.models import ConsentEvent, ConsentEventDetail
from webapp.contacts.rules import Channel, Source, State

blueprint = APIBlueprint("consent_events", __name__, tag="Consents")


class EventQuery(Paged):
    """Which events. `from` and `to` are days (UTC) or times of recording, both inclusive."""

    address: Line | None = None
    channel: Channel | None = None
    first: DayOrMoment | None = Field(None, alias="from")
    last: DayOrMoment | None = Field(None, alias="to")


class EventOut(Answer):
    """One line of the ledger. Erasure takes `address`, `said` and `evidence` away: then null.

    `asked` is what the event stands for, `from_state` and `to_state` what stood before and after.
    `hash` binds the line to the one before it on its chain (`previous_hash`); both are hex.
    """

    id: int
    channel: Channel
    address: str | None
    asked: State
    from_state: State
    to_state: State
    source: Source
    actor: Doer
    said: str | None
    evidence: dict[str, Any] | None
    undoes_id: int | None
    occurred_at: datetime
    effective_at: datetime
    recorded_at: datetime
    seq: int
    previous_hash: str
    hash: str


class EventList(Items):
    """A page of the ledger, newest first."""

    items: list[EventOut]


@blueprint.get("/consent-events")
@requires(Right.SEE)
@blueprint.input(EventQuery, location="query", arg_name="asked")
@blueprint.output(EventList)
def index(asked: EventQuery) -> dict[str, Any]:
    """The consent events of an address, a channel, a range of time, or all of them"""
    wanted = EventFilter(
        any_address(asked.address) if asked.address else None,
        asked.channel,
        since(asked.first),
        until(asked.last),
    )
    page = event_page(wanted, asked.cursor, asked.limit)
    return {
        "items": [event_out(event, detail) for event, detail in page.items],
        "next_cursor": page.next_cursor,
    }


def event_out(event: ConsentEvent, detail: ConsentEventDetail | None) -> EventOut:
    """Give a ledger line as calls are answered."""
    return EventOut(
        id=event.id,
        channel=event.channel,
        address=detail.address if detail else None,
        asked=event.asked,
        from_state=event.from_state,
        to_state=event.to_state,
        source=event.source,
        actor=Doer(kind=event.actor_kind, id=event.actor_id),
        said=detail.said if detail else None,
        evidence=detail.evidence if detail else None,
        undoes_id=event.undoes_id,
        occurred_at=event.occurred_at,
        effective_at=event.effective_at,
        recorded_at=event.recorded_at,
        seq=event.seq,
        previous_hash=event.prev.hex(),
        hash=event.hash.hex(),
    )
