"""Checking the read copies: what lists show of a contact is what stands for their addresses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from webapp.consent.copies import copy_of
from webapp.contacts.copies import PARTS
from webapp.contacts.rules import Channel, Source, State
from webapp.core.snapshots import Reader, moment_of
from webapp.ledger.findings import Findings
from webapp.ledger.folding import SOURCES, STATES


class Stored(NamedTuple):
    """What a state row tells a copy."""

    state: State
    since: datetime | None
    source: Source | None
    held: bool


def check_copies(reader: Reader, channel: Channel) -> Findings:
    """Check the copies of all contacts on a channel; gives what is wrong."""
    found = Findings()
    for contact_id in wrong_copies(reader, channel):
        found.add(
            f"Contact {contact_id}: the copy on {channel} is not what stands for their address."
        )
    return found


def wrong_copies(reader: Reader, channel: Channel) -> Iterator[int]:
    """Find the contacts whose copy on a channel is wrong; gives their ids."""
    for contact_id, keys, copy in _suspects(reader, channel):
        if not _is_copy(reader, channel, contact_id, keys, copy):
            yield contact_id


def _suspects(reader: Reader, channel: Channel) -> Iterator[tuple[int, list[bytes], Sequence[Any]]]:
    """Find contacts whose copy is not word for word the state row of their one address.

    The database looks, so that not a million copies are read to be found right; `copy_of` has
    the last word, of those with two addresses too.
    """
    own = "email_key" if channel is Channel.EMAIL else "phone_key"
    two, key = "", f"c.{own}"
    if channel is Channel.WHATSAPP:
        two = "c.phone_key IS NOT NULL AND c.whatsapp_id_key IS NOT NULL OR "
        key = "coalesce(c.phone_key, c.whatsapp_id_key)"
    copied = ", ".join(f"c.{channel}_{part}" for part in PARTS)
    stored = "coalesce(s.state, 'unknown'), s.since, s.source, coalesce(s.held, false)"
    differs = "IS DISTINCT FROM" if reader.postgres else "IS NOT"
    held = reader.utc(f"c.{channel}_changed_at")
    statement = (
        f"SELECT c.id, c.{own}, c.whatsapp_id_key,"
        f" c.{channel}_state, {held}, c.{channel}_source, c.{channel}_held FROM contacts AS c"
        f" LEFT JOIN consent_states AS s ON s.channel = '{channel}' AND s.key = {key}"
        f" WHERE {two}({copied}) {differs} ({stored})"
    )
    for lot in reader.lots(statement):
        for contact_id, first, second, *copy in lot:
            keys = [first, second if channel is Channel.WHATSAPP else None]
            yield contact_id, [held for held in keys if held], copy


def _is_copy(
    reader: Reader, channel: Channel, contact_id: int, keys: Sequence[bytes], copy: Sequence[Any]
) -> bool:
    due = copy_of(contact_id, [row for key in keys for row in _stored(reader, channel, key)])
    try:
        state, changed_at, source, held = copy
        kept = (state, moment_of(changed_at), source, bool(held))
    except ValueError:
        return False
    return kept == (due.state, due.changed_at, due.source, due.held)


def _stored(reader: Reader, channel: Channel, key: bytes) -> list[Stored]:
    statement = (
        f"SELECT state, {reader.utc('since')}, source, held FROM consent_states"
        " WHERE channel = ? AND key = ?"
    )
    return [
        Stored(
            STATES.get(state, State.UNKNOWN),
            moment_of(since),
            SOURCES.get(source),
            bool(held),
        )
        for state, since, source, held in reader.rows(statement, (str(channel), key))
    ]
