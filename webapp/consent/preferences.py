"""The four rows of a person's consent, read from the states themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from webapp.consent import queries
from webapp.consent.models import ConsentState
from webapp.contacts.addresses import contact_by_key, key_of
from webapp.contacts.rules import Address, Channel, Source, State, channels_of, stricter


@dataclass(frozen=True)
class Preference:
    """What stands on one channel, since when and by what; `held` where a reply waits for review."""

    channel: Channel
    state: State
    since: datetime | None
    source: Source | None
    held: bool


def preferences_of(address: Address) -> list[Preference]:
    """Give the four channels, in their order, for whoever has this address.

    A contact's other addresses count as well, the stricter of two on one channel. Without a
    contact, a channel that the address cannot serve is unknown.
    """
    key = key_of(address)
    contact = contact_by_key(key)
    own = set(channels_of(address.kind))
    keys = {
        channel: {*(contact.keys(channel) if contact else ()), *([key] if channel in own else ())}
        for channel in Channel
    }
    found = queries.states_of([(channel, one) for channel in Channel for one in keys[channel]])
    return [_preference(channel, found.get(channel, [])) for channel in Channel]


def _preference(channel: Channel, rows: list[ConsentState]) -> Preference:
    counted = stricter([row.state for row in rows])
    row = next((row for row in rows if row.state is counted), None)
    return Preference(
        channel,
        counted,
        row.since if row else None,
        row.source if row else None,
        any(row.held for row in rows),
    )
