"""One conversation: whose it is, and what a page around its thread says of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import lazyload

from webapp.consent.locks import lock_keys
from webapp.consent.rows import Place
from webapp.contacts.models import Contact
from webapp.contacts.rules import Address, AddressKind, Channel, provider_address
from webapp.conversations.models import Conversation
from webapp.conversations.queries import WINDOW
from webapp.core import clock
from webapp.core.db import db, table_of
from webapp.core.dialect import writes_alone
from webapp.core.errors import NotFound
from webapp.inbox.whose import has_it

GONE = "That conversation is not there. Its person may have been erased."


@dataclass(frozen=True)
class Talk:
    """A conversation with whoever has its address now; `contact` is None where no contact has.

    `former` is the contact whom it was kept for and who has left the address since. They are told
    of, and nothing in the conversation is about them any more.
    """

    row: Conversation
    contact: Contact | None
    former: Contact | None = None

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
    def places(self) -> list[Place]:
        """Every channel and key of the person, the conversation's own first."""
        theirs = [(channel, key) for channel in Channel for key in self.person.keys(channel)]
        return list(dict.fromkeys([(self.channel, self.row.key), *theirs]))

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
    found = db.session.execute(
        select(Conversation, Contact)
        .outerjoin(Contact, has_it(table_of(Conversation)))
        .where(Conversation.id == conversation_id)
        .options(lazyload(Contact.tags))
        .execution_options(populate_existing=True)
    ).first()
    if found is None:
        raise NotFound(GONE)
    row, contact = found
    kept = db.session.get(Contact, row.contact_id) if row.contact_id else None
    return Talk(row, contact, kept if kept is not contact else None)


def locked_talk(conversation_id: int) -> Talk:
    """Read a conversation in the open transaction, all the keys of its person locked.

    Until it ends nobody else changes their consent, and they keep their addresses: whoever edits
    one holds the locks of the old and the new. Raises NotFound.
    """
    locked: set[Place] = set()
    while True:
        talk = talk_of(conversation_id)
        wanted = set(talk.places)
        if wanted <= locked or writes_alone(db.session()):
            return talk
        lock_keys(key for _, key in wanted)
        locked |= wanted
