"""Adding and editing contacts. What follows for consent is done by consent.saving, above."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import IntegrityError

from webapp.accounts.rules import Actor
from webapp.contacts.activities import note
from webapp.contacts.addresses import contact_by_key, key_of
from webapp.contacts.definitions import check_attributes
from webapp.contacts.models import Contact
from webapp.contacts.numbering import unused_id
from webapp.contacts.rules import Address, AddressKind, email_address, phone_address
from webapp.contacts.tags import named
from webapp.core import clock
from webapp.core.db import db
from webapp.core.errors import Conflict, Invalid
from webapp.events.service import publish

MAX_NAME = 200
FIELDS = {AddressKind.PHONE: "phone", AddressKind.EMAIL: "email"}
Addresses = dict[AddressKind, Address | None]


class Taken(Conflict):
    """Another contact, `owner_id`, has the phone number or email address of `field` already."""

    def __init__(self, owner: Contact, kind: AddressKind) -> None:
        what = "phone number" if kind is AddressKind.PHONE else "email address"
        self.owner_id, self.owner_name = owner.id, owner.display_name
        self.had = f" has this {what} already."
        super().__init__(self.owner_name + self.had, field=FIELDS[kind])


@dataclass(frozen=True)
class Draft:
    """What a contact is to look like; None leaves a part as it is.

    An empty phone or email takes it away, as None does to an attribute. Attributes that are not
    named stay; `tags` replaces all of them.
    """

    name: str | None = None
    phone: str | None = None
    email: str | None = None
    attributes: Mapping[str, Any] | None = None
    tags: Sequence[str] | None = None

    def addresses(self) -> Addresses:
        """Read the addresses that are given; None is one to take away. Raises Invalid."""
        found: Addresses = {}
        if self.phone is not None:
            found[AddressKind.PHONE] = phone_address(self.phone) if self.phone.strip() else None
        if self.email is not None:
            found[AddressKind.EMAIL] = email_address(self.email) if self.email.strip() else None
        return found


def owner_of(addresses: Addresses) -> Contact | None:
    """Give the one contact who has any of these addresses. Raises Conflict where they are two."""
    owners = {
        owner.id: owner
        for address in addresses.values()
        if address is not None and (owner := contact_by_key(key_of(address)))
    }
    if len(owners) > 1:
        raise Conflict("The phone number and the email address belong to two contacts.")
    return next(iter(owners.values()), None)


def add(draft: Draft, actor: Actor) -> Contact:
    """Add a contact in the open transaction. Raises Invalid or Conflict, with the field."""
    _refuse_taken(draft.addresses())
    contact = Contact(id=unused_id(), name="", attributes={}, tags=[])
    _write(contact, draft)
    if draft.tags:
        contact.tags = named(draft.tags)
    db.session.add(contact)
    _flush()
    note(contact.id, "created", actor)
    publish("contact.saved", contact_id=contact.id)
    return contact


def edit(contact: Contact, draft: Draft, actor: Actor) -> list[str]:
    """Change a contact in the open transaction; gives which parts are others now.

    Raises Invalid or Conflict, with the field.
    """
    _refuse_taken(draft.addresses(), but=contact.id)
    before = _parts(contact)
    _write(contact, draft)
    if draft.tags is not None:
        contact.tags = named(draft.tags)
    changed = [part for part, value in _parts(contact).items() if value != before[part]]
    if changed:
        # Every edit gets a time of its own: who has seen an older one is told so.
        contact.updated_at = max(clock.now(), contact.updated_at + contact.updated_at.resolution)
        _flush()
        note(contact.id, "edited", actor, parts=changed)
        publish("contact.saved", contact_id=contact.id)
    return changed


def _write(contact: Contact, draft: Draft) -> None:
    if draft.name is not None:
        contact.name = _name(draft.name)
    for kind, address in draft.addresses().items():
        setattr(contact, FIELDS[kind], address.value if address else None)
        setattr(contact, f"{FIELDS[kind]}_key", key_of(address) if address else None)
    if not (contact.phone or contact.email or contact.whatsapp_id):
        raise Invalid("Give a phone number or an email address.", field="phone")
    if draft.attributes:
        merged = {**contact.attributes, **check_attributes(draft.attributes)}
        contact.attributes = {name: value for name, value in merged.items() if value is not None}


def _parts(contact: Contact) -> dict[str, Any]:
    return {
        "name": contact.name,
        "phone": contact.phone,
        "email": contact.email,
        "attributes": dict(contact.attributes),
        "tags": {tag.id for tag in contact.tags},
    }


def _name(text: str) -> str:
    name = " ".join(text.replace("\x00", "").split())
    if len(name) > MAX_NAME:
        raise Invalid(f"A name has at most {MAX_NAME} characters.", field="name")
    return name


def _refuse_taken(addresses: Addresses, but: int | None = None) -> None:
    """Refuse an address that another contact has; before anything is pending, which this reads."""
    for kind, address in addresses.items():
        owner = contact_by_key(key_of(address)) if address else None
        if owner is not None and owner.id != but:
            raise Taken(owner, kind)


def _flush() -> None:
    try:
        db.session.flush()
    except IntegrityError:
        # Somebody else saved the same address a moment ago.
        raise Conflict("Another contact has this phone number or email address.") from None
