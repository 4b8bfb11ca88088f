"""A contact as lists show them: few columns, read without the model, tags for all at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from webapp.contacts.models import Contact, ContactTag, Tag
from webapp.contacts.rules import Channel, Source, State
from webapp.core.db import db
from webapp.core.errors import NotFound


@dataclass(frozen=True, slots=True)
class Row:
    """A contact as lists show it on one channel; the consent in it is the read copy."""

    id: int
    name: str
    name_folded: str
    phone: str | None
    email: str | None
    whatsapp_id: str | None
    attributes: dict[str, Any]
    created_at: datetime
    state: State
    changed_at: datetime | None
    source: Source | None
    held: bool
    channel: Channel
    tags: list[str] = field(default_factory=list)

    @property
    def address(self) -> str | None:
        """Where the channel reaches this person; None where it cannot."""
        if self.channel is Channel.EMAIL:
            return self.email
        return self.phone or (self.whatsapp_id if self.channel is Channel.WHATSAPP else None)

    @property
    def display_name(self) -> str:
        """Something to call this person by, never empty."""
        return self.name or self.phone or self.email or self.whatsapp_id or f"Contact {self.id}"


def columns(channel: Channel) -> Select[*tuple[Any, ...]]:
    """Select what a Row holds, in its order, as far as the channel."""
    parts = ("state", "changed_at", "source", "held")
    return select(
        Contact.id,
        Contact.name,
        Contact.name_folded,
        Contact.phone,
        Contact.email,
        Contact.whatsapp_id,
        Contact.attributes,
        Contact.created_at,
        *(getattr(Contact, f"{channel}_{part}") for part in parts),
    )


def as_row(values: Iterable[Any], channel: Channel, tags: list[str] | None = None) -> Row:
    """Make a Row of what `columns` selected."""
    return Row(*values, channel, tags or [])  # type: ignore[call-arg]


def read_rows(wanted: Select[*tuple[Any, ...]], channel: Channel) -> list[Row]:
    """Read the rows of a query made from `columns`, without their tags."""
    return [as_row(values, channel) for values in db.session.execute(wanted)]


def row_of(contact_id: int, channel: Channel) -> Row:
    """Give one contact as the list shows them. Raises NotFound."""
    found = read_rows(columns(channel).where(Contact.id == contact_id), channel)
    if not found:
        raise NotFound("That contact is not there.")
    return with_tags(found)[0]


def with_tags(rows: Sequence[Row]) -> list[Row]:
    """Give the rows with their tags, by alphabet."""
    found: dict[int, list[str]] = {row.id: [] for row in rows}
    query = (
        select(ContactTag.contact_id, Tag.name)
        .join(Tag, Tag.id == ContactTag.tag_id)
        .where(ContactTag.contact_id.in_(found))
        .order_by(Tag.folded)
    )
    for contact_id, name in db.session.execute(query) if rows else ():
        found[contact_id].append(name)
    return [replace(row, tags=found[row.id]) for row in rows]
