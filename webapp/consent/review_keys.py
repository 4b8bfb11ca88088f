"""Which addresses a held reply keeps waiting: those of whoever has, or had, the one it came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from webapp.consent.holds import is_open_on
from webapp.consent.models import Review
from webapp.contacts.owners import Owner, owner_of_key
from webapp.contacts.rules import Channel
from webapp.core.db import db

Left = dict[bytes, list[int]]


def left_keys(channel: Channel, owners: Sequence[Owner], keys: Sequence[bytes]) -> Left:
    """Give the other keys that these contacts replied from and that nobody has now, with who."""
    found: Left = {}
    replies = (
        select(Review.key, Review.contact_id)
        .where(Review.contact_id.in_([owner.id for owner in owners]), Review.channel == channel)
        .distinct()
    )
    for key, contact_id in db.session.execute(replies):
        found.setdefault(key, []).append(contact_id or 0)
    return {key: ids for key, ids in found.items() if key not in keys and not owner_of_key(key)}


def is_open_about(
    channel: Channel, key: bytes, owners: Sequence[Owner], left: Mapping[bytes, Sequence[int]]
) -> bool:
    """Tell whether an open reply came from a key, or is one of whoever has it, or left it.

    `owners` are the contacts that a reply may be about, among them whoever has the key; `left` is
    as `left_keys` gives it for them.
    """
    once = left.get(key, ())
    theirs = [o for o in owners if key in o.keys(channel) or o.id in once] or owners
    keys = [key, *(other for owner in theirs for other in owner.keys(channel))]
    return is_open_on(channel, keys, [owner.id for owner in theirs])
