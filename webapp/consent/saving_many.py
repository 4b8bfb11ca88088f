"""Adding many new contacts at once, with what that means for their consent; see `saving`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import select

from webapp.accounts.rules import Actor
from webapp.consent.copies import copy_of
from webapp.consent.rows import COLUMNS, TABLE, StateRow
from webapp.consent.strangers import of_strangers, take_in
from webapp.contacts.adding import NewContact, add_many
from webapp.contacts.copies import Copy
from webapp.contacts.rules import AddressKind, Channel, channels_of
from webapp.core.db import db, run
from webapp.core.dialect import one_of

States = Mapping[bytes, Mapping[Channel, StateRow]]


def create_contacts(people: Sequence[NewContact], states: States, actor: Actor) -> Sequence[int]:
    """Add contacts in the open transaction; what is on record for their addresses shows at once.

    The caller holds the locks of their keys, and has read `states` under them. Gives their
    ids, in order. As `create_contact` for each, in a few statements for all. Raises the driver's
    IntegrityError where somebody has one of the addresses, see `add_many`.
    """
    keys = [key for who in people for key in (who.phone_key, who.email_key) if key]
    strangers = of_strangers(keys)
    shown = [replace(who, copies=_copies(who, states)) for who in people] if states else people
    ids = add_many(shown, actor)
    for contact_id, who in zip(ids, people, strict=True) if strangers else ():
        theirs = [key for key in (who.phone_key, who.email_key) if key in strangers]
        take_in(contact_id, theirs)
    return ids


def states_by_key(keys: Iterable[bytes]) -> dict[bytes, dict[Channel, StateRow]]:
    """Read what is stored for keys, on every channel, as it stands now."""
    found: dict[bytes, dict[Channel, StateRow]] = {}
    for values in run(select(*COLUMNS).where(one_of(db.session(), TABLE.c.key, keys))):
        row = StateRow(*values)
        found.setdefault(row.key, {})[row.channel] = row
    return found


def _copies(who: NewContact, states: States) -> dict[Channel, Copy]:
    kinds = ((AddressKind.PHONE, who.phone_key), (AddressKind.EMAIL, who.email_key))
    return {
        channel: copy_of(0, [states[key][channel]])
        for kind, key in kinds
        if key is not None and key in states
        for channel in channels_of(kind)
        if channel in states[key]
    }
