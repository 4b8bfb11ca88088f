"""One conversation: whose it is, and what a page around its thread says of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from webapp.contacts.addresses import contact_by_key
from webapp.contacts.models import Contact
from webapp.contacts.rules import Address, AddressKind, Channel, provider_address
from webapp.conversations.models import Conversation
from webapp.conversations.queries import WINDOW
from webapp.core import clock
from webapp.core.db import db
from webapp.core.errors import NotFound

GONE = "That conversation is not there. Its person may have been erased."


@dataclass(frozen=True)
class Talk:
    """A conversation with whoever it is with; `contact` is None for somebody who is no contact."""

    row: Conversation
    contact: Contact | None

    @property
    def id(self) -> int:
        """The conversation's id."""
        return self.row.id

    @property
    def channel(self) -> Channel:
        """Where it is held."""
        return self.row.channel

    @property
    def address(self) -> Address:
        """The address that it is with."""
        return provider_address(self.row.address)

    @property
    def name(self) -> str:
        """What to call the person, never empty."""
        own = self.contact.name if self.contact else ""
        return own or self.row.profile_name or self.row.address or f"Conversation {self.row.id}"

    @property
    def keys(self) -> list[bytes]:
        """Every key of the person on the channel, that of the conversation first."""
        own = self.contact.keys(self.channel) if self.contact else []
        return list(dict.fromkeys([self.row.key, *own]))

    @property
    def person(self) -> Contact:
        """The contact; for a stranger one that is in no database, with this address alone."""
        if self.contact is not None:
            return self.contact
        field = {
            AddressKind.PHONE: "phone",
            AddressKind.EMAIL: "email",
            AddressKind.WHATSAPP_ID: "whatsapp_id",
        }[self.address.kind]
        values = {field: self.address.value, f"{field}_key": self.row.key}
        return Contact(name=self.row.profile_name, **values)

    @property
    def asked_until(self) -> datetime | None:
        """Until when the customer's own last message is fresh; None where it is not any more."""
        last = self.row.last_inbound_at
        return last + WINDOW if last and last + WINDOW > clock.now() else None


def talk_of(conversation_id: int) -> Talk:
    """Read a conversation afresh, and who has its address. Raises NotFound."""
    row = db.session.scalar(
        select(Conversation)
        .where(Conversation.id == conversation_id)
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound(GONE)
    return Talk(row, _contact(row))


def _contact(row: Conversation) -> Contact | None:
    """Give the contact that it is kept for, else whoever has the address by now."""
    kept = db.session.get(Contact, row.contact_id) if row.contact_id else None
    return kept or contact_by_key(row.key)
