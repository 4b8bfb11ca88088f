"""The form of a planned export: what it offers, and reading what was filled in."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar
from zoneinfo import available_timezones

from webapp.contacts.rules import Channel, Source
from webapp.core.errors import Invalid
from webapp.core.mail_server import check_mailbox
from webapp.core.zones import zone_named
from webapp.exports import csv_files, workbooks
from webapp.exports.models import ExportSchedule
from webapp.exports.schedules import Wanted
from webapp.exports.times import WEEKDAYS, Every, Plan
from webapp.pages.audience_view import SOURCES

MOST_RECIPIENTS = 20
LONGEST_NAME = 80
LONGEST_NUMBER = 2  # digits
FILE_TYPES = {csv_files.ENDING: "CSV", workbooks.ENDING: "Excel"}
Word = TypeVar("Word", bound=enum.StrEnum)
Choices = list[tuple[str, str]]


def choices() -> dict[str, Choices]:
    """Give what each field offers."""
    return {
        "channel": [("", "All channels"), *((c.value, c.label) for c in Channel)],
        "source": [("", "Any source"), *((s.value, s.label) for s in SOURCES)],
        "file": list(FILE_TYPES.items()),
        "every": [("day", "Each day"), ("week", "Each week"), ("month", "Each month")],
        "weekday": [(str(n), name) for n, name in enumerate(WEEKDAYS, start=1)],
        "month_day": [(str(n), str(n)) for n in range(1, 32)],
        "hour": [(str(hour), f"{hour:02}:00") for hour in range(24)],
        "zone": [(name, name) for name in sorted(_zones())],
    }


def fresh(zone: str) -> dict[str, str]:
    """Give the values of a form that nobody has filled in yet."""
    return {
        "name": "Exclusion list",
        "every": "week",
        "weekday": "1",
        "month_day": "1",
        "hour": "7",
        "zone": zone,
        "file": csv_files.ENDING,
    }


def filled(schedule: ExportSchedule) -> dict[str, str]:
    """Give the values of a planned export."""
    day = str(schedule.on_day)
    return {
        "name": schedule.name,
        "channel": schedule.params.get("channel", ""),
        "source": schedule.params.get("source", ""),
        "only_new": "1" if schedule.only_new else "",
        "file": schedule.file_type,
        "recipients": "\n".join(schedule.recipients),
        "every": schedule.every,
        "weekday": day if schedule.every == Every.WEEK else "1",
        "month_day": day if schedule.every == Every.MONTH else "1",
        "hour": str(schedule.at_hour),
        "zone": schedule.time_zone,
    }


def read(form: Mapping[str, str]) -> Wanted:
    """Read what was filled in. Raises Invalid with the field."""
    file_type = form.get("file", "")
    if file_type not in FILE_TYPES:
        raise Invalid("Choose CSV or Excel.", field="file")
    return Wanted(
        _name(form.get("name", "")),
        _word(form, "channel", Channel),
        _word(form, "source", Source),
        form.get("only_new") == "1",
        file_type,
        _recipients(form.get("recipients", "")),
        _plan(form),
    )


def labels(params: Mapping[str, Any]) -> str:
    """Say which part of the exclusion list it is: “SMS, by API”."""
    channel, source = params.get("channel"), params.get("source")
    said = Channel(channel).label if channel else "All channels"
    return f"{said}, by {Source(source).label}" if source else said


def _plan(form: Mapping[str, str]) -> Plan:
    every = _word(form, "every", Every)
    if every is None:
        raise Invalid("Choose how often.", field="every")
    zone = zone_named(form.get("zone", "").strip())
    if zone is None or zone.key not in _zones():
        raise Invalid("There is no time zone of that name. One is Europe/Berlin.", field="zone")
    on_day = 1
    if every is Every.WEEK:
        on_day = _number(form, "weekday", 1, 7)
    elif every is Every.MONTH:
        on_day = _number(form, "month_day", 1, 31)
    return Plan(every, on_day, _number(form, "hour", 0, 23), zone)


@cache
def _zones() -> set[str]:
    return available_timezones()


def _name(text: str) -> str:
    name = " ".join(text.replace("\x00", "").split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise Invalid(f"Give it a name of at most {LONGEST_NAME} characters.", field="name")
    return name


def _recipients(text: str) -> tuple[str, ...]:
    """Read addresses, one a line or with commas between them, each once."""
    found: dict[str, None] = {}
    for written in filter(None, re.split(r"[\s,;]+", text)):
        try:
            found[check_mailbox(written)] = None
        except ValueError:
            raise Invalid(f"“{written[:80]}” is no email address.", field="recipients") from None
    if not found:
        raise Invalid("Who is to have it? Write an email address.", field="recipients")
    if len(found) > MOST_RECIPIENTS:
        raise Invalid(f"It goes to {MOST_RECIPIENTS} at most.", field="recipients")
    return tuple(found)


def _word(form: Mapping[str, str], field: str, words: type[Word]) -> Word | None:
    text = form.get(field, "")
    if text and text not in set(words):
        raise Invalid("Choose one of the list.", field=field)
    return words(text) if text else None


def _number(form: Mapping[str, str], field: str, least: int, most: int) -> int:
    text = form.get(field, "")
    plain = text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER
    if not (plain and least <= int(text) <= most):
        raise Invalid("Choose one of the list.", field=field)
    return int(text)
