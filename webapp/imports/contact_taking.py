"""Taking rows of a list of contacts: many new ones at once, what is odd one after the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from webapp.accounts.rules import Actor
from webapp.consent.saving import Saved, create_contact, update_contact
from webapp.consent.saving_many import create_contacts
from webapp.consent.wishes import Change
from webapp.contacts import service as contacts
from webapp.contacts.adding import NewContact
from webapp.contacts.definitions import check_attributes
from webapp.contacts.models import Contact
from webapp.contacts.owners import Owner
from webapp.contacts.rules import Channel
from webapp.contacts.service import Draft
from webapp.contacts.tags import fold_tag
from webapp.core.db import db
from webapp.core.errors import Conflict, Invalid
from webapp.imports.contact_consent import Recorded, record_consent
from webapp.imports.contact_judging import TWICE
from webapp.imports.contact_locking import look_locked
from webapp.imports.contact_matching import ERASED, Keyed, Known, Matches, changes
from webapp.imports.contact_parting import SLOW, part


@dataclass
class Taken:
    """What came of the first `count` of some rows; the others are for the next step.

    `refused` are reasons by row, `erased` those rows of them whose cells may not be kept. `saved`
    are contacts, by id, each with its row; None where only the no of a refused row counts. `out`
    says whose person was opted out of what before, by row, and by which keys. After the commit:
    `settle(changes, also=consent.stood)`.
    """

    count: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    refused: dict[int, str] = field(default_factory=dict)
    erased: set[int] = field(default_factory=set)
    saved: list[tuple[int | None, Keyed]] = field(default_factory=list)
    carried: list[Change] = field(default_factory=list)
    consent: Recorded = field(default_factory=Recorded)
    out: list[tuple[int, Channel, set[bytes]]] = field(default_factory=list)

    @property
    def changes(self) -> list[Change]:
        """Every change of consent."""
        return [*self.carried, *self.consent.changes]


class Clash(Exception):
    """Somebody had one of the addresses before: the rows are to be taken one after the other."""


@dataclass(frozen=True)
class How:
    """How the rows of a list are taken; the list is called `file` and came at `since`."""

    file: str
    since: datetime
    actor: Actor
    overwrite: bool


def take(rows: Sequence[Keyed], how: How, *, one_by_one: bool = False) -> Taken:
    """Take as many of the rows as a short transaction can, in their order and in the open one.

    New contacts are added together, and nothing is done where nothing changes; all others go
    through the services that a form uses. Raises Clash, to be called again with `one_by_one`.
    """
    found = look_locked(rows, how.since, overwrite=how.overwrite, changed=SLOW)
    parted = part(rows, found, overwrite=how.overwrite, one_by_one=one_by_one)
    said = Taken(parted.count)
    for one, known in parted.still:
        _as_it_is(one, known, found, said)
    _add(parted.fresh, found, how.actor, said)
    for one in parted.odd:
        _one(one, found, how, said)
    asking = [each for each in said.saved if each[1].row.asks]
    said.consent = record_consent(asking, found.erased, how.file, how.actor)
    said.counts += said.consent.counts
    stay = [
        (row, channel)
        for row, channel, keys in said.out
        if any((channel, key) not in said.consent.opted_in for key in keys)
    ]
    said.counts["stays"] += len({row for row, _ in stay})
    said.counts.update(f"stays.{channel}" for _, channel in stay)
    said.counts["refused"] += len(said.refused)
    return said


def _as_it_is(one: Keyed, known: Known | None, found: Matches, said: Taken) -> None:
    said.saved.append((known.owner.id if known else None, one))
    if known is None:
        return
    said.counts[_counted(one, "unchanged")] += 1
    _remember_out(one, found.staying_out(one, known), said)


def _add(rows: Sequence[Keyed], found: Matches, actor: Actor, said: Taken) -> None:
    """Add new contacts together. Raises Clash."""
    if not rows:
        return
    people = [
        NewContact(
            one.row.name,
            one.row.phone,
            one.row.email,
            one.phone,
            one.email,
            one.row.attributes,
            one.row.tags,
        )
        for one in rows
    ]
    driver = db.session.connection().dialect.loaded_dbapi
    try:
        ids = create_contacts(people, found.states, actor)
    except (IntegrityError, driver.IntegrityError) as error:
        raise Clash from error
    said.counts["created"] += len(rows)
    said.saved += zip(ids, rows, strict=True)
    for one in rows if found.states else ():
        _remember_out(one, found.staying_out(one, None), said)


def _one(one: Keyed, found: Matches, how: How, said: Taken) -> None:
    """Take one row through the services that a form uses; what they refuse is refused."""
    try:
        if not found.erased.isdisjoint(one.keys):
            said.erased.add(one.row.row)
            raise Conflict(ERASED)
        with db.session.begin_nested():
            saved, what = _save(one, how)
    except (Invalid, Conflict) as error:
        said.refused[one.row.row] = error.message
        left = one.as_refused()
        said.saved += [(None, left)] if left else []
        return
    said.counts[_counted(one, what)] += 1
    said.counts["cancelled"] += len(saved.cancelled)
    said.carried += saved.carried
    said.saved.append((saved.contact.id, one))
    # An opt-out of the address that they had before went along to the new one.
    before = next((found.known[key] for key in one.keys if key in found.known), None)
    out = found.staying_out(one, before or _known(saved.contact))
    _remember_out(one, out, said)


def _counted(one: Keyed, what: str) -> str:
    """Name the count that a row belongs to, as the dry run did: of a person's rows the first.

    Unless it is by this one that they are there, since no row above it was taken.
    """
    return TWICE if one.row.again and what != "created" else what


def _save(one: Keyed, how: How) -> tuple[Saved, str]:
    row = one.row
    draft = Draft(row.name, row.phone, row.email, row.attributes or None, row.tags or None)
    contact = contacts.owner_of({a.kind: a for a in row.addresses()})
    if contact is None:
        return create_contact(draft, how.actor), "created"
    check_attributes(row.attributes)
    have = [tag.name for tag in contact.tags]
    tags = {fold_tag(name) for name in have}
    change = changes(_known(contact), row, tags, overwrite=how.overwrite)
    if change is None:
        return Saved(contact, created=False), "unchanged"
    if change.tags:
        change = replace(change, tags=[*have, *change.tags])
    return update_contact(contact.id, change, how.actor), "updated"


def _known(contact: Contact) -> Known:
    parts = {name: getattr(contact, name) for name in Owner.__dataclass_fields__}
    return Known(Owner(**parts), dict(contact.attributes))


def _remember_out(one: Keyed, out: dict[Channel, set[bytes]], said: Taken) -> None:
    said.out += [(one.row.row, channel, keys) for channel, keys in out.items()]
