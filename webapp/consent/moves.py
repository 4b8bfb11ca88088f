"""When a person's address changes, an opt-out goes along; an opt-in does not."""

from __future__ import annotations

from datetime import datetime

from webapp.accounts.rules import Actor
from webapp.consent import queries
from webapp.consent.holds import hold_also
from webapp.consent.locks import lock_keys
from webapp.consent.rules import Standing, carried, fold
from webapp.consent.service import change
from webapp.consent.wishes import Change, Wish
from webapp.contacts.addresses import key_of
from webapp.contacts.models import FormerAddress
from webapp.contacts.owners import owner_of_key
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
    changes = []
    for channel in _locked(old_key, old_kind, new):
        row = queries.state_row(channel, old_key)
        if row is None:
            continue
        if row.state is State.OPTED_OUT:
            since = row.since if as_it_was else None
            wish = _opt_out(channel, new, queries.standing_of(row), actor, since)
            changes.append(change(wish))
        elif row.held:
            hold_also(channel, key_of(new))
    return changes


def address_replaced(former: FormerAddress, new: Address, actor: Actor) -> list[Change]:
    """Carry the opt-outs of an address that a contact had once over to the one they have now.

    Counts what stood there when they left it; and what stands there now, unless it has become
    somebody else's since, whose word it then is. In the open transaction; gives the changes made.
    """
    changes = []
    theirs = owner_of_key(former.key) is None
    for channel in _locked(former.key, former.kind, new):
        entries = queries.entries(channel, former.key)
        then = fold(entry for entry in entries if entry.recorded_at <= former.until)
        row = queries.state_row(channel, former.key) if theirs else None
        now = queries.standing_of(row)
        left = next((one for one in (then, now) if one.state is State.OPTED_OUT), None)
        if left is not None:
            changes.append(change(_opt_out(channel, new, left, actor, None)))
        elif row is not None and row.held:
            hold_also(channel, key_of(new))
    return changes


def _locked(old_key: bytes, old_kind: AddressKind, new: Address) -> list[Channel]:
    """Give the channels that both addresses serve, both keys locked on each."""
    channels = [c for c in Channel if c in channels_of(old_kind) and c in channels_of(new.kind)]
    lock_keys((channel, key) for channel in channels for key in (old_key, key_of(new)))
    return channels


def _opt_out(
    channel: Channel, new: Address, left: Standing, actor: Actor, since: datetime | None
) -> Wish:
    return Wish(
        channel,
        new,
        State.OPTED_OUT,
        left.source or Source.MANUAL,
        actor,
        since,
        reason=carried(left.event_id),
    )
