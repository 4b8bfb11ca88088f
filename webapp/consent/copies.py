"""Keeping the read copy beside a contact in step with the states of their addresses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from webapp.consent import queries
from webapp.contacts.copies import Copy, write_copies
from webapp.contacts.models import Contact
from webapp.contacts.rules import Channel, Source, State, stricter


class Stands(Protocol):
    """What stands for one address, in whatever form it was read."""

    @property
    def state(self) -> State:
        """The consent."""

    @property
    def since(self) -> datetime | None:
        """Since when."""

    @property
    def source(self) -> Source | None:
        """How it came in."""

    @property
    def held(self) -> bool:
        """Whether a reply waits for review."""


def copy_of(contact_id: int, rows: Sequence[Stands]) -> Copy:
    """Give what lists show of a contact: the stricter of the stored states of their addresses."""
    counted = stricter([row.state for row in rows])
    row = next((row for row in rows if row.state is counted), None)
    return Copy(
        contact_id,
        counted,
        row.since if row else None,
        row.source if row else None,
        any(row.held for row in rows),
    )


def refresh_copy(contact: Contact, channel: Channel) -> None:
    """Read the states of a contact's addresses on a channel and write the copy from them."""
    found = queries.states_of([(channel, key) for key in contact.keys(channel)])
    write_copies(channel, [copy_of(contact.id, found.get(channel, []))])
