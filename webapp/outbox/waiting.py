"""How much waits for some contacts, by what decides what an opt-out does to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from webapp.contacts.models import Contact
from webapp.contacts.rules import Channel
from webapp.outbox.models import Message
from webapp.outbox.queries import waiting_on
from webapp.outbox.rules import Category, Origin

COUNT_AT_MOST = 10_000


@dataclass(frozen=True)
class Kind:
    """What a waiting message is, as far as consent judges it."""

    channel: Channel
    origin: Origin
    category: Category


def count_waiting(
    connection: Connection,
    people: Mapping[Channel, Sequence[ColumnElement[bool]]],
    at_most: int = COUNT_AT_MOST,
) -> Counter[Kind]:
    """Count what waits on each channel for the contacts that fulfil its conditions.

    By address, as an opt-out cancels: also what was sent to a number before it was a contact's.
    More than `at_most` on one channel and kind of address is not counted on.
    """
    found: Counter[Kind] = Counter()
    for channel, conditions in people.items():
        for key in _keys(channel):
            waiting = (
                select(Message.origin, Message.category)
                .join(Contact, waiting_on(channel, key))
                .where(*conditions)
                .limit(at_most + 1)
                .subquery()
            )
            grouped = select(waiting, func.count()).group_by(*waiting.c)
            for origin, category, count in connection.execute(grouped):
                found[Kind(channel, origin, category)] += count
    return found


def _keys(channel: Channel) -> Iterator[Any]:
    yield Contact.email_key if channel is Channel.EMAIL else Contact.phone_key
    if channel is Channel.WHATSAPP:
        yield Contact.whatsapp_id_key
