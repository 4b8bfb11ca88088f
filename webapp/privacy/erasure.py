"""Erasing a person (GDPR Art. 17): all that identifies them goes, their no stays.

What stays is the key of each address (an HMAC, no address), its consent, and the chain of its
events: needed to go on honouring an opt-out (Art. 17(3)(b) and Art. 21(3)) and to prove it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import select

from webapp.accounts.rules import Actor
from webapp.audit.service import record
from webapp.consent import queries
from webapp.consent.by_key import change_by_key, nameless
from webapp.consent.locks import lock_keys
from webapp.consent.rows import Place
from webapp.consent.wishes import Change, Wish
from webapp.contacts.models import Contact
from webapp.contacts.owners import owner_of_key
from webapp.contacts.rules import (
    AddressKind,
    Source,
    State,
    provider_address,
)
from webapp.core.db import db
from webapp.core.dialect import database_now
from webapp.core.errors import Conflict, NotFound
from webapp.events.service import publish
from webapp.privacy import tracing
from webapp.privacy.forgetting import Trail, addresses_of, events_under_other_keys, forget
from webapp.privacy.keys import Keys, keys_of, kinds_of, places_of
from webapp.privacy.marks import Marks, marks_of
from webapp.privacy.models import Erasure

LONGEST_REASON = 2000
GONE = "That contact is not there any more. They may have been erased or merged."
MOVED = "Something changed about this contact just now. Look again, then erase."


@dataclass(frozen=True)
class Erased:
    """What an erasure took away, by what it is, and the `task_id` of the search for the rest.

    After the commit `settle(changes, also=places)`: nothing leaves for these keys afterwards.
    """

    erasure_id: int
    counts: dict[str, int]
    task_id: int
    places: list[Place]
    changes: list[Change] = field(default_factory=list)


def erase(contact_id: int, actor: Actor, reason: str = "") -> Erased:
    """Erase a contact in the open transaction; a task looks for the rest after the commit.

    Rows that are found by key go now; files, webhooks, logs and answers that only a search finds
    go with the task, within minutes. A held reply that nobody decided counts as the opt-out that
    it looked like, since nobody will be able to read it. Raises NotFound where the contact is not
    there, and Conflict where their addresses changed at this moment.
    """
    contact, keys = _locked(contact_id)
    trail = Trail(contact.id, tuple(keys))
    marks = marks_of(_addresses(contact, trail), [contact.name], contact.id)
    return _erase(trail, keys, marks, actor, reason)


def erase_again(keys: Sequence[bytes], actor: Actor) -> Erased:
    """Erase whoever has these address keys, in the open transaction: after a restored backup.

    What the backup brought back goes as `erase` takes it; a contact who has one of the keys is
    erased whole. Does no harm where nothing came back.
    """
    wanted = list(dict.fromkeys(keys))
    owners = [owner for key in wanted if (owner := owner_of_key(key))]
    for contact_id in dict.fromkeys(owner.id for owner in owners):
        erase(contact_id, actor, "Erased before the backup was restored")
    found = kinds_of(wanted)
    lock_keys(found)
    trail = Trail(None, tuple(found))
    return _erase(trail, found, marks_of(addresses_of(trail)), actor, "")


def _erase(trail: Trail, keys: Keys, marks: Marks, actor: Actor, reason: str) -> Erased:
    db.session.flush()
    held = _held(keys)
    others = events_under_other_keys(trail)
    counts = forget(trail)
    changes = [change for place in held for change in _opt_out(place, keys[place[1]], actor)]
    now = database_now(db.session())
    erasure = Erasure(
        contact_id=trail.contact_id,
        keys=[key.hex() for key in keys],
        event_ids=others,
        counts=counts,
        at=now,
        actor_kind=actor.kind,
        actor_id=actor.id,
    )
    db.session.add(erasure)
    db.session.flush()
    task_id = tracing.start(erasure.id, replace(trail, until=now), marks, actor)
    said = {"reason": reason[:LONGEST_REASON]} if reason else {}
    record(actor, "contact.erased", contact_id=trail.contact_id, erasure_id=erasure.id, **said)
    publish("contact.erased", contact_id=trail.contact_id)
    return Erased(erasure.id, counts, task_id, places_of(keys), changes)


def _locked(contact_id: int) -> tuple[Contact, Keys]:
    """Give a contact, their keys and those they once had, all locked before anything is read."""
    keys = keys_of(_contact(contact_id, lock=False))
    lock_keys(keys)
    contact = _contact(contact_id, lock=True)
    if keys_of(contact) != keys:
        raise Conflict(MOVED)
    return contact, keys


def _contact(contact_id: int, *, lock: bool) -> Contact:
    query = select(Contact).where(Contact.id == contact_id)
    if lock:
        query = query.with_for_update()
    contact = db.session.scalar(query.execution_options(populate_existing=True))
    if contact is None:
        raise NotFound(GONE)
    return contact


def _addresses(contact: Contact, trail: Trail) -> set[str]:
    """Give their addresses, without one that is another contact's now."""
    own = {text for text in (contact.phone, contact.email, contact.whatsapp_id) if text}
    others = addresses_of(trail) - own
    return own | {text for text in others if _of_nobody_else(text, contact.id)}


def _of_nobody_else(text: str, contact_id: int) -> bool:
    address = provider_address(text)
    column = {
        AddressKind.PHONE: Contact.phone,
        AddressKind.EMAIL: Contact.email,
        AddressKind.WHATSAPP_ID: Contact.whatsapp_id,
    }[address.kind]
    found = select(Contact.id).where(column == address.value, Contact.id != contact_id)
    return db.session.scalar(found) is None


def _held(keys: Keys) -> list[Place]:
    found = queries.states_of(places_of(keys))
    return [
        (channel, key)
        for channel, key in places_of(keys)
        for row in found.get(channel, [])
        if row.key == key and row.held
    ]


def _opt_out(place: Place, kind: AddressKind, actor: Actor) -> list[Change]:
    channel, key = place
    wish = Wish(
        channel,
        nameless(kind),
        State.OPTED_OUT,
        Source.REVIEW,
        actor,
        reason="The person was erased before their reply was decided",
    )
    return change_by_key([wish], kind, key)
