"""Sets of contacts that an index knows, and among which all are whom a filter asks for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from sqlalchemy import select

from webapp.contacts.attribute_conditions import attribute_facts
from webapp.contacts.conditions import (
    CONTACTS,
    LINKS,
    Definitions,
    defined,
    has_state,
    of_consent,
    stands,
    tag_id,
    tag_ids,
)
from webapp.contacts.filters import Filters
from webapp.contacts.search import whatsapp_id_in, words_of
from webapp.core.db import db
from webapp.core.dialect import is_postgres
from webapp.core.text_index import GRAM, Ids, beginning, has_index, holding


@dataclass(frozen=True)
class Candidates:
    """A select of ids (as `id`), and a name that no other set has.

    `ordered`: it gives them sorted, one after the other as they are asked for.
    """

    ids: Ids = field(compare=False)
    name: tuple[str, ...] = ()
    ordered: bool = False


def candidates_of(filters: Filters, zone: ZoneInfo, known: Definitions) -> list[Candidates]:
    """Give the sets, those first that are likely small. Raises Invalid."""
    if filters.ids:
        chosen = select(CONTACTS.c.id.label("id")).where(CONTACTS.c.id.in_(filters.ids))
        return [Candidates(chosen)]
    if whatsapp_id := whatsapp_id_in(filters.search):
        one = select(CONTACTS.c.id.label("id")).where(CONTACTS.c.whatsapp_id == whatsapp_id)
        return [Candidates(one)]
    streams = not is_postgres(db.session())
    found = list(_by_index(filters, known, streams))
    if filters.any_tag:
        either = select(LINKS.c.contact_id.label("id")).where(
            LINKS.c.tag_id.in_(tag_ids(filters.tags))
        )
        found.append(Candidates(either.distinct(), ("tags", *filters.tags)))
    for tag in () if filters.any_tag else filters.tags:
        carrying = select(LINKS.c.contact_id.label("id")).where(LINKS.c.tag_id == tag_id(tag))
        found.append(Candidates(carrying, ("tag", tag), ordered=streams))
    return [*found, *_by_consent(filters, zone)]


def _by_index(filters: Filters, known: Definitions, streams: bool) -> Iterator[Candidates]:
    """Give those that the search index knows."""
    session = db.session()
    if not has_index(session):
        return
    words = [word.texts for word in words_of(filters.search)]
    long = [texts for texts in words if min(map(len, texts)) >= GRAM]
    facts = [
        group
        for asked, definition in defined(filters.attributes, known)
        for group in attribute_facts(asked, definition) or []
    ]
    for nth, ids in enumerate(holding(session, long, facts)):
        yield Candidates(ids, ("index", str(nth), repr((long, facts))), ordered=streams)
    if words and not long and not facts:
        rarest = max(words, key=lambda texts: min(map(len, texts)))
        yield Candidates(beginning(session, rarest), ("beginning", *rarest))


def of_change(filters: Filters, zone: ZoneInfo) -> Candidates:
    """Give those whose consent has changed, as it is asked for: its index knows source and state."""
    changed = CONTACTS.c[f"{filters.channel}_changed_at"].is_not(None)
    asked = [changed, *of_consent(filters.without_state, zone)]
    if filters.state:
        asked.append(has_state(filters.channel, filters.state, by_index=False))
    name = (
        "change",
        filters.channel,
        repr((filters.state, filters.source, filters.days, zone.key)),
    )
    return Candidates(select(CONTACTS.c.id.label("id")).where(*asked), name)


def _by_consent(filters: Filters, zone: ZoneInfo) -> Iterator[Candidates]:
    """Give those whose last change is asked for, and those of each state."""
    if filters.days or filters.source:
        yield of_change(filters, zone)
    if filters.state:
        in_state = has_state(filters.channel, filters.state)
        name = ("state", filters.channel, filters.state)
        yield Candidates(select(CONTACTS.c.id.label("id")).where(in_state), name)
    for asked in filters.consents:
        standing = select(CONTACTS.c.id.label("id")).where(stands(asked))
        yield Candidates(standing, ("stands", *asked.param))
