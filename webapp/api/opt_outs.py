"""GET /opt-outs: the exclusion list."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from apiflask import APIBlueprint
from pydantic import Field

from webapp.accounts.access import requires
from webapp.accounts.rules import Right
from webapp.api.moments import DayOrMoment, since, until
from webapp.api.schemas import Answer, Items, Paged
from webapp.consent.exclusions import ExclusionFilter, exclusion_page
from webapp.contacts.rules import Channel, Source

blueprint = APIBlueprint("opt_outs", __name__, tag="Consents")


class OptOutQuery(Paged):
    """Which opt-outs. `from` and `to` are days (UTC) or times of the opt-out, both inclusive."""

    channel: Channel | None = None
    source: Source | None = None
    first: DayOrMoment | None = Field(None, alias="from")
    last: DayOrMoment | None = Field(None, alias="to")


class OptOut(Answer):
    """One opted-out address; `address` is null once the person was erased."""

    channel: Channel
    address: str | None
    contact_id: int | None
    source: Source | None
    opted_out_at: datetime


class OptOutList(Items):
    """A page of the exclusion list, newest first."""

    items: list[OptOut]


@blueprint.get("/opt-outs")
@requires(Right.SEE)
@blueprint.input(OptOutQuery, location="query", arg_name="asked")
@blueprint.output(OptOutList)
def index(asked: OptOutQuery) -> dict[str, Any]:
    """The exclusion list: everybody opted out, contact or not"""
    wanted = ExclusionFilter(asked.channel, asked.source, since(asked.first), until(asked.last))
    page = exclusion_page(wanted, asked.cursor, asked.limit)
    items = [
        OptOut(
            channel=found.channel,
            address=found.address or None,
            contact_id=found.contact_id,
            source=found.source,
            opted_out_at=found.opted_out_at,
        )
        for found in page.items
    ]
    return {"items": items, "next_cursor": page.next_cursor}
