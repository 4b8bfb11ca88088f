"""The audience's filters as conditions of a query over contacts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, FromClause, Select, exists, select

from webapp.contacts.attribute_conditions import attribute_conditions
from webapp.contacts.attributes import Definition
from webapp.contacts.consent_filters import ConsentFilter
from webapp.contacts.filters import ATTRIBUTE, AttributeFilter, Filters
from webapp.contacts.models import Contact, ContactTag, Tag
from webapp.contacts.rules import Channel, State
from webapp.contacts.search import whatsapp_id_in, words_of
from webapp.contacts.tags import fold_tag
from webapp.core.db import db, table_of
from webapp.core.dialect import past_index, word
from webapp.core.errors import Invalid

Condition = ColumnElement[bool]
Definitions = Sequence[Definition]

CONTACTS = table_of(Contact)
LINKS = table_of(ContactTag)
TAGS = table_of(Tag)


def own_conditions(
    filters: Filters,
    zone: ZoneInfo,
    known: Definitions,
    of: FromClause = CONTACTS,
    ids: FromClause | None = None,
) -> list[Condition]:
    """Give what must hold of a row of `of`, which has the columns of the contacts.

    That is all but the segment, which `narrowing.conditions` adds for lists. Dates are read in `zone`, attributes by their definitions. `ids` has the same id where it can
    be asked for before the row is read. Raises Invalid (field `attr.NAME`) for an attribute that
    is not defined or a value that is none of its kind.
    """
    found = [*of_consent(filters, zone, of)]
    found += [stands(asked, of) for asked in filters.consents]
    if filters.ids:
        found.append(of.c.id.in_(filters.ids))
    if filters.any_tag:
        found.append(tagged_with_any(filters.tags, of))
    else:
        found += [tagged(tag, of if ids is None else ids) for tag in filters.tags]
    if whatsapp_id := whatsapp_id_in(filters.search):
        found.append(of.c.whatsapp_id == whatsapp_id)
    else:
        found += [word.stands_in(of) for word in words_of(filters.search)]
    for asked, definition in defined(filters.attributes, known):
        found += attribute_conditions(db.session(), asked, definition, of)
    return found


def of_consent(filters: Filters, zone: ZoneInfo, of: FromClause = CONTACTS) -> Iterator[Condition]:
    """Give what is asked of the state on the channel, and of its last change."""
    if filters.state:
        yield has_state(filters.channel, filters.state, of)
    if filters.source:
        yield of.c[f"{filters.channel}_source"] == word(filters.source)
    yield from in_days(filters, zone, of)


def in_days(filters: Filters, zone: ZoneInfo, of: FromClause = CONTACTS) -> Iterator[Condition]:
    """Give what is asked of the day of the last change on the channel."""
    since, until = filters.days.moments(zone)
    changed_at = of.c[f"{filters.channel}_changed_at"]
    if since:
        yield changed_at >= since
    if until:
        yield changed_at < until


def has_state(
    channel: Channel, state: State, of: FromClause = CONTACTS, *, by_index: bool = True
) -> Condition:
    """Give the condition that the state on a channel is this one.

    Without `by_index` another index shall be read, that of states be left alone. The word is
    written out: a plan that PostgreSQL keeps for any state would walk through a million contacts
    for the ten that have a rare one.
    """
    column: ColumnElement[Any] = of.c[f"{channel}_state"]
    if not by_index:
        column = past_index(db.session(), column)
    return column == word(state)


def stands(asked: ConsentFilter, of: FromClause = CONTACTS) -> Condition:
    """Give the condition that a contact stands on a channel as is asked; an index has each."""
    state = asked.standing.state
    if state is None:
        held: Condition = of.c[f"{asked.channel}_held"]
        return held
    return has_state(asked.channel, state, of)


def tagged(name: str, of: FromClause = CONTACTS) -> Condition:
    """Give the condition that a contact carries the tag of this name."""
    return exists().where(LINKS.c.tag_id == tag_id(name), LINKS.c.contact_id == of.c.id)


def tagged_with_any(names: Sequence[str], of: FromClause = CONTACTS) -> Condition:
    """Give the condition that a contact carries one of the tags of these names at least."""
    return exists().where(LINKS.c.tag_id.in_(tag_ids(names)), LINKS.c.contact_id == of.c.id)


def tag_ids(names: Sequence[str]) -> Select[tuple[int]]:
    """Select the ids of the tags of these names."""
    return select(TAGS.c.id).where(TAGS.c.folded.in_([fold_tag(name) for name in names]))


def tag_id(name: str) -> ColumnElement[int]:
    """Give the id of the tag of this name as a column; NULL where there is none."""
    return select(TAGS.c.id).where(TAGS.c.folded == fold_tag(name)).scalar_subquery()


def defined(
    asked: Sequence[AttributeFilter], known: Definitions
) -> list[tuple[AttributeFilter, Definition]]:
    """Give each asked attribute with its definition. Raises Invalid where there is none."""
    by_name = {definition.name: definition for definition in known}
    for each in asked:
        if each.name not in by_name:
            raise Invalid(
                f"There is no attribute called “{each.name[:64]}”.", field=f"{ATTRIBUTE}{each.name}"
            )
    return [(each, by_name[each.name]) for each in asked]
