"""What a change finds: whose an address is, what stands for it, what is under way to it.

Read in one statement, under the lock.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, bindparam, literal_column, select

from webapp.accounts import settings
from webapp.consent import rows as states
from webapp.consent.rows import Place, StateRow
from webapp.contacts import owners
from webapp.contacts.addresses import KEY_COLUMNS
from webapp.contacts.models import Contact
from webapp.contacts.owners import Owner
from webapp.contacts.rules import AddressKind, Channel
from webapp.core.db import table_of
from webapp.core.dialect import DATABASE_NOW, word
from webapp.core.prepared import Prepared
from webapp.outbox.queries import anything_open

SETTING = "consent"
_CONTACTS = table_of(Contact)


@dataclass
class Scene:
    """What was found of one address or contact on a channel, at a moment of the database's time.

    `rows` are the stored states there of all the keys of the owner, or of the address that is
    nobody's; where one stop stops all, those of every channel. `open` tells whether any message
    waits for one of the keys or is on its way there.
    """

    now: datetime
    owner: Owner | None
    open: bool
    stop_on_one_stops_all: bool
    rows: dict[Place, StateRow] = field(default_factory=dict)

    def row(self, channel: Channel, key: bytes) -> StateRow:
        """Give the state of a channel and key, a new one where nothing was recorded."""
        return self.rows.setdefault((channel, key), StateRow(channel, key, stored=False))

    def known(self, channel: Channel) -> list[StateRow]:
        """Give what is stored of the owner on a channel, in the order of their keys."""
        keys = self.owner.keys(channel) if self.owner else []
        found = [self.rows.get((channel, key)) for key in keys]
        return [row for row in found if row is not None and row.stored]


_STATES = states.TABLE.c


def _owned(channel: Channel) -> list[ColumnElement[Any]]:
    """Give the columns that `Addressed.keys` reads."""
    own = _CONTACTS.c.email_key if channel is Channel.EMAIL else _CONTACTS.c.phone_key
    return [own, _CONTACTS.c.whatsapp_id_key] if channel is Channel.WHATSAPP else [own]


def _scene(
    start: FromClause, channel: Channel, keys: list[ColumnElement[Any]]
) -> Select[*tuple[Any, ...]]:
    """Select a scene from contacts, or from what they are joined to; `keys` are those in it."""
    option = settings.column(SETTING)
    here = and_(_STATES.channel == word(channel), _STATES.key.in_(keys))
    return (
        select(DATABASE_NOW, option, anything_open(keys), *owners.COLUMNS, *states.COLUMNS)
        .select_from(start)
        .outerjoin(states.TABLE, here)
    )


_BY_ID = {
    channel: Prepared(
        _scene(_CONTACTS, channel, _owned(channel)).where(_CONTACTS.c.id == bindparam("contact_id"))
    )
    for channel in Channel
}
_ONE = select(literal_column("1")).subquery("one")
_GIVEN: ColumnElement[Any] = bindparam("key", type_=_CONTACTS.c.phone_key.type)
_BY_KEY = {
    (kind, channel): Prepared(
        _scene(
            _ONE.outerjoin(_CONTACTS, column == _GIVEN),
            channel,
            [_GIVEN, *(other for other in _owned(channel) if other.name != column.key)],
        )
    )
    for kind, column in KEY_COLUMNS.items()
    for channel in Channel
}
_OWNER = 3
_STATE = _OWNER + len(owners.COLUMNS)


_EVERYWHERE = Prepared(
    select(*states.COLUMNS).where(_STATES.key.in_([bindparam(name) for name in ("a", "b", "c")]))
)


def scene_of_contact(contact_id: int, channel: Channel) -> Scene | None:
    """Read what stands for a contact on a channel; None where there is none."""
    found = _BY_ID[channel].all({"contact_id": contact_id})
    return _read(found) if found else None


def scene_of_key(kind: AddressKind, key: bytes, channel: Channel) -> Scene:
    """Read what stands for an address on a channel, and for whoever has it."""
    return _read(_BY_KEY[kind, channel].all({"key": key}))


def _read(found: Sequence[Sequence[Any]]) -> Scene:
    now, option, anything = found[0][:_OWNER]
    scene = Scene(
        now,
        owners.as_owner(found[0][_OWNER:_STATE]),
        anything,
        bool((option or {}).get("stop_on_one_stops_all")),
    )
    stored = [row[_STATE:] for row in found if row[_STATE] is not None]
    if scene.stop_on_one_stops_all and scene.owner is not None:
        a, b, c = scene.owner.phone_key, scene.owner.email_key, scene.owner.whatsapp_id_key
        stored += _EVERYWHERE.all({"a": a, "b": b, "c": c})
        scene.open = True  # not asked for each of them
    for values in stored:
        row = StateRow(*values)
        scene.rows[(row.channel, row.key)] = row
    return scene
