"""Taking rows of a list of contacts: many new ones at once, what is odd one after the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy.exc import IntegrityError

from webapp.accounts.rules import Actor
from webapp.consent.saving import Saved, create_contact, update_contact
from webapp.consent.saving_many import create_contacts, lock_addresses
from webapp.consent.wishes import Change
from webapp.contacts import service as contacts
from webapp.contacts.adding import NewContact
from webapp.contacts.attributes import Definition
from webapp.contacts.definitions import check_attributes, definitions
from webapp.contacts.models import Contact
from webapp.contacts.owners import Owner
from webapp.contacts.rules import Channel
from webapp.contacts.service import Draft
from webapp.contacts.tags import fold_tag
from webapp.core.db import db
from webapp.core.errors import Conflict, Invalid
from webapp.imports.contact_consent import Recorded, record_consent
from webapp.imports.contact_matching import Keyed, Known, Matches, changes, look
from webapp.imports.contact_rows import ContactRow
from webapp.imports.rules import Refused

SLOW = 20  # rows of a step that are taken one after the other
CONSENTS = 60  # changes of consent a step: each is an event of its own


@dataclass
class Taken:
    """What came of the first `count` of some rows; the others are for the next step.

    `refused` are reasons by row; `out` says who was opted out of what before. After the commit: `settle(changes, also=consent.stood)`.
    """

    count: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    refused: dict[int, str] = field(default_factory=dict)
    saved: list[tuple[int, ContactRow]] = field(default_factory=list)
    carried: list[Change] = field(default_factory=list)
    consent: Recorded = field(default_factory=Recorded)
    out: list[tuple[int, Channel]] = field(default_factory=list)

    @property
    def changes(self) -> list[Change]:
        """Every change of consent."""
        return [*self.carried, *self.consent.changes]


class Clash(Exception):
    """Somebody had one of the addresses before: the rows are to be taken one after the other."""


def take(
    rows: Sequence[Keyed], file: str, actor: Actor, *, overwrite: bool, one_by_one: bool = False
) -> Taken:
    """Take as many of the rows as a short transaction can, in their order and in the open one.

    New contacts are added together, and nothing is done where nothing changes; all others go
    through the services that a form uses. Raises Clash, to be called again with `one_by_one`.
    """
    lock_addresses((one.phone, one.email) for one in rows)
    said, found = Taken(), look(rows)
    known = {definition.name: definition for definition in definitions()}
    fresh: list[Keyed] = []
    odd: list[Keyed] = []
    named: set[bytes] = set()
    consents = 0
    for one in rows:
        consents += len(one.row.asks)
        way = None if one_by_one else _way(one, found, named, known, overwrite=overwrite)
        if (said.count and consents > CONSENTS) or (way is None and len(odd) == SLOW):
            break
        said.count += 1
        named.update(one.keys)
        if way is None:
            odd.append(one)
        elif isinstance(way, Known):
            _as_it_is(one, way, found, said)
        else:
            fresh.append(one)
    _add(fresh, found, actor, said)
    for one in odd:
        _one(one, found, actor, said, overwrite=overwrite)
    said.consent = record_consent([each for each in said.saved if each[1].asks], file, actor)
    said.counts += said.consent.counts
    stay = [each for each in said.out if each not in said.consent.opted_in]
    said.counts["stays"] += len({contact_id for contact_id, _ in stay})
    said.counts.update(f"stays.{channel}" for _, channel in stay)
    said.counts["refused"] += len(said.refused)
    return said


_FRESH = object()


def _way(
    one: Keyed,
    found: Matches,
    named: set[bytes],
    known: dict[str, Definition],
    *,
    overwrite: bool,
) -> object | Known | None:
    """Say how a row is taken: as a new contact, as one who stays as they are; None: by itself."""
    if any(key in named for key in one.keys):
        return None  # the same person stands above, in this step
    try:
        contact = found.contact_of(one)
    except Refused:
        return None
    if contact is None:
        return _FRESH if _fits(one.row, known) else None
    tags = found.tags.get(contact.owner.id, set())
    return None if changes(contact, one.row, tags, overwrite=overwrite) else contact


def _fits(row: ContactRow, known: dict[str, Definition]) -> bool:
    """Tell whether a row's attributes are what they were when they were read."""
    kinds = {"boolean": (bool,), "number": (int, float)}
    return all(
        (definition := known.get(name)) is not None
        and type(value) in kinds.get(definition.kind, (str,))
        and (definition.kind != "choice" or value in (definition.choices or [value]))
        for name, value in row.attributes.items()
    )


def _as_it_is(one: Keyed, known: Known, found: Matches, said: Taken) -> None:
    said.counts["unchanged"] += 1
    said.saved.append((known.owner.id, one.row))
    _remember_out(known.owner.id, found.staying_out(one, known), said)


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
    said.saved += zip(ids, (one.row for one in rows), strict=True)
    for contact_id, one in zip(ids, rows, strict=True) if found.states else ():
        _remember_out(contact_id, found.staying_out(one, None), said)


def _one(one: Keyed, found: Matches, actor: Actor, said: Taken, *, overwrite: bool) -> None:
    """Take one row through the services that a form uses; what they refuse is refused."""
    try:
        with db.session.begin_nested():
            saved, what = _save(one.row, actor, overwrite=overwrite)
    except (Invalid, Conflict) as error:
        said.refused[one.row.row] = error.message
        return
    said.counts[what] += 1
    said.counts["cancelled"] += len(saved.cancelled)
    said.carried += saved.carried
    said.saved.append((saved.contact.id, one.row))
    contact = _known(saved.contact)
    _remember_out(contact.owner.id, found.staying_out(one, contact), said)


def _save(row: ContactRow, actor: Actor, *, overwrite: bool) -> tuple[Saved, str]:
    draft = Draft(row.name, row.phone, row.email, row.attributes or None, row.tags or None)
    contact = contacts.owner_of({a.kind: a for a in row.addresses()})
    if contact is None:
        return create_contact(draft, actor), "created"
    check_attributes(row.attributes)
    have = [tag.name for tag in contact.tags]
    change = changes(_known(contact), row, {fold_tag(n) for n in have}, overwrite=overwrite)
    if change is None:
        return Saved(contact, created=False), "unchanged"
    if change.tags:
        change = replace(change, tags=[*have, *change.tags])
    return update_contact(contact.id, change, actor), "updated"


def _known(contact: Contact) -> Known:
    parts = {name: getattr(contact, name) for name in Owner.__dataclass_fields__}
    return Known(Owner(**parts), dict(contact.attributes))


def _remember_out(contact_id: int, channels: Sequence[Channel], said: Taken) -> None:
    said.out += [(contact_id, channel) for channel in channels]
