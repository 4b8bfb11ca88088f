"""The lists that can be exported: the audience's contacts, and the exclusion list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    case,
    func,
    literal,
    select,
)

from webapp.consent.exclusions import ExclusionFilter, listed
from webapp.contacts.attributes import Definition
from webapp.contacts.filters import Filters
from webapp.contacts.models import Contact, ContactTag, Tag
from webapp.contacts.narrowing import conditions
from webapp.contacts.rules import Channel
from webapp.core import clock
from webapp.core.days import EVER, Days
from webapp.core.db import db
from webapp.core.dialect import hex_of
from webapp.core.reading import reading
from webapp.exports.columns import Column, Kind, attribute, yes

Definitions = Sequence[Definition]
SHOWN_OF_KEY = 8  # digits
Sorted = SQLColumnExpression[Any]


@dataclass(frozen=True, eq=False)
class Listed:
    """A list to be exported: its columns, and the rows from which they are selected.

    `name` says what it holds (`whatsapp-opt-outs`), `days` which of it, `zone` whose days and
    times these are.
    """

    name: str
    days: Days
    zone: ZoneInfo
    columns: tuple[Column, ...]
    rows: Select[*tuple[Any, ...]]

    def file_name(self, ending: str) -> str:
        """Give a name that says what a file holds: `heed-sms-contacts-2026-11-01-to-….csv`."""
        today = clock.now().astimezone(self.zone).date()
        first, last = self.days.dates(self.zone)
        said = f"{first or 'start'}-to-{last or today}" if self.days else f"{today}"
        return f"heed-{self.name}-{said}.{ending}"

    def count(self, at_most: int | None = None) -> int:
        """Count the rows; `at_most + 1` stands for more than that."""
        some = self.rows.order_by(None).limit(None if at_most is None else at_most + 1)
        with reading() as connection:
            return connection.scalars(select(func.count()).select_from(some.subquery())).one()


def contacts(
    filters: Filters, zone: ZoneInfo, known: Definitions, channels: Sequence[Channel]
) -> Listed:
    """Give the contacts that fulfil `filters`, with all attributes, sorted as they ask for.

    `channels` are those whose consent stands in it; `known` are the attribute definitions.
    Raises Invalid for a filter that cannot be read.
    """
    columns = (
        Column("id", Contact.id, Kind.ID),
        Column("name", Contact.name),
        Column("phone", Contact.phone),
        Column("email", Contact.email),
        Column("whatsapp_id", Contact.whatsapp_id),
        *(column for channel in channels for column in _consent(channel)),
        Column("tags", _tags()),
        Column("created_at", Contact.created_at, Kind.MOMENT),
        *map(attribute, known),
    )
    rows = select(Contact.id).where(*conditions(filters, zone, known)).order_by(*_order(filters))
    of = channels[0] if len(channels) == 1 else "all"
    return Listed(f"{of}-contacts", filters.days, zone, columns, rows)


def opt_outs(asked: ExclusionFilter, zone: ZoneInfo, days: Days = EVER) -> Listed:
    """Give the part of the exclusion list that is asked for, newest first; `days` name its file."""
    rows = listed(asked)
    found = rows.selected_columns
    columns = (
        Column("channel", found.channel, Kind.WORD),
        Column("address", _named(found.address, found.key)),
        Column("opted_out_at", found.since, Kind.MOMENT),
        Column("source", found.source, Kind.WORD),
        Column("contact_id", found.contact_id, Kind.ID),
        Column("name", found.name),
    )
    return Listed(f"{asked.channel or 'all'}-opt-outs", days, zone, columns, rows)


def _consent(channel: Channel) -> tuple[Column, ...]:
    """Give the columns of the consent on a channel."""
    state, changed_at, source, held = (
        getattr(Contact, f"{channel}_{part}") for part in ("state", "changed_at", "source", "held")
    )
    return (
        Column(f"{channel}_state", state, Kind.WORD),
        Column(f"{channel}_changed_at", changed_at, Kind.MOMENT),
        Column(f"{channel}_source", source, Kind.WORD),
        Column(f"{channel}_on_hold", yes(held), Kind.WORD),
    )


def _named(address: ColumnElement[str], key: ColumnElement[bytes]) -> ColumnElement[str]:
    """Give an address; of an erased person the beginning of its key, by which it is told apart."""
    short = func.substr(hex_of(db.session(), key), 1, SHOWN_OF_KEY)
    return case((address == "", literal("Erased person, key ").concat(short)), else_=address)


def _tags() -> ColumnElement[str]:
    names = (
        select(Tag.name)
        .join(ContactTag, ContactTag.tag_id == Tag.id)
        .where(ContactTag.contact_id == Contact.id)
        .order_by(Tag.folded)
        .correlate(Contact)
        .subquery()
    )
    return select(func.aggregate_strings(names.c.name, ", ")).scalar_subquery()


def _order(filters: Filters) -> tuple[Sorted, ...]:
    """Give the order of the page; by id where nobody chose one, which is read the fastest.

    Whose consent never changed comes last, whichever way round.
    """
    if filters.sort.column == "created":
        return (Contact.id,)
    changed = filters.sort.column == "changed"
    column: Sorted = (
        getattr(Contact, f"{filters.channel}_changed_at") if changed else Contact.name_folded
    )
    order = (column.desc(), Contact.id.desc()) if filters.sort.descending else (column, Contact.id)
    return (column.is_(None), *order) if changed else order
