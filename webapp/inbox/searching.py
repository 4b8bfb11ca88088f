"""Which conversations a search finds, newest first, without reading any list to its end.

It looks in three places: along the newest conversations, at those of the contacts whom the
contacts' own index finds, and at the newest of people who are no contacts. A contact is found by
what they have left as well, which the list tells. The words within messages are not searched: an
index of them would cost each message more than it is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, FromClause, Select, and_, exists, func, or_, select, union

from webapp.contacts.candidates import candidates_of
from webapp.contacts.conditions import CONTACTS
from webapp.contacts.filters import Filters
from webapp.contacts.finding import smallest
from webapp.contacts.search import Word, whatsapp_id_in, words_of
from webapp.core.db import db
from webapp.core.dialect import kept_apart, often, read_first
from webapp.core.paging import Cursor
from webapp.inbox.asked import Asked, Tab
from webapp.inbox.walking import (
    A,
    C,
    Keep,
    asked_of,
    bounds,
    descending,
    nobodys,
    order_of,
    source,
)
from webapp.inbox.whose import has_or_had_it

UTC = ZoneInfo("UTC")
# How far each place is read, in rows.
NEWEST = 5_000
STRANGERS = 20_000
MOST_CONTACTS = 10_000


def searched(asked: Asked, place: Cursor | None, need: int) -> Any:
    """Give the three places where a search looks, as one statement."""
    found = union(
        _among(asked, place, NEWEST, _is_called(asked)),
        *_of_contacts(asked, place),
        _among(asked, place, STRANGERS, _is_stranger_called(asked), strangers=True),
    ).subquery("found")
    down = descending(place)
    picked = read_first(found, C, C.c.id == found.c.id)
    wanted = select(C.c.id).select_from(picked).order_by(*order_of(C, down)).limit(need)
    return wanted.where(nobodys(C)) if asked.tab is Tab.UNASSIGNED else wanted


def _among(
    asked: Asked, place: Cursor | None, window: int, keep: Keep, *, strangers: bool = False
) -> Select[Any]:
    """Look at the newest conversations, or at those of people who are no contacts."""
    rows = (
        select(C.c.id, C.c.key, C.c.contact_id, C.c.profile_name, C.c.address)
        .select_from(source(asked))
        .where(*asked_of(asked), *bounds(place))
        .order_by(*order_of(C, descending(place)))
        .limit(window)
    )
    if strangers:
        rows = rows.where(often(C.c.contact_id.is_(None)))
    seen = rows.subquery("strangers" if strangers else "newest")
    wanted = select(seen.c.id)
    if not strangers:
        wanted = wanted.outerjoin_from(seen, CONTACTS, has_or_had_it(seen))
    return wanted.where(keep(seen))


def _is_called(asked: Asked) -> Keep:
    """Give the condition that every word stands in the contact, or in the conversation's own."""
    words, named = words_of(asked.search), and_(*_named(asked.search))

    def keep(seen: FromClause) -> ColumnElement[bool]:
        return or_(named, _own(seen, words))

    return keep


def _is_stranger_called(asked: Asked) -> Keep:
    words = words_of(asked.search)
    return lambda seen: _own(seen, words)


def _own(seen: FromClause, words: Sequence[Word]) -> ColumnElement[bool]:
    """Give the condition that every word stands in the profile's name or in the address."""
    name, address = func.lower(seen.c.profile_name), seen.c.address
    return and_(
        *(
            or_(*(of.contains(text, autoescape=True) for of in (name, address) for text in w.texts))
            for w in words
        )
    )


def _of_contacts(asked: Asked, place: Cursor | None) -> Sequence[Select[Any]]:
    """Give the conversations of the contacts that the contacts' index finds."""
    filters = Filters(search=asked.search)
    candidates = candidates_of(filters, UTC, [])
    if not candidates:
        return []
    ids = smallest(candidates).ids.limit(MOST_CONTACTS)
    hits = kept_apart(db.session(), ids, "hits")
    people = read_first(hits, CONTACTS, CONTACTS.c.id == hits.c.id)
    theirs = read_first(people, C, has_or_had_it(C))
    own = [] if asked.tab is not Tab.MINE else [_is_mine(asked)]
    return [
        select(C.c.id)
        .select_from(theirs)
        .where(*_named(asked.search), *asked_of(asked), *bounds(place), *own)
    ]


def _named(search: str) -> list[ColumnElement[bool]]:
    """Give what a search asks of a contact."""
    if whatsapp_id := whatsapp_id_in(search):
        return [CONTACTS.c.whatsapp_id == whatsapp_id]
    return [word.stands_in(CONTACTS) for word in words_of(search)]


def _is_mine(asked: Asked) -> ColumnElement[bool]:
    return exists().where(A.c.conversation_id == C.c.id, A.c.user_id == asked.me)
