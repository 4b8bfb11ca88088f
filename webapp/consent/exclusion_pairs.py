"""The exclusion list as people read it: the number and the WhatsApp id of one person together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from webapp.consent import queries
from webapp.consent.exclusions import Exclusion
from webapp.consent.rows import Place
from webapp.contacts.models import Contact
from webapp.contacts.owners import COLUMNS, Owner
from webapp.contacts.rules import Channel, State
from webapp.core.db import run


@dataclass(frozen=True)
class Entry:
    """One opt-out on a page of the list: `row`, and `also` which the same act opted out with it.

    `other` is the other address of the same contact where it has a row of its own or none, and
    `other_is_out` tells which.
    """

    row: Exclusion
    also: Exclusion | None = None
    other: str = ""
    other_is_out: bool = False


def entries_of(rows: Sequence[Exclusion]) -> list[Entry]:
    """Put together the rows of a page that one act wrote for a contact's two addresses.

    The list itself stays one of addresses, as its file is: pages are cut and counted by them, so
    a person may stand at the end of one page and the start of the next. In two statements.
    """
    owners = _owners({row.contact_id for row in rows if row.channel is Channel.WHATSAPP} - {None})
    acts: dict[object, list[Exclusion]] = {}
    for row in rows:
        acts.setdefault(_act(row), []).append(row)
    alone = [some[0] for some in acts.values() if len(some) == 1]
    beside = {(row.channel, row.key): _beside(row, owners) for row in alone}
    out = _opted_out(place for place in beside.values() if place)
    return [
        _together(some) if len(some) > 1 else _alone(some[0], beside, owners, out)
        for some in acts.values()
    ]


def _act(row: Exclusion) -> object:
    """Give what two rows of one act have in common; of nobody known each row is its own."""
    if row.contact_id is None:
        return (row.channel, row.key)
    return (row.channel, row.contact_id, row.opted_out_at, row.source)


def _together(rows: list[Exclusion]) -> Entry:
    first, second = sorted(rows, key=lambda row: not row.address.startswith("+"))
    return Entry(first, second)


def _alone(
    row: Exclusion,
    beside: dict[Place, Place | None],
    owners: dict[int, Owner],
    out: set[Place],
) -> Entry:
    place = beside[row.channel, row.key]
    if place is None or row.contact_id is None:
        return Entry(row)
    return Entry(row, None, owners[row.contact_id].address_of(place[1]), place in out)


def _beside(row: Exclusion, owners: dict[int, Owner]) -> Place | None:
    """Give the place of the other address that the contact of a row has on its channel."""
    owner = owners.get(row.contact_id or 0)
    keys = owner.keys(row.channel) if owner else []
    return next(((row.channel, key) for key in keys if key != row.key), None)


def _owners(ids: Iterable[int | None]) -> dict[int, Owner]:
    """Read contacts by their ids, in one statement."""
    wanted = list(ids)
    found = run(select(*COLUMNS).where(Contact.id.in_(wanted))) if wanted else ()
    return {owner.id: owner for owner in (Owner(*row) for row in found)}


def _opted_out(places: Iterable[Place]) -> set[Place]:
    wanted = list(places)
    rows = queries.states_of(wanted) if wanted else {}
    return {
        (row.channel, row.key)
        for some in rows.values()
        for row in some
        if row.state is State.OPTED_OUT
    }
