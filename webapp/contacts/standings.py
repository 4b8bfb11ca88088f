"""How contacts stand on each channel: the read copies of their consent, for a list."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import select

from webapp.contacts.models import Contact
from webapp.contacts.rules import Channel, State
from webapp.core.db import run, table_of

CONTACTS = table_of(Contact)
COPIED = [CONTACTS.c[f"{channel}_{part}"] for channel in Channel for part in ("state", "held")]


class Stand(NamedTuple):
    """How somebody stands on a channel. `held`: a reply waits for a decision, and marketing too."""

    state: State
    held: bool


Stands = dict[Channel, Stand]


def stands_of(ids: Collection[int]) -> dict[int, Stands]:
    """Give how these contacts stand on every channel, by id; whoever is gone is left out."""
    if not ids:
        return {}
    asked = select(CONTACTS.c.id, *COPIED).where(CONTACTS.c.id.in_(ids))
    return {row[0]: _stands(row[1:]) for row in run(asked)}


def _stands(copied: Any) -> Stands:
    pairs = zip(copied[::2], copied[1::2], strict=True)
    return {channel: Stand(*pair) for channel, pair in zip(Channel, pairs, strict=True)}
