"""Whose the addresses of a list are, and what waits for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from sqlalchemy import func, select

from webapp.accounts import settings
from webapp.consent.queries import policy
from webapp.consent.rows import Place
from webapp.consent.rules import Send, decide
from webapp.consent.scenes import SETTING
from webapp.contacts import owners
from webapp.contacts.addresses import KEY_COLUMNS
from webapp.contacts.owners import Owner
from webapp.contacts.rules import AddressKind, Channel, State
from webapp.core.db import run
from webapp.imports.rules import OptOut
from webapp.outbox.models import Message
from webapp.outbox.rules import Status


def owners_of(opt_outs: Sequence[OptOut], keys: Sequence[bytes]) -> dict[bytes, Owner]:
    """Give the contacts among the addresses, each by the key of the address that was asked."""
    by_kind: dict[AddressKind, list[bytes]] = {}
    for opt_out, key in zip(opt_outs, keys, strict=True):
        by_kind.setdefault(opt_out.address.kind, []).append(key)
    found: dict[bytes, Owner] = {}
    for kind, some in by_kind.items():
        column = KEY_COLUMNS[kind]
        for values in run(select(*owners.COLUMNS).where(column.in_(some))):
            owner = Owner(*values)
            found[getattr(owner, column.key)] = owner
    return found


def foreseen(places: Iterable[Place], people: dict[bytes, Owner]) -> Counter[Channel]:
    """Count the waiting messages that opting these places out will cancel, by channel."""
    by_channel: dict[Channel, set[bytes]] = {}
    for channel, key in reached(places, people):
        by_channel.setdefault(channel, set()).add(key)
    return Counter({channel: _cancelled(channel, keys) for channel, keys in by_channel.items()})


def reached(places: Iterable[Place], people: dict[bytes, Owner]) -> set[Place]:
    """Give all that opting these places out reaches, `people` being the owners of their keys.

    An opt-out reaches the person's other address on the channel, and all channels where the
    account says so.
    """
    everywhere = settings.read(SETTING).get("stop_on_one_stops_all")
    found: set[Place] = set()
    for channel, key in places:
        found.add((channel, key))
        if key in people:
            for other in Channel if everywhere else (channel,):
                found.update((other, each) for each in people[key].keys(other))
    return found


def _cancelled(channel: Channel, keys: set[bytes]) -> int:
    waiting = (
        select(Message.origin, Message.category, func.count())
        .where(
            Message.channel == channel, Message.key.in_(keys), Message.status == Status.SCHEDULED
        )
        .group_by(Message.origin, Message.category)
    )
    found = run(waiting).all()
    terms = policy(channel) if found else None
    return sum(
        count
        for origin, category, count in found
        if terms and not decide(Send(origin, category, State.OPTED_OUT, terms)).allowed
    )
