"""How much a bulk action would do, told before it is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select

from webapp.bulk.selection import Selection
from webapp.consent.foreseen import NOTHING, Foreseen, foresee
from webapp.contacts.models import Contact
from webapp.contacts.rules import Channel, State
from webapp.core.reading import reading


@dataclass(frozen=True)
class ChannelSize:
    """How a selection stands on a channel: with an address, and of these opted out or in."""

    reached: int
    opted_out: int
    opted_in: int
    foreseen: Foreseen = NOTHING


@dataclass(frozen=True)
class Size:
    """How many contacts a selection has, and how they stand on each channel."""

    people: int
    channels: dict[Channel, ChannelSize] = field(default_factory=dict)


def size_of(selection: Selection, *, foreseeing: bool = False) -> Size:
    """Count whom a selection is for and how they stand; with `foreseeing` what an opt-out cancels.

    Reads every contact that matches, so a page fetches it after what it does not need it for.
    Raises Invalid.
    """
    matching = selection.conditions()
    with reading() as connection:
        people, *numbers = _counted(connection, matching)
        foreseen = foresee(connection, matching) if foreseeing else {}
    found = Size(people)
    for at, channel in enumerate(Channel):
        reached, opted_out, opted_in = numbers[3 * at : 3 * at + 3]
        effect = foreseen.get(channel, NOTHING)
        found.channels[channel] = ChannelSize(reached, opted_out, opted_in, effect)
    return found


def _counted(connection: Connection, matching: Sequence[ColumnElement[bool]]) -> list[int]:
    """Give the number of contacts, and for each channel the first three of a ChannelSize."""
    sums = [_sum(which) for channel in Channel for which in _standings(channel)]
    row = connection.execute(select(func.count(Contact.id), *sums).where(*matching)).one()
    return [number or 0 for number in row]


def _standings(channel: Channel) -> tuple[ColumnElement[bool], ...]:
    keys: list[Any] = [Contact.email_key] if channel is Channel.EMAIL else [Contact.phone_key]
    if channel is Channel.WHATSAPP:
        keys.append(Contact.whatsapp_id_key)
    state = getattr(Contact, f"{channel}_state")
    reached = or_(*(key.is_not(None) for key in keys))
    return (
        reached,
        and_(reached, state == State.OPTED_OUT),
        and_(reached, state == State.OPTED_IN),
    )


def _sum(which: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((which, 1), else_=0))
