"""A state row before anything was recorded."""

from __future__ import annotations

from webapp.consent.models import ConsentState
from webapp.contacts.rules import Channel, State
from webapp.core.db import db


def new_state_row(channel: Channel, key: bytes) -> ConsentState:
    """Add the row of a channel and key that has no event yet, in the open transaction."""
    row = ConsentState(
        channel=channel,
        key=key,
        state=State.UNKNOWN,
        epoch=0,
        head_seq=0,
        head_hash=bytes(32),
        held=False,
    )
    db.session.add(row)
    return row
