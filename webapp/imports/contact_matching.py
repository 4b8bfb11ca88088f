"""Who has the addresses of some rows already, and what stands there: one look for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select

from webapp.consent.rows import Place, StateRow
from webapp.consent.saving_many import states_by_key
from webapp.contacts import owners
from webapp.contacts.addresses import KEY_COLUMNS, keys_may_change, keys_of
from webapp.contacts.erased import erased_since
from webapp.contacts.models import ContactTag, Tag
from webapp.contacts.owners import Owner
from webapp.contacts.rules import Address, AddressKind, Channel, State, channels_of
from webapp.contacts.service import Draft
from webapp.contacts.tags import fold_tag
from webapp.core.db import db, run
from webapp.core.dialect import one_of
from webapp.imports.contact_rows import ContactRow
from webapp.imports.rules import Refused

ERASED = "This person was erased after the list was uploaded."
TWO_PEOPLE = "The phone number and the email address belong to two contacts."


class Keyed(NamedTuple):
    """A row with the keys of its addresses; `further` has those of the addresses left out."""

    row: ContactRow
    phone: bytes | None
    email: bytes | None
    further: tuple[bytes, ...] = ()

    @property
    def keys(self) -> list[bytes]:
        """The keys that its contact may get; they say who it is."""
        return [key for key in (self.phone, self.email) if key]

    @property
    def named(self) -> list[tuple[Address, bytes]]:
        """Every address that it names, those left out too, each with its key."""
        row = self.row
        return list(zip((*row.addresses(), *row.further), (*self.keys, *self.further), strict=True))

    @property
    def places(self) -> list[Place]:
        """The channels and keys that it names."""
        return [*_places(AddressKind.PHONE, self.phone), *_places(AddressKind.EMAIL, self.email)]

    def as_refused(self) -> Keyed | None:
        """Give what is left of the row where it is refused: its no; None where it says none."""
        row = self.row.as_refused()
        return Keyed(row, None, None, tuple(key for _, key in self.named)) if row else None


class Known(NamedTuple):
    """A contact as far as an import changes them."""

    owner: Owner
    attributes: dict[str, Any]

    def after(self, one: Keyed, *, overwrite: bool) -> Owner:
        """Give the contact with the addresses that they have once a row of theirs is taken."""
        row, owner = one.row, self.owner
        if one.phone and (overwrite or not owner.phone):
            owner = replace(owner, phone=row.phone, phone_key=one.phone)
        if one.email and (overwrite or not owner.email):
            owner = replace(owner, email=row.email, email_key=one.email)
        return owner


def keyed(rows: Iterable[ContactRow]) -> list[Keyed]:
    """Give rows with the keys of their addresses."""
    several = list(rows)
    phones = _keys(AddressKind.PHONE, [row.phone for row in several])
    emails = _keys(AddressKind.EMAIL, [row.email for row in several])
    rest = iter(keys_of([address for row in several for address in row.further]))
    further = [tuple(next(rest) for _ in row.further) for row in several]
    return list(map(Keyed, several, phones, emails, further))


def keyed_now(rows: Sequence[Keyed]) -> Sequence[Keyed]:
    """Give rows that were keyed some time ago with the keys that they have now."""
    return keyed(one.row for one in rows) if keys_may_change() else rows


@dataclass(frozen=True)
class Matches:
    """What is there for some rows: contacts by key, states by key, tags by contact (folded).

    `erased` are the keys of people who were erased since the list came.
    """

    known: dict[bytes, Known]
    states: dict[bytes, dict[Channel, StateRow]]
    tags: dict[int, set[str]]
    erased: frozenset[bytes] = frozenset()

    def contact_of(self, one: Keyed) -> Known | None:
        """Give the contact who has the addresses of a row.

        Raises Refused where they are two, or where the person was erased.
        """
        if not self.erased.isdisjoint(one.keys):
            raise Refused(ERASED)
        if not self.known:
            return None
        found = {k.owner.id: k for key in one.keys if (k := self.known.get(key)) is not None}
        if len(found) > 1:
            raise Refused(TWO_PEOPLE)
        return next(iter(found.values()), None)

    def rows(self, channel: Channel, keys: Iterable[bytes]) -> list[StateRow]:
        """Give what is stored for keys on a channel, in their order."""
        found = (self.states.get(key, {}).get(channel) for key in keys)
        return [row for row in found if row is not None]

    def staying_out(self, one: Keyed, known: Known | None) -> dict[Channel, set[bytes]]:
        """Give the channels on which the person of a row is opted out already, and by which keys.

        By the address in the row, or by one that its contact has: an opt-out goes along.
        """
        found = {}
        for channel in Channel if self.states else ():
            keys = [key for c, key in one.places if c is channel]
            keys += known.owner.keys(channel) if known else []
            out = {row.key for row in self.rows(channel, keys) if row.state is State.OPTED_OUT}
            if out:
                found[channel] = out
        return found


def look(rows: Sequence[Keyed], since: datetime) -> Matches:
    """Read what is there for some rows, in the open transaction; the list came at `since`."""
    known = _owners_of(rows)
    people = {one.owner.id: one.owner for one in known.values()}
    keys = {key for one in rows for key in (*one.keys, *one.further)}
    keys |= {key for o in people.values() for c in Channel for key in o.keys(c)}
    tagged = any(one.row.tags for one in rows)
    tags = _tags(people) if tagged else {}
    return Matches(known, states_by_key(keys), tags, erased_since(since))


def changes(known: Known, row: ContactRow, tags: set[str], *, overwrite: bool) -> Draft | None:
    """Give what a row changes in a contact with these tags; None for nothing.

    An empty cell changes nothing, and tags are only added.
    """

    def other(value: Any, before: Any) -> Any:
        wanted = value is not None and value != "" and value != before
        return value if wanted and (overwrite or before in (None, "")) else None

    owner = known.owner
    parts = {name: other(getattr(row, name), getattr(owner, name)) for name in _PARTS}
    attributes = {
        name: value
        for name, value in row.attributes.items()
        if other(value, known.attributes.get(name)) is not None
    }
    added = [name for name in row.tags if fold_tag(name) not in tags]
    if not (attributes or added or any(part is not None for part in parts.values())):
        return None
    return Draft(**parts, attributes=attributes or None, tags=added or None)


_PARTS = ("name", "phone", "email")


def _keys(kind: AddressKind, values: Sequence[str | None]) -> list[bytes | None]:
    found = iter(keys_of([Address(kind, value) for value in values if value]))
    return [next(found) if value else None for value in values]


def _places(kind: AddressKind, key: bytes | None) -> list[Place]:
    return [(channel, key) for channel in channels_of(kind)] if key else []


def _owners_of(rows: Sequence[Keyed]) -> dict[bytes, Known]:
    """Read who has the addresses that rows name, by the key, in the open transaction."""
    asked = {
        AddressKind.PHONE: [one.phone for one in rows if one.phone],
        AddressKind.EMAIL: [one.email for one in rows if one.email],
    }
    for one in rows:
        for address, key in zip(one.row.further, one.further, strict=True):
            asked.setdefault(address.kind, []).append(key)
    found: dict[bytes, Known] = {}
    for kind, keys in asked.items():
        if not keys:
            continue
        column = KEY_COLUMNS[kind]
        query = select(*owners.COLUMNS, owners.TABLE.c.attributes).where(
            one_of(db.session(), column, keys)
        )
        for *values, attributes in run(query):
            owner = Owner(*values)
            found[getattr(owner, column.key)] = Known(owner, attributes)
    return found


def _tags(people: Iterable[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    query = select(ContactTag.contact_id, Tag.folded).join(Tag, Tag.id == ContactTag.tag_id)
    for contact_id, folded in run(query.where(ContactTag.contact_id.in_(list(people)))):
        found.setdefault(contact_id, set()).add(folded)
    return found
