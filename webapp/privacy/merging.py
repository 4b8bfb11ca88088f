"""Merging two contacts who are one person. A no of either counts for both; a yes stays alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select, update

from webapp.accounts.rules import Actor
from webapp.audit.service import record
from webapp.consent.copies import refresh_copy
from webapp.consent.holds import hold_also
from webapp.consent.locks import lock_keys
from webapp.consent.models import ConsentState, Review
from webapp.consent.moves import cancel_left
from webapp.consent.rules import carried, resistance
from webapp.consent.service import change
from webapp.consent.wishes import Change, Wish
from webapp.contacts.activities import note
from webapp.contacts.addresses import key_of
from webapp.contacts.former import remember
from webapp.contacts.models import Activity, Contact, ContactTag, FormerAddress
from webapp.contacts.numbering import delete_contact
from webapp.contacts.rules import Channel, Source, State, channels_of
from webapp.contacts.tags import MAX_TAGS
from webapp.conversations.models import Conversation
from webapp.core import clock
from webapp.core.db import db
from webapp.core.dialect import database_now
from webapp.core.errors import Conflict, NotFound
from webapp.events.service import publish
from webapp.opportunities.models import Opportunity
from webapp.outbox.models import Message
from webapp.privacy.keys import Keys, keys_of
from webapp.privacy.merge_plan import Plan, addresses_of, plan_of, states_of

ITSELF = "That is the same contact. Choose another one to merge with."
GONE = "One of the two contacts is not there any more. It may have been erased or merged."
MOVED = "Something changed about these contacts just now. Look at the preview again, then merge."


@dataclass(frozen=True)
class Merged:
    """The kept contact; `changes` are the opt-outs that went along: `settle` them.

    `cancelled` are messages that waited for an address which is not theirs any more.
    """

    contact: Contact
    plan: Plan
    changes: list[Change] = field(default_factory=list)
    cancelled: list[int] = field(default_factory=list)


def merge(keep_id: int, other_id: int, actor: Actor) -> Merged:
    """Make one contact of two, in the open transaction; `keep_id` is who stays.

    The kept contact's own name, addresses and attributes come first; what they lack is taken from
    the other. An opt-out or hold on any address of either, also on one they once had, counts for
    all that the kept contact is reached by; an opt-in is nobody's but its own address's. Every key
    keeps what stands there. Raises NotFound, or Conflict with the reason.
    """
    if keep_id == other_id:
        raise Conflict(ITSELF)
    keep, other, keys = _locked(keep_id, other_id)
    plan = plan_of(keep, other)
    if len(plan.tags) > MAX_TAGS:
        raise Conflict(f"Together they carry more than {MAX_TAGS} tags. Remove some first.")
    left = [other_key for kind in plan.dropped if (other_key := getattr(other, f"{kind}_key"))]
    states = states_of(keys)
    cancelled = [message for key in left for message in cancel_left(other_id, key)]
    _hand_over(keep, other, plan)
    changes = [one for channel in Channel for one in _tighten(keep, channel, states, actor)]
    for channel in Channel:
        refresh_copy(keep, channel)
    note(keep_id, "merged", actor, other_id=other_id, cancelled=len(cancelled))
    record(actor, "contacts.merged", contact_id=keep_id, other_id=other_id)
    publish("contact.saved", contact_id=keep_id, merged=other_id)
    db.session.expire(keep)
    return Merged(keep, plan, changes, cancelled)


def _locked(keep_id: int, other_id: int) -> tuple[Contact, Contact, Keys]:
    """Give both contacts and all their keys, locked: the keys first, in order, then the rows."""
    before = _both_keys(_both([keep_id, other_id], lock=False))
    lock_keys(before)
    found = _both([keep_id, other_id], lock=True)
    if _both_keys(found) != before:
        raise Conflict(MOVED)
    return found[keep_id], found[other_id], before


def _both(ids: list[int], *, lock: bool) -> dict[int, Contact]:
    query = select(Contact).where(Contact.id.in_(ids)).order_by(Contact.id)
    if lock:
        query = query.with_for_update(of=Contact)
    found = db.session.scalars(query.execution_options(populate_existing=True))
    contacts = {contact.id: contact for contact in found}
    if len(contacts) < len(ids):
        raise NotFound(GONE)
    return contacts


def _both_keys(contacts: dict[int, Contact]) -> Keys:
    return {key: kind for one in contacts.values() for key, kind in keys_of(one).items()}


def _hand_over(keep: Contact, other: Contact, plan: Plan) -> None:
    """Give the kept contact all that is the other's, and delete the other."""
    gained = {k: a for k, a in plan.addresses.items() if getattr(keep, k) != a.value}
    keys = {kind: getattr(other, f"{kind}_key") for kind in (*gained, *plan.dropped)}
    for model in (Message, Conversation, Review, Activity, Opportunity):
        _run(update(model).where(model.contact_id == other.id).values(contact_id=keep.id))
    _hand_over_rows(keep.id, other.id)
    now = database_now(db.session())
    for kind in plan.dropped:
        remember(keep.id, keys[kind], kind, now)
    db.session.flush()
    db.session.expunge(other)
    delete_contact(other.id)
    keep.name, keep.attributes = plan.name, dict(plan.attributes)
    for kind, address in gained.items():
        setattr(keep, kind, address.value)
        setattr(keep, f"{kind}_key", keys[kind])
    keep.updated_at = max(clock.now(), keep.updated_at + keep.updated_at.resolution)
    db.session.flush()


def _hand_over_rows(keep_id: int, other_id: int) -> None:
    """Give over tags and former addresses, those that the kept contact has not itself."""
    for model, column in ((ContactTag, ContactTag.tag_id), (FormerAddress, FormerAddress.key)):
        has = select(column).where(model.contact_id == keep_id)
        theirs = (model.contact_id == other_id) & column.not_in(has)
        _run(update(model).where(theirs).values(contact_id=keep_id))


def _tighten(
    keep: Contact, channel: Channel, states: dict[Channel, list[ConsentState]], actor: Actor
) -> Iterable[Change]:
    """Carry an opt-out, else a hold, to every address that the kept contact has on a channel.

    Also to one that is out already: the no that comes along may outlive what would lift the other.
    """
    rows = states.get(channel, [])
    own = {key_of(a): a for a in addresses_of(keep).values() if channel in channels_of(a.kind)}
    outs = [row for row in rows if row.state is State.OPTED_OUT]
    out = max(outs, key=lambda row: resistance(row.source, row.since), default=None)
    if out is None:
        held = any(row.held for row in rows)
        for key in own if held else ():
            hold_also(channel, key)
        return
    to = next((address for key, address in own.items() if key != out.key), None)
    if to is not None:
        # One carries it to the others of the same person.
        source, reason = out.source or Source.MANUAL, carried(out.event_id)
        yield change(Wish(channel, to, State.OPTED_OUT, source, actor, reason=reason))


def _run(statement: Any) -> None:
    db.session.execute(statement.execution_options(synchronize_session=False))
