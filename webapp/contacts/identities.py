"""Learning another address of a person that we know."""

from __future__ import annotations

from webapp.accounts.rules import CUSTOMER
from webapp.contacts.activities import note
from webapp.contacts.models import Contact
from webapp.contacts.rules import Address
from webapp.core import clock
from webapp.core.db import db


def learn_whatsapp_id(contact_id: int, user_id: Address, key: bytes) -> None:
    """Keep the business-scoped WhatsApp id of a contact whose number it came with.

    In the open transaction. A contact who has one already gets the new one: ids change with
    numbers. The caller carries opt-outs along.
    """
    contact = db.session.get_one(Contact, contact_id, populate_existing=True)
    contact.whatsapp_id, contact.whatsapp_id_key = user_id.value, key
    contact.updated_at = clock.now()
    db.session.flush()
    note(contact.id, "whatsapp_id_learnt", CUSTOMER)
