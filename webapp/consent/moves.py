"""When a person's address changes, an opt-out goes along; an opt-in does not."""

from __future__ import annotations

from datetime import datetime

from webapp.accounts.rules import Actor
from webapp.consent import queries
from webapp.consent.holds import hold_also
from webapp.consent.locks import lock_keys
from webapp.consent.models import ConsentState
from webapp.consent.rules import carried
from webapp.consent.service import change
from webapp.consent.wishes import Change, Wish
from webapp.contacts.addresses import key_of
from webapp.contacts.rules import Address, AddressKind, Channel, Source, State, channels_of


def address_changed(
    old_key: bytes, old_kind: AddressKind, new: Address, actor: Actor, *, as_it_was: bool = False
) -> list[Change]:
    """Carry every opt-out and hold of an old address over to the new one, in the open transaction.

    Call it when a phone or email was edited, a number moved, or a WhatsApp id was learnt for a
    number. The old key keeps its state. The opt-out counts from now, or with `as_it_was` from
    when it was made: for a second address of the same person, whose own START may come with it.
    Gives the changes made, one a channel opted out.
    """
    channels = [c for c in Channel if c in channels_of(old_kind) and c in channels_of(new.kind)]
    new_key = key_of(new)
    lock_keys((channel, key) for channel in channels for key in (old_key, new_key))
    changes = []
    for channel in channels:
        row = queries.state_row(channel, old_key)
        if row is None:
            continue
        if row.state is State.OPTED_OUT:
            since = row.since if as_it_was else None
            changes.append(change(_opt_out(channel, new, row, actor, since)))
        elif row.held:
            hold_also(channel, new_key)
    return changes


def _opt_out(
    channel: Channel, new: Address, row: ConsentState, actor: Actor, since: datetime | None
) -> Wish:
    return Wish(
        channel,
        new,
        State.OPTED_OUT,
        row.source or Source.MANUAL,
        actor,
        since,
        reason=carried(row.event_id),
    )
