"""What the dialogs of erasing and merging show before anything is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from webapp.consent.models import ConsentState
from webapp.contacts import listing
from webapp.contacts.definitions import definitions
from webapp.contacts.filters import parse_filters
from webapp.contacts.models import Contact
from webapp.contacts.rows import Row
from webapp.contacts.rules import Channel, State
from webapp.core.db import db
from webapp.outbox.models import Message
from webapp.outbox.rules import Status
from webapp.privacy.keys import keys_of
from webapp.privacy.merge_plan import states_of

FOUND_AT_MOST = 8


@dataclass(frozen=True)
class Foreseen:
    """What erasing a contact does: messages cancelled, opt-outs that stay, holds that become one."""

    waiting: int
    opted_out: list[Channel]
    held: list[Channel]


def foreseen(contact: Contact) -> Foreseen:
    """Give what erasing a contact would do now."""
    keys = keys_of(contact)
    theirs = (Message.contact_id == contact.id) | Message.key.in_(keys)
    waiting = select(func.count()).where(theirs, Message.status == Status.SCHEDULED)
    states = states_of(keys)
    out = [channel for channel in Channel if _any(states, channel, State.OPTED_OUT)]
    held = [channel for channel in Channel if any(row.held for row in states.get(channel, ()))]
    return Foreseen(db.session.scalar(waiting) or 0, out, [c for c in held if c not in out])


def found(text: str, but: Contact, zone: ZoneInfo) -> list[Row]:
    """Give contacts that a search finds, without one: by name, email, number, or id.

    Empty where nothing is searched. Raises Invalid for a search that cannot be read.
    """
    text = text.strip()
    if not text:
        return []
    asked: dict[str, Sequence[str]] = {"q": [text]}
    rows = listing.page(parse_filters(asked), None, zone, definitions(), FOUND_AT_MOST + 1).items
    if text.isdecimal():
        by_id: Mapping[str, Sequence[str]] = {"id": [text]}
        rows = [*listing.page(parse_filters(by_id), None, zone, definitions(), 1).items, *rows]
    others = {row.id: row for row in rows if row.id != but.id}
    return list(others.values())[:FOUND_AT_MOST]


def _any(states: Mapping[Channel, list[ConsentState]], channel: Channel, state: State) -> bool:
    return any(row.state is state for row in states.get(channel, ()))
