"""When a person's address changes, an opt-out goes along; an opt-in does not."""

from __future__ import annotations

from webapp.accounts.rules import Actor
from webapp.consent import queries
from webapp.consent.service import Change, Wish, change
from webapp.contacts.rules import Address, AddressKind, Channel, Source, State, channels_of


def address_changed(
    old_key: bytes, old_kind: AddressKind, new: Address, actor: Actor
) -> list[Change]:
    """Carry every opt-out of an old address over to the new one, in the open transaction.

    Call it when a phone or email was edited, a number moved, or a WhatsApp id was learnt for a
    number. The old key keeps its state. Gives the changes made, one a channel opted out.
    """
    channels = set(channels_of(old_kind)) & set(channels_of(new.kind))
    carried = []
    for channel in Channel:
        row = queries.state_row(channel, old_key) if channel in channels else None
        if row is not None and row.state is State.OPTED_OUT:
            carried.append(change(_opt_out(channel, new, row.source, actor, row.event_id)))
    return carried


def _opt_out(
    channel: Channel, new: Address, source: Source | None, actor: Actor, event_id: int | None
) -> Wish:
    return Wish(
        channel,
        new,
        State.OPTED_OUT,
        source or Source.MANUAL,
        actor,
        reason=f"Goes along with event {event_id}: the person's address changed",
    )
