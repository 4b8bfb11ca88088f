"""The parameters of GET /contacts, as the audience page has them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, StringConstraints, model_validator
from sqlalchemy import select

from webapp.api.schemas import Paged
from webapp.contacts.definitions import definitions
from webapp.contacts.filters import ATTRIBUTE, Filters, Sort
from webapp.contacts.listing import page
from webapp.contacts.models import Contact
from webapp.contacts.rules import Channel, Source, State
from webapp.core.db import db
from webapp.core.paging import Page
from webapp.core.web import LARGEST_ID

UTC = ZoneInfo("UTC")

Tag = Annotated[str, StringConstraints(max_length=64)]


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


class ContactQuery(Paged):
    """Which contacts; besides these, `attr.NAME` and its `.min` and `.max`."""

    channel: Channel = Channel.WHATSAPP
    state: State | None = None
    q: Annotated[str, StringConstraints(max_length=200)] | None = None
    tag: Annotated[list[Tag], BeforeValidator(_listed)] = Field(default_factory=list)
    source: Source | None = None
    first: date | None = Field(None, alias="from")
    last: date | None = Field(None, alias="to")
    sort: Sort = Sort.NEWEST
    segment: Annotated[int, Field(ge=1, le=LARGEST_ID)] | None = None

    @model_validator(mode="before")
    @classmethod
    def _leave_attributes(cls, given: dict[str, Any]) -> dict[str, Any]:
        return {name: v for name, v in given.items() if not name.startswith(ATTRIBUTE)}


def contact_page(filters: Filters, cursor: str, limit: int) -> Page[Contact]:
    """Give a page of whole contacts, whose consent on all channels an answer shows."""
    found = page(filters, cursor, UTC, definitions(), limit)
    ids = [row.id for row in found.items]
    contacts = {c.id: c for c in db.session.scalars(select(Contact).where(Contact.id.in_(ids)))}
    return Page([contacts[i] for i in ids if i in contacts], found.next_cursor)
