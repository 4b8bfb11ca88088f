"""Adding many new contacts at once, past the ORM. What follows for consent is done above."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from typing import Any

from sqlalchemy import Table

from webapp.accounts.rules import Actor
from webapp.contacts.copies import Copy
from webapp.contacts.folding import fold_name
from webapp.contacts.models import Activity, Contact, ContactTag
from webapp.contacts.numbering import unused_ids
from webapp.contacts.rules import Channel, State
from webapp.contacts.tags import MAX_TAGS, fold_tag, named
from webapp.core import clock
from webapp.core.db import db, table_of
from webapp.core.dialect import is_postgres
from webapp.core.loading import insert_rows
from webapp.core.payloads import Form, Row
from webapp.events.service import publish


@dataclass(frozen=True, slots=True)
class NewContact:
    """A contact who is to be added: checked values, and the key of each address.

    `copies` are what lists show of their consent, by channel; where one is missing nothing is on
    record.
    """

    name: str
    phone: str | None
    email: str | None
    phone_key: bytes | None
    email_key: bytes | None
    attributes: Mapping[str, Any]
    tags: Sequence[str] = ()
    copies: Mapping[Channel, Copy] = field(default_factory=dict)


def add_many(people: Sequence[NewContact], actor: Actor) -> Sequence[int]:
    """Add contacts in the open transaction; gives their ids, in order.

    Their timelines begin and open pages hear of it, as when one is added; all of them in one
    event. Raises the driver's IntegrityError where somebody has one of the addresses: the
    transaction is then of no use beyond its last savepoint.
    """
    db.session.flush()  # what follows goes past the ORM
    ids, now = unused_ids(len(people)), clock.now()
    same = {"created_at": now, "updated_at": now}
    # The columns of nothing on record are most of a row, and mostly there is nothing.
    same |= _NOTHING if any(who.copies for who in people) else _UNKNOWN
    _insert(table_of(Contact), (same | _row(*each) for each in zip(ids, people, strict=True)))
    tags = _tag_ids({name for who in people for name in who.tags})
    carried = (
        {"tag_id": tags[fold_tag(name)], "contact_id": number}
        for number, who in zip(ids, people, strict=True)
        for name in who.tags
    )
    _insert(table_of(ContactTag), carried)
    begun = {"kind": "created", "at": now, "actor_kind": actor.kind, "actor_id": actor.id}
    _insert(table_of(Activity), ({"contact_id": number, **begun, "data": {}} for number in ids))
    publish("contacts.added", count=len(people))
    return ids


def _row(number: int, who: NewContact) -> dict[str, Any]:
    row = {
        "id": number,
        "name": who.name,
        "name_folded": fold_name(who.name),
        "phone": who.phone,
        "email": who.email,
        "phone_key": who.phone_key,
        "email_key": who.email_key,
        "attributes": who.attributes,
    }
    for channel, copy in who.copies.items():
        row[f"{channel}_state"], row[f"{channel}_changed_at"] = copy.state, copy.changed_at
        row[f"{channel}_source"], row[f"{channel}_held"] = copy.source, copy.held
    return row


def _tag_ids(names: set[str]) -> dict[str, int]:
    """Give the tags of these names by their folded name; those that are new are made."""
    wanted = sorted(names, key=fold_tag)
    found: dict[str, int] = {}
    for first in range(0, len(wanted), MAX_TAGS):
        found |= {tag.folded: tag.id for tag in named(wanted[first : first + MAX_TAGS])}
    return found


def _insert(table: Table, rows: Iterator[Row]) -> None:
    """Insert rows that are made as they are wanted, all with the columns of the first."""
    first = next(rows, None)
    if first is None:
        return
    form = _form(table, tuple(first), is_postgres(db.session()))
    insert_rows(db.session(), form, chain([first], rows))


@cache
def _form(table: Table, names: tuple[str, ...], postgres: bool) -> Form:
    return Form(table, names, postgres=postgres)


_UNKNOWN: dict[str, Any] = {f"{channel}_state": State.UNKNOWN for channel in Channel}
_NOTHING: dict[str, Any] = _UNKNOWN | {
    f"{channel}_{part}": value
    for channel in Channel
    for part, value in (("changed_at", None), ("source", None), ("held", False))
}
