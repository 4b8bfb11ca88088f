"""When a person's address changes, an opt-out goes along; an opt-in does not."""

from __future__ import annotations

from datetime import datetime

from webapp.accounts.rules import CUSTOMER, Actor
from webapp.consent import queries
from webapp.consent.copies import refresh_copy
from webapp.consent.holds import hold_also
from webapp.consent.locks import lock_keys
from webapp.consent.rules import Standing, carried, fold
from webapp.consent.service import change
from webapp.consent.strangers import take_in
from webapp.consent.wishes import Change, Wish
from webapp.contacts.addresses import contact_by_key, key_of
from webapp.contacts.identities import learn_whatsapp_id
from webapp.contacts.models import Contact, FormerAddress
from webapp.contacts.owners import Owner, owner_of_key
from webapp.contacts.rules import Address, AddressKind, Channel, Source, State, channels_of
from webapp.core.db import db
from webapp.core.queue import after_commit
from webapp.events.service import publish
from webapp.outbox import service as outbox
from webapp.outbox.models import Message
from webapp.outbox.rules import Origin, Reason, Status, job_id


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
            _hold(channel, new)
    return changes


def whatsapp_id_learnt(contact: Owner, number: Address, user_id: Address) -> list[Change]:
    """Keep the WhatsApp id that came with a contact's number, in the open transaction.

    A no at the number, at the new id, or at an id that this one takes the place of, goes along to
    the others. What waits for the former id is cancelled. Gives the changes made.
    """
    new_key, former = key_of(user_id), contact.whatsapp_id_key
    lock_keys([key_of(number), new_key, former or new_key])
    learn_whatsapp_id(contact.id, user_id, new_key)
    take_in(contact.id, [new_key])
    changes = []
    if former is not None and former != new_key:
        changes += address_changed(former, user_id.kind, number, CUSTOMER, as_it_was=True)
        cancel_left(contact.id, former)
    changes += address_changed(key_of(number), number.kind, user_id, CUSTOMER, as_it_was=True)
    changes += address_changed(new_key, user_id.kind, number, CUSTOMER, as_it_was=True)
    refresh_copy(db.session.get_one(Contact, contact.id), Channel.WHATSAPP)
    return changes


def cancel_left(contact_id: int, key: bytes) -> list[int]:
    """Cancel what waits for a contact at an address that is not theirs any more; gives the ids.

    A later no, said at the new address, would not reach it. A confirmation goes on: it answers
    what was said there.
    """
    waits = (Message.contact_id == contact_id) & (Message.key == key)
    waits &= Message.origin != Origin.CONFIRMATION
    cancelled = outbox.end_waiting(waits, Status.CANCELLED, Reason.ADDRESS_CHANGED)
    if cancelled:
        publish("messages.moved", message_ids=cancelled)
        after_commit("jobs.delivery.forget", [job_id(message_id) for message_id in cancelled])
    return cancelled


def _hold(channel: Channel, new: Address) -> None:
    """Hold a new address as the old one is, and show it beside whoever has it."""
    hold_also(channel, key_of(new))
    contact = contact_by_key(key_of(new))
    if contact is not None:
        refresh_copy(contact, channel)


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
            _hold(channel, new)
    return changes


def _locked(old_key: bytes, old_kind: AddressKind, new: Address) -> list[Channel]:
    """Give the channels that both addresses serve, both keys locked."""
    channels = [c for c in Channel if c in channels_of(old_kind) and c in channels_of(new.kind)]
    lock_keys([old_key, key_of(new)])
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
