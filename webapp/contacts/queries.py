"""Reading one contact."""

from __future__ import annotations

from webapp.contacts.models import Contact
from webapp.core.db import db
from webapp.core.errors import NotFound


def contact_of(contact_id: int) -> Contact:
    """Give the contact with this id. Raises NotFound."""
    contact = db.session.get(Contact, contact_id)
    if contact is None:
        raise NotFound("That contact is not there. It may have been erased or merged.")
    return contact
