"""Keeping the read copy beside a contact in step with the states of their addresses."""

from __future__ import annotations

from webapp.consent import queries
from webapp.contacts.copies import write_copy
from webapp.contacts.models import Contact
from webapp.contacts.rules import Channel, stricter


def refresh_copy(contact: Contact, channel: Channel) -> None:
    """Write what lists show for a contact and channel: the stricter of their addresses."""
    found = queries.states_of([(channel, key) for key in contact.keys(channel)])
    rows = found.get(channel, [])
    counted = stricter([row.state for row in rows])
    row = next((row for row in rows if row.state is counted), None)
    held = any(row.held for row in rows)
    write_copy(
        contact.id,
        channel,
        counted,
        row.since if row else None,
        row.source if row else None,
        held,
    )
