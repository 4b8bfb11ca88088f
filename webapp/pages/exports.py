"""What the exported files hold, what they are called, and who is noted for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from webapp.accounts.access import actor
from webapp.audit.service import record
from webapp.consent.exclusions import Exclusion
from webapp.contacts.attributes import show_value
from webapp.contacts.models import AttributeDefinition
from webapp.contacts.rows import Row
from webapp.contacts.rules import Channel
from webapp.core import clock
from webapp.core.days import Days
from webapp.core.db import db, transaction

EXCLUSION_HEADER = ("channel", "address", "opted_out_at", "source", "contact_id", "name")
Definitions = Sequence[AttributeDefinition]


def note_export(action: str, params: list[tuple[str, str]]) -> None:
    """Note who exports what, before the first row leaves; commits."""
    who, asked = actor(), [[name, value] for name, value in params]
    # What was read for the page ends here: on SQLite a transaction that has read may not write.
    db.session.rollback()
    transaction(lambda: record(who, action, asked=asked))


def file_name(what: str, days: Days, zone: ZoneInfo) -> str:
    """Give a name that says what a file holds: `heed-whatsapp-opt-outs-2026-11-01-to-….csv`."""
    today = clock.now().astimezone(zone).date()
    first, last = days.first, days.last
    said = f"{first or 'start'}-to-{last or today}" if days else f"{today}"
    return f"heed-{what}-{said}.csv"


def audience_header(channel: Channel, known: Definitions) -> list[str]:
    """Give the columns of a contact in a file."""
    consent = [f"{channel}_{part}" for part in ("state", "changed_at", "source", "on_hold")]
    attributes = [definition.label for definition in known]
    return [
        "id",
        "name",
        "phone",
        "email",
        "whatsapp_id",
        *consent,
        "tags",
        "created_at",
        *attributes,
    ]


def audience_line(row: Row, known: Definitions, zone: ZoneInfo) -> list[Any]:
    """Give a contact as a line of a file, times in `zone` with their offset."""
    return [
        row.id,
        row.name,
        row.phone,
        row.email,
        row.whatsapp_id,
        row.state,
        _time(row.changed_at, zone),
        row.source,
        "yes" if row.held else "",
        ", ".join(row.tags),
        _time(row.created_at, zone),
        *(show_value(row.attributes.get(definition.name)) for definition in known),
    ]


def exclusion_line(row: Exclusion, zone: ZoneInfo) -> list[Any]:
    """Give an opt-out as a line of a file."""
    opted_out_at = _time(row.opted_out_at, zone)
    return [row.channel, row.address, opted_out_at, row.source, row.contact_id, row.contact_name]


def _time(moment: datetime | None, zone: ZoneInfo) -> str:
    """Give a time as RFC 3339 in the reader's zone, to the second."""
    return moment.astimezone(zone).isoformat(timespec="seconds") if moment else ""
