"""Who wrote messages past a warning, and who cancelled some by hand, for a list of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import select

from webapp.accounts.queries import Who, names_of
from webapp.contacts.models import Activity
from webapp.core.db import db
from webapp.delivery.sentences import saw_warning
from webapp.outbox.models import Message
from webapp.outbox.rules import Reason


class People(NamedTuple):
    """What to call who wrote a message and who cancelled it; empty where it is not told or known."""

    writer: str = ""
    canceller: str = ""


NOBODY = People()


def people_of(messages: Iterable[Message]) -> dict[int, People]:
    """Name the people whom the messages' sentences name, by message id; three queries at most.

    Messages of whose people nothing is told are left out.
    """
    messages = list(messages)
    wrote: dict[int, Who] = {
        each.id: (each.actor_kind, each.actor_id) for each in messages if saw_warning(each)
    }
    cancelled = cancellers_of(messages)
    names = names_of([*wrote.values(), *cancelled.values()])
    return {
        message_id: People(
            names[wrote[message_id]] if message_id in wrote else "",
            names[cancelled[message_id]] if message_id in cancelled else "",
        )
        for message_id in wrote.keys() | cancelled.keys()
    }


def cancellers_of(messages: Iterable[Message]) -> dict[int, Who]:
    """Give who cancelled messages by hand, as their contacts' timelines noted it; one query."""
    by_hand = {
        each.id: each.contact_id
        for each in messages
        if each.reason is Reason.BY_PERSON and each.contact_id
    }
    if not by_hand:
        return {}
    told = Activity.data["message_id"].as_integer()
    found = db.session.execute(
        select(told, Activity.actor_kind, Activity.actor_id).where(
            Activity.contact_id.in_(set(by_hand.values())),
            Activity.kind == "message_cancelled",
            told.in_(by_hand),
        )
    )
    return {message_id: (kind, number) for message_id, kind, number in found}
