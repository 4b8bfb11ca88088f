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

# The address that a channel's copy is of, where a contact has one alone.
KEY_OF = {
    Channel.EMAIL: "c.email_key",
    Channel.SMS: "c.phone_key",
    Channel.VOICE: "c.phone_key",
    Channel.WHATSAPP: "coalesce(c.phone_key, c.whatsapp_id_key)",
}
TWO = "c.phone_key IS NOT NULL AND c.whatsapp_id_key IS NOT NULL"


class Stored(NamedTuple):
    """What a state row tells a copy."""

    state: State
    since: datetime | None
    source: Source | None
    held: bool


def check_copies(reader: Reader) -> Findings:
    """Check the copies of all contacts; gives what is wrong."""
    found = Findings()
    for contact_id, channel in wrong_copies(reader):
        found.add(
            f"Contact {contact_id}: the copy on {channel} is not what stands for their address."
        )
    return found


def wrong_copies(reader: Reader) -> Iterator[tuple[int, Channel]]:
    """Find the contacts whose copy on a channel is wrong; gives their ids with the channel."""
    for contact_id, channel, keys, copy in _suspects(reader):
        if not _is_copy(reader, channel, contact_id, keys, copy):
            yield contact_id, channel


def _suspects(reader: Reader) -> Iterator[tuple[int, Channel, list[bytes], Sequence[Any]]]:
    """Find contacts whose copy is not word for word the state row of their one address.

    The database looks, so that not a million copies are read to be found right; `copy_of` has
    the last word, of those with two addresses too.
    """
    chosen, joined, differ = ["c.id", "c.phone_key", "c.whatsapp_id_key", "c.email_key"], "", []
    for channel in Channel:
        differs = _differs(reader, channel)
        chosen += [*_copied(reader, channel), differs]
        joined += (
            f" LEFT JOIN consent_states AS {channel} {reader.found_by('ix_consent_states_key')}"
            f" ON {channel}.key = {KEY_OF[channel]} AND {channel}.channel = '{channel}'"
        )
        differ.append(differs)
    statement = f"SELECT {', '.join(chosen)} FROM contacts AS c{joined} WHERE {' OR '.join(differ)}"
    for lot in reader.lots(statement):
        for contact_id, phone, whatsapp_id, email, *rest in lot:
            for channel in Channel:
                copy, rest = rest[: len(PARTS)], rest[len(PARTS) :]
                if rest.pop(0):
                    own = [email] if channel is Channel.EMAIL else [phone]
                    keys = [*own, whatsapp_id] if channel is Channel.WHATSAPP else own
                    yield contact_id, channel, [key for key in keys if key], copy


def _copied(reader: Reader, channel: Channel) -> list[str]:
    """Give the columns of a copy, as `PARTS` names them."""
    return [
        reader.utc(f"c.{channel}_{part}") if part == "changed_at" else f"c.{channel}_{part}"
        for part in PARTS
    ]


def _differs(reader: Reader, channel: Channel) -> str:
    """Give the condition that a copy is not its state row word for word, or has two of them."""
    copied = ", ".join(f"c.{channel}_{part}" for part in PARTS)
    stored = f"coalesce({channel}.state, 'unknown'), {channel}.since, {channel}.source"
    unlike = "IS DISTINCT FROM" if reader.postgres else "IS NOT"
    condition = f"({copied}) {unlike} ({stored}, coalesce({channel}.held, false))"
    return f"({condition} OR {TWO})" if channel is Channel.WHATSAPP else condition


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
