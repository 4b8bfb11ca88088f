"""The record of consent as a form: fields `how`, `when`, `where`, `wording`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from webapp.consent.toggles import Record
from webapp.core.zones import local_moment

HOW = ("In person", "By phone", "Paper form", "Web form", "Message", "Other")
NEEDED = {
    "how": "Say how the person agreed.",
    "where": "Say where: the shop, the page, the number.",
    "wording": "Write down what the person agreed to, in the words they saw or heard.",
}
LONGEST = 2000


def read_when(form: Mapping[str, str], zone: ZoneInfo) -> datetime | None:
    """Read the moment of a record alone; None where there is none that can be read."""
    try:
        return local_moment(form.get("when", ""), zone)
    except ValueError:
        return None


def read_record(form: Mapping[str, str], zone: ZoneInfo) -> tuple[Record | None, dict[str, str]]:
    """Read the record of consent; gives it, or None and what is wrong by field.

    `when` is a local time in `zone`; empty is now.
    """
    said = {name: form.get(name, "").strip() for name in NEEDED}
    errors = {name: NEEDED[name] for name, text in said.items() if not text}
    for name, text in said.items():
        if len(text) > LONGEST:
            errors[name] = f"Write {LONGEST} characters at most."
    when: datetime | None = None
    try:
        when = local_moment(form.get("when", ""), zone)
    except ValueError:
        errors["when"] = "Give a date and a time, or leave it empty for now."
    if errors:
        return None, errors
    return Record(said["how"], said["where"], said["wording"], when), {}
