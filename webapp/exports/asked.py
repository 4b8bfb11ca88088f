"""What somebody asks to have as a file, as a task keeps it."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from webapp.consent.exclusions import ExclusionFilter, narrowed
from webapp.contacts.definitions import definitions
from webapp.contacts.filters import Filters, parse_filters
from webapp.contacts.rules import Channel, Source
from webapp.core.days import EVER, Days
from webapp.exports.lists import Listed, contacts, opt_outs

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class What(enum.StrEnum):
    """The lists that can be exported; each value begins its word in the audit log."""

    CONTACTS = "audience"
    EVERYBODY = "contacts"
    OPT_OUTS = "exclusions"


@dataclass(frozen=True)
class Asked:
    """A list, what narrows it, and the zone whose days and times are meant."""

    what: What
    filters: Filters
    zone: ZoneInfo

    def listed(self) -> Listed:
        """Give the list as it stands. Raises Invalid for a filter that cannot be read."""
        filters, zone = self.filters, self.zone
        if self.what is What.CONTACTS:
            return contacts(filters, zone, definitions(), [filters.channel])
        if self.what is What.EVERYBODY:
            return contacts(filters, zone, definitions(), list(Channel))
        return opt_outs(narrowed(filters, zone), zone, filters.days)

    @property
    def audited(self) -> str:
        """The word of the audit log for it."""
        return f"{self.what}.exported"

    @property
    def title(self) -> str:
        """What it is, in words."""
        label = self.filters.channel.label
        if self.what is What.OPT_OUTS:
            return f"Exclusion list of {label} as Excel"
        if self.what is What.EVERYBODY:
            return "Contacts, with their consent on all channels, as Excel"
        return f"Contacts, with their consent on {label}, as Excel"

    def as_json(self) -> dict[str, Any]:
        """Write it down."""
        asked = [[name, str(value)] for name, value in self.filters.params()]
        return {"list": self.what.value, "asked": asked, "zone": self.zone.key}


def planned_list(params: Mapping[str, Any]) -> Listed:
    """Give the list that a planned export's task is to mail, by its `params`.

    That is all of it, or what was recorded from `since` (empty: ever) until `until`.
    """
    channel, source = params["list"]["channel"], params["list"]["source"]
    asked = (Channel(channel) if channel else None, Source(source) if source else None)
    zone = ZoneInfo(params["zone"])
    if not params["only_new"]:
        return opt_outs(ExclusionFilter(*asked), zone, EVER)
    since = datetime.fromisoformat(params["since"]) if params["since"] else EPOCH
    until = datetime.fromisoformat(params["until"])
    first = since.astimezone(zone).date() if params["since"] else None
    days = Days(first, until.astimezone(zone).date())
    return opt_outs(ExclusionFilter(*asked, recorded=(since, until)), zone, days)


def from_json(written: Mapping[str, Any]) -> Asked:
    """Read what was written down."""
    args: dict[str, list[str]] = {}
    for name, value in written["asked"]:
        args.setdefault(name, []).append(value)
    return Asked(What(written["list"]), parse_filters(args), ZoneInfo(written["zone"]))
