"""The state rows that a change reads and writes, in memory while their keys are locked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from webapp.consent.chain import FIRST
from webapp.consent.models import ConsentState
from webapp.consent.rules import Standing
from webapp.contacts.rules import Channel, Source, State
from webapp.core.db import table_of
from webapp.core.prepared import Prepared

Place = tuple[Channel, bytes]


@dataclass(slots=True)
class StateRow:
    """The stored state of one channel and key; `stored` is False where there is no row yet."""

    channel: Channel
    key: bytes
    state: State = State.UNKNOWN
    epoch: int = 0
    since: datetime | None = None
    source: Source | None = None
    event_id: int | None = None
    out_event_id: int | None = None
    head_at: datetime | None = None
    head_seq: int = 0
    head_hash: bytes = FIRST
    held: bool = False
    stored: bool = True

    @property
    def standing(self) -> Standing:
        """The state in the fold's own form."""
        return Standing(self.state, self.since, self.source, self.event_id, self.head_at)


TABLE = table_of(ConsentState)
_NAMES = [name for name in StateRow.__dataclass_fields__ if name != "stored"]
# What a StateRow holds, in its order.
COLUMNS = tuple(TABLE.c[name] for name in _NAMES)
_WRITTEN = [name for name in _NAMES if name not in ("channel", "key")]
_HERE = (TABLE.c.channel == bindparam("at_channel"), TABLE.c.key == bindparam("at_key"))
_READ = Prepared(select(*COLUMNS).where(*_HERE))
_INSERT = Prepared(insert(TABLE))
_UPDATE = Prepared(update(TABLE).where(*_HERE))


def read_row(channel: Channel, key: bytes) -> StateRow:
    """Read the row of a locked channel and key; a new one where nothing was recorded."""
    found = _READ.first({"at_channel": channel, "at_key": key})
    return StateRow(*found) if found is not None else StateRow(channel, key, stored=False)


def store_row(row: StateRow) -> None:
    """Write the row of a locked channel and key, in the open transaction."""
    values: dict[str, Any] = {name: getattr(row, name) for name in _WRITTEN}
    if row.stored:
        _UPDATE.run({"at_channel": row.channel, "at_key": row.key, **values})
    else:
        _INSERT.run({"channel": row.channel, "key": row.key, **values})
        row.stored = True
