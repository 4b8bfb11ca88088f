"""What a bulk action is to do, as a task keeps it; pure."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from webapp.accounts.rules import Right
from webapp.consent.toggles import Record
from webapp.contacts.rules import Channel
from webapp.core.words import counted, listed


class Deed(enum.StrEnum):
    """The bulk actions; each value is the kind of its task."""

    OPT_OUT = "bulk.opt_out"
    OPT_IN = "bulk.opt_in"
    TAG = "bulk.tag"
    UNTAG = "bulk.untag"

    @property
    def right(self) -> Right:
        """What whoever does it needs, when it is asked for and while it runs."""
        return {Deed.OPT_OUT: Right.OPT_OUT, Deed.OPT_IN: Right.OPT_IN}.get(self, Right.WORK)

    @property
    def audited(self) -> str:
        """The word of the audit log for it."""
        return {
            Deed.OPT_OUT: "bulk.opted_out",
            Deed.OPT_IN: "bulk.opted_in",
            Deed.TAG: "bulk.tagged",
            Deed.UNTAG: "bulk.untagged",
        }[self]


@dataclass(frozen=True)
class Asked:
    """A deed and what it needs: channels and a note, or a record of consent, or a tag's name."""

    deed: Deed
    channels: tuple[Channel, ...] = ()
    reason: str = ""
    record: Record | None = None
    tag: str = ""

    def as_json(self) -> dict[str, Any]:
        """Write down what is not empty."""
        written: dict[str, Any] = {
            "channels": list(self.channels),
            "reason": self.reason,
            "record": self.record.evidence() if self.record else {},
            "tag": self.tag,
        }
        return {name: value for name, value in written.items() if value}


def from_json(kind: str, written: Mapping[str, Any]) -> Asked:
    """Read what was written down for a task of this kind."""
    return Asked(
        Deed(kind),
        tuple(map(Channel, written.get("channels", ()))),
        written.get("reason", ""),
        _record(written.get("record") or {}),
        written.get("tag", ""),
    )


def sentence(asked: Asked, people: int) -> str:
    """Say what is done to how many: “Opting out 12 contacts of SMS”."""
    who = counted(people, "contact")
    channels = listed([channel.label for channel in asked.channels])
    return {
        Deed.OPT_OUT: f"Opting out {who} of {channels}",
        Deed.OPT_IN: f"Opting in {who} to {channels}",
        Deed.TAG: f"Adding the tag “{asked.tag}” to {who}",
        Deed.UNTAG: f"Removing the tag “{asked.tag}” from {who}",
    }[asked.deed]


def _record(said: Mapping[str, str]) -> Record | None:
    """Read a record of consent; its moment is fixed, however late its turn comes."""
    if not said:
        return None
    when = datetime.fromisoformat(said["when"])
    return Record(said["how"], said["where"], said["wording"], when)
