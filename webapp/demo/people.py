"""The people of the demo: who they are, and how they can be reached."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from random import Random
from typing import Any

from webapp.contacts.folding import fold_name
from webapp.contacts.rules import Address, Channel, State
from webapp.demo.paces import Pace

# A contact's read copy before anything happened.
NO_RECORD: dict[str, Any] = {
    name: value
    for channel in Channel
    for name, value in (
        (f"{channel}_state", State.UNKNOWN),
        (f"{channel}_changed_at", None),
        (f"{channel}_source", None),
        (f"{channel}_held", False),
    )
}
NOTHING = (None, None)
Reached = tuple[Address, bytes]
folded = lru_cache(maxsize=1 << 16)(fold_name)


@dataclass(slots=True)
class Person:
    """One contact to be; `rng` is their own chance, so nobody's life depends on another's.

    `phone`, `email` and `whatsapp_id` are the addresses that they have, each with its key.
    """

    id: int
    place: int
    pace: Pace
    rng: Random
    name: str
    called: str
    created_at: datetime
    phone: Reached | None
    email: Reached | None
    whatsapp_id: Reached | None
    attributes: dict[str, Any]
    tags: list[str]
    copies: dict[str, Any] = field(default_factory=dict)

    def reached(self, channel: Channel) -> Reached | None:
        """Give the address and key by which a channel reaches this person, if any."""
        if channel is Channel.EMAIL:
            return self.email
        return self.phone or (self.whatsapp_id if channel is Channel.WHATSAPP else None)

    def row(self) -> dict[str, Any]:
        """Give the row of the contacts table, with the read copy as far as it was written."""
        phone, phone_key = self.phone or NOTHING
        email, email_key = self.email or NOTHING
        whatsapp_id, whatsapp_id_key = self.whatsapp_id or NOTHING
        return {
            **NO_RECORD,
            "id": self.id,
            "name": self.name,
            "name_folded": folded(self.name),
            "phone": phone and phone.value,
            "email": email and email.value,
            "whatsapp_id": whatsapp_id and whatsapp_id.value,
            "phone_key": phone_key,
            "email_key": email_key,
            "whatsapp_id_key": whatsapp_id_key,
            "attributes": self.attributes,
            "created_at": self.created_at,
            "updated_at": self.created_at,
            **self.copies,
        }
