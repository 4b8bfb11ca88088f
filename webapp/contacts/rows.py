"""A contact as lists show them: few columns and the tags in one statement, without the model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Executable, FromClause, Select, bindparam, select

from webapp.contacts.models import Contact, ContactTag, Tag
from webapp.contacts.rules import Channel, Source, State
from webapp.core.db import db, run, table_of
from webapp.core.dialect import is_postgres, texts
from webapp.core.errors import NotFound
from webapp.core.prepared import Prepared

CONTACTS = table_of(Contact)
SHOWN = ("id", "name", "name_folded", "phone", "email", "whatsapp_id", "attributes", "created_at")
CONSENT = ("state", "changed_at", "source", "held")


class Row(NamedTuple):
    """A contact as lists show them on one channel; the consent in it is the read copy.

    `tags` are names by alphabet.
    """

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
    tags: list[str]
    channel: Channel

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


def columns(channel: Channel, of: FromClause = CONTACTS) -> Select[*tuple[Any, ...]]:
    """Select what a Row holds, in its order, as far as the channel.

    `of` is the contacts or what else has their columns.
    """
    postgres = is_postgres(db.session())
    return _of_contacts(channel, postgres) if of is CONTACTS else _columns(channel, of, postgres)


def read_rows(
    wanted: Executable | Prepared, channel: Channel, values: Mapping[str, Any]
) -> list[Row]:
    """Read the rows of a statement made from `columns`."""
    found = wanted.all(values) if isinstance(wanted, Prepared) else run(wanted, values)
    return [as_row(row, channel) for row in found]


def as_row(found: Iterable[Any], channel: Channel) -> Row:
    """Make a Row of what `columns` selected."""
    return Row._make((*found, channel))


def row_of(contact_id: int, channel: Channel) -> Row:
    """Give one contact as the list shows them. Raises NotFound."""
    wanted = _one(channel, is_postgres(db.session()))
    found = read_rows(wanted, channel, {"contact_id": contact_id})
    if not found:
        raise NotFound("That contact is not there.")
    return found[0]


def _columns(channel: Channel, of: FromClause, postgres: bool) -> Select[*tuple[Any, ...]]:
    tag, link = table_of(Tag), table_of(ContactTag)
    names = (
        select(tag.c.name)
        .join(link, link.c.tag_id == tag.c.id)
        .where(link.c.contact_id == of.c.id)
        .order_by(tag.c.folded)
    )
    return select(
        *(of.c[name] for name in SHOWN),
        *(of.c[f"{channel}_{part}"] for part in CONSENT),
        texts(names, of=of, postgres=postgres),
    )


@cache
def _of_contacts(channel: Channel, postgres: bool) -> Select[*tuple[Any, ...]]:
    """Build it once: that costs as much as running it."""
    return _columns(channel, CONTACTS, postgres)


@cache
def _one(channel: Channel, postgres: bool) -> Prepared:
    wanted = _of_contacts(channel, postgres).where(CONTACTS.c.id == bindparam("contact_id"))
    return Prepared(wanted)
